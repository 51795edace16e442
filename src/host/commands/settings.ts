import * as vscode from 'vscode';
import { isRecord } from '../../base/check';
import { fieldsOf, valueAt } from '../../model/profile/fields';
import { parseUrl, withoutCredentials } from '../../model/profile/url';
import { describe } from '../../protocols/descriptions';
import { incompleteEntry, noEntry, noProfile } from '../failures';
import type { ReadSource } from '../profiles/store';
import type { Services } from '../services';
import { replaceEntry } from '../settings/edit';
import { lineStarts, positionIn } from '../settings/text';
import { notify } from '../ui/notify';
import { type Commands, nodeOf } from './registry';

/** Commands on the entries of connections in the settings. */
export function settingsCommands({
	profiles,
	secrets,
	connecting,
}: Pick<Services, 'profiles' | 'secrets' | 'connecting'>): Commands {
	const readSource = (key: string | undefined) => profiles.sources.find(({ source }) => source.key === key);

	/** The entry of a broken node in the sidebar, or at a line of a document, as a quick fix passes it. */
	function entryAt(argument: unknown, line: unknown): { read: ReadSource; index: number } {
		const node = nodeOf(argument);
		const broken = node?.kind === 'broken' ? node.broken : undefined;
		const read = broken
			? readSource(broken.source.key)
			: profiles.sources.find(({ document }) => document?.uri.toString() === argument);
		const entries = !read || read.list.kind === 'absent' ? [] : read.list.entries;
		const lines = lineStarts(read?.document?.text ?? '');
		const index =
			broken?.index ??
			entries.findIndex(
				({ offset, length }) =>
					typeof line === 'number' &&
					positionIn(lines, offset).line <= line &&
					line <= positionIn(lines, offset + length).line,
			);
		if (!read || index < 0) throw noEntry();
		return { read, index };
	}

	/** The entry whose secret is moved, complete enough to own one. */
	function secretOf(argument: unknown, line: unknown) {
		const { read, index } = entryAt(argument, line);
		const entry = read.checked[index];
		const value: unknown = entry?.ok ? entry.profile : entry?.entry;
		const description = isRecord(value) ? describe(String(value.protocol)) : undefined;
		if (!isRecord(value) || !description || typeof value.url !== 'string' || typeof value.id !== 'string')
			throw incompleteEntry();
		const { id, url } = value;
		const name = typeof value.name === 'string' ? value.name : id;
		const secretNames: unknown[] = Array.isArray(value.secrets) ? value.secrets : [];
		const owner = (url: string) => connecting.owner({ id, name, protocol: description.id, url }, read.source.folder);
		return { read, index, value: { ...value, url }, description, name, secretNames, owner };
	}

	return {
		async showInSettings(argument) {
			const node = nodeOf(argument);
			const stored = node?.kind === 'connection' ? node.stored : node?.kind === 'broken' ? node.broken : undefined;
			const key = stored?.source.key;
			if (!stored || !readSource(key)) throw noProfile();
			if (stored.source.file) await vscode.window.showTextDocument(stored.source.file);
			else if (stored.source.scope === 'user')
				await vscode.commands.executeCommand('workbench.action.openSettingsJson');
			else await vscode.commands.executeCommand('workbench.action.openWorkspaceSettingsFile');
			// The text of the user settings is known only while they are open in an editor.
			await profiles.reload();
			const { document, list } = readSource(key) ?? {};
			const editor = vscode.window.activeTextEditor;
			const entry = list && list.kind !== 'absent' ? list.entries[stored.index] : undefined;
			if (!entry || !document || editor?.document.uri.toString() !== document.uri.toString()) return;
			const position = editor.document.positionAt(entry.offset);
			editor.selection = new vscode.Selection(position, position);
			editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
		},
		/** Moves the user name of a URL into its own field and the password into the secret storage. */
		async moveUrlPassword(argument, line) {
			const { read, index, value, description, name, secretNames, owner } = secretOf(argument, line);
			const { credentials } = parseUrl(value.url, description.schemes);
			if (!credentials) return;
			const { username, password } = credentials;
			const url = withoutCredentials(value.url);
			// The password is stored before it is removed from the settings, so that a failure in between loses nothing.
			if (password) await secrets.set(owner(url), 'password', password);
			const changed = {
				...value,
				url,
				...(username ? { username } : {}),
				...(password ? { secrets: [...new Set([...secretNames, 'password'])] } : {}),
			};
			await profiles.edit(read.source, replaceEntry(index, changed));
			void notify('information', `The password of “${name}” is now in the secret storage.`);
		},
		/** Moves the value at a dotted path of an entry into the secret storage, as the secret of this key. */
		async moveSecret(argument, line, path, key) {
			const { read, index, value, description, name, secretNames, owner } = secretOf(argument, line);
			const field = fieldsOf(description).find((one) => one.key === key && one.type === 'secret');
			const secret = typeof path === 'string' ? valueAt(value, path) : undefined;
			if (!field || typeof path !== 'string' || typeof secret !== 'string') throw noEntry();
			// Stored before it is removed from the settings, so that a failure in between loses nothing.
			if (secret !== '') await secrets.set(owner(value.url), field.key, secret);
			const kept = withoutPath(value, path.split('.'));
			const changed = secret === '' ? kept : { ...kept, secrets: [...new Set([...secretNames, field.key])] };
			await profiles.edit(read.source, replaceEntry(index, changed));
			void notify('information', `${field.label} of “${name}” is now in the secret storage.`);
		},
	};
}

/** A copy without the value at the path, and without parent objects that become empty. */
function withoutPath(
	record: Record<string, unknown>,
	[name = '', ...rest]: readonly string[],
): Record<string, unknown> {
	const { [name]: old, ...others } = record;
	if (rest.length === 0 || !isRecord(old)) return others;
	const inner = withoutPath(old, rest);
	return Object.keys(inner).length === 0 ? others : { ...record, [name]: inner };
}
