import * as vscode from 'vscode';
import { isRecord } from '../../base/check';
import { FailureError, toFailure } from '../../base/failure';
import { type ExportFile, idFor, readExport, uniqueName } from '../../model/contracts/settings';
import { checkProfile } from '../../model/profile/check';
import { fieldsOf, valueAt } from '../../model/profile/fields';
import { withoutCredentials } from '../../model/profile/url';
import { describe, descriptions } from '../../protocols/descriptions';
import { importTooLarge, invalidImport } from '../failures';
import type { Services } from '../services';
import type { Scope } from '../settings/sources';
import { notify } from '../ui/notify';
import { type Choice, pickMany, pickOne } from '../ui/prompt';
import type { Commands } from './registry';

/** Bytes. */
const maxImportBytes = 4 * 1024 * 1024;
const filters = { 'Connections (JSON)': ['json'] };

/** Import and export of connections. Exported files contain no secrets. */
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
			void notify('information', `Exported ${plural(chosen.length)} without passwords.`);
		},
		async importConnections() {
			const [uri] = (await vscode.window.showOpenDialog({ filters, title: 'Import Connections' })) ?? [];
			if (!uri) return;
			const entries = await readFile(uri);
			const chosen = await pickMany(
				entries.map((entry) => {
					const wrong = checkProfile(entry, descriptions).find(({ severity }) => severity === 'error');
					const name = typeof entry.name === 'string' ? entry.name : '(no name)';
					const detail = wrong ? `Needs correction before it can be used: ${wrong.message}` : undefined;
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
			const note = 'You are asked for passwords when you connect.';
			void notify('information', `Imported ${plural(chosen.length)}. ${note}`);
		},
	};
}

async function readFile(uri: vscode.Uri): Promise<Record<string, unknown>[]> {
	const { size } = await vscode.workspace.fs.stat(uri);
	if (size > maxImportBytes) throw importTooLarge(size, maxImportBytes);
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(await vscode.workspace.fs.readFile(uri));
		return readExport(JSON.parse(text));
	} catch (error) {
		if (error instanceof FailureError) throw error;
		throw invalidImport(toFailure(error).evidence ?? '');
	}
}

/** The entry without credentials in its URL and without the values of secret fields. */
function exported(entry: Record<string, unknown>): Record<string, unknown> {
	const copy = structuredClone(entry);
	if (typeof copy.url === 'string') copy.url = withoutCredentials(copy.url);
	const description = describe(String(copy.protocol));
	for (const field of description ? fieldsOf(description) : []) {
		if (field.type !== 'secret') continue;
		const parts = field.key.split('.');
		const last = parts.pop() ?? '';
		const parent = parts.length === 0 ? copy : valueAt(copy, parts.join('.'));
		if (isRecord(parent)) delete parent[last];
	}
	return copy;
}

/** Gives the entry a unique name, and a new id if its own is taken: a shared id would share the stored passwords. */
function renamed(entry: Record<string, unknown>, { profiles }: Pick<Services, 'profiles'>): Record<string, unknown> {
	const name = typeof entry.name === 'string' && entry.name ? entry.name : 'Imported connection';
	const unique = uniqueName(name, new Set(profiles.profiles.map(({ profile }) => profile.name)));
	const ids = profiles.ids();
	const id = typeof entry.id === 'string' && entry.id && !ids.has(entry.id) ? entry.id : idFor(unique, ids);
	return { ...entry, id, name: unique };
}

const plural = (count: number) => `${count} ${count === 1 ? 'connection' : 'connections'}`;

async function pickScope(): Promise<Scope | undefined> {
	if ((vscode.workspace.workspaceFolders ?? []).length === 0) return 'user';
	const items: (Choice & { scope: Scope })[] = [
		{ label: 'Workspace', description: 'shared with everyone who opens this folder', scope: 'workspace' },
		{ label: 'User', description: 'available in all folders', scope: 'user' },
	];
	return (await pickOne(items, { title: 'Save Connections In' }))?.scope;
}
