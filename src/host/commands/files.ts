import * as vscode from 'vscode';
import { FailureError, fail, toFailure } from '../../base/failure';
import { type ExportFile, idFor, readExport, uniqueName } from '../../model/contracts/settings';
import { checkProfile } from '../../model/profile/check';
import { fieldsOf } from '../../model/profile/fields';
import { withoutCredentials } from '../../model/profile/url';
import { describe, descriptions } from '../../protocols/descriptions';
import type { Services } from '../services';
import type { Scope } from '../settings/sources';
import { notify } from '../ui/notify';
import { type Choice, pickMany, pickOne } from '../ui/prompt';
import type { Commands } from './registry';

/** A larger file is no list of connections. Bytes. */
const largest = 4 * 1024 * 1024;
const filters = { 'Connections (JSON)': ['json'] };

/** Import and export of connections. Secrets are in no file. */
export function fileCommands(services: Services): Commands {
	const { profiles } = services;
	return {
		async exportConnections() {
			const chosen = await pickMany(
				profiles.profiles.map(({ profile }) => ({
					label: profile.name,
					description: services.log.redact(profile.url),
					picked: true,
					profile,
				})),
				{ title: 'Export Connections (without passwords)' },
			);
			if (!chosen || chosen.length === 0) return;
			const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
			const uri = await vscode.window.showSaveDialog({
				filters,
				...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'connections.json') } : {}),
			});
			if (!uri) return;
			const file: ExportFile = { messagingWorkbench: 1, connections: chosen.map(({ profile }) => exported(profile)) };
			await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${JSON.stringify(file, undefined, '\t')}\n`));
			void notify('information', `${chosen.length} connections exported, without passwords.`);
		},
		async importConnections() {
			const [uri] = (await vscode.window.showOpenDialog({ filters, title: 'Import Connections' })) ?? [];
			if (!uri) return;
			const entries = await readFile(uri);
			const chosen = await pickMany(
				entries.map((entry) => {
					const wrong = checkProfile(entry, descriptions).find(({ severity }) => severity === 'error');
					const name = typeof entry.name === 'string' ? entry.name : '(no name)';
					const detail = wrong ? `Cannot be used as it is: ${wrong.message}` : undefined;
					return {
						label: name,
						description: services.log.redact(String(entry.url ?? '')),
						...(detail ? { detail } : {}),
						picked: !wrong,
						entry,
					};
				}),
				{ title: `Import ${entries.length} Connections`, matchOnDescription: true },
			);
			if (!chosen || chosen.length === 0) return;
			const scope = await pickScope();
			if (!scope) return;
			for (const { entry } of chosen) await profiles.add(renamed(exported(entry), services), scope);
			const note = 'Passwords are asked for when you connect.';
			void notify('information', `${chosen.length} connections imported. ${note}`);
		},
	};
}

async function readFile(uri: vscode.Uri): Promise<Record<string, unknown>[]> {
	const { size } = await vscode.workspace.fs.stat(uri);
	if (size > largest)
		throw fail('bad-import', `The file has ${size} bytes; a list of connections has at most ${largest}.`);
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(await vscode.workspace.fs.readFile(uri));
		return readExport(JSON.parse(text));
	} catch (error) {
		if (error instanceof FailureError) throw error;
		throw fail('bad-import', 'The file is no list of connections.', { evidence: toFailure(error).evidence ?? '' });
	}
}

/** Without credentials in the URL and without values that belong into the secret storage. */
function exported(entry: Record<string, unknown>): Record<string, unknown> {
	const copy = structuredClone(entry);
	if (typeof copy.url === 'string') copy.url = withoutCredentials(copy.url);
	const description = describe(String(copy.protocol));
	for (const field of description ? fieldsOf(description) : []) {
		if (field.type !== 'secret') continue;
		const parts = field.key.split('.');
		const last = parts.pop() ?? '';
		let place: unknown = copy;
		for (const part of parts) place = (place as Record<string, unknown> | undefined)?.[part];
		if (typeof place === 'object' && place !== null) delete (place as Record<string, unknown>)[last];
	}
	return copy;
}

/** An id that is taken would hand over the other connection's passwords: a new one is made. */
function renamed(entry: Record<string, unknown>, { profiles }: Services): Record<string, unknown> {
	const name = typeof entry.name === 'string' && entry.name ? entry.name : 'Imported connection';
	const unique = uniqueName(name, new Set(profiles.profiles.map(({ profile }) => profile.name)));
	const ids = profiles.ids();
	const id = typeof entry.id === 'string' && entry.id && !ids.has(entry.id) ? entry.id : idFor(unique, ids);
	return { ...entry, id, name: unique };
}

export async function pickScope(): Promise<Scope | undefined> {
	if ((vscode.workspace.workspaceFolders ?? []).length === 0) return 'user';
	const items: (Choice & { scope: Scope })[] = [
		{ label: 'Workspace', description: 'shared with whoever opens this folder', scope: 'workspace' },
		{ label: 'User', description: 'on this machine, in every folder', scope: 'user' },
	];
	return (await pickOne(items, { title: 'Save Connections In' }))?.scope;
}
