import * as vscode from 'vscode';
import { isRecord } from '../../base/check';
import { FailureError, toFailure } from '../../base/failure';
import { type ExportFile, idFor, readExport, uniqueName } from '../../model/contracts/settings';
import { checkProfile } from '../../model/profile/check';
import { fieldsOf, valueAt } from '../../model/profile/fields';
import type { Profile } from '../../model/profile/profile';
import { withoutCredentials } from '../../model/profile/url';
import { andList } from '../../model/text/lists';
import type { FoundConnection } from '../../protocols/connection-import';
import { describe, descriptions } from '../../protocols/descriptions';
import { readTool, type Tool, toolsHere } from '../connections/tool-connections';
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
			const from = await pickSource();
			if (!from) return;
			if (from !== 'file') {
				await importFrom(from, services);
				return;
			}
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

/** A file, unless another tool has saved connections on this machine. Undefined if the user cancelled. */
async function pickSource(): Promise<Tool | 'file' | undefined> {
	const tools = await toolsHere();
	if (tools.length === 0) return 'file';
	const choices: (Choice & { from: Tool | 'file' })[] = [
		{ label: 'File…', description: 'exported from Messaging Workbench', icon: 'file', from: 'file' },
		...tools.map((tool) => ({
			label: tool.source.tool,
			description: `${tool.source.what} on this machine (${tool.label})`,
			icon: 'terminal',
			from: tool,
		})),
	];
	return (await pickOne(choices, { title: 'Import Connections From' }))?.from;
}

/** Imports what the user chooses of a tool's connections. Their secrets go to the secret storage. */
async function importFrom(tool: Tool, services: Services): Promise<void> {
	const { profiles, connecting, secrets } = services;
	const choices = (await readTool(tool)).map((file): Choice & { found?: FoundConnection } => {
		if ('problem' in file.found)
			return { label: file.name, detail: `Cannot be read: ${file.found.problem}`, picked: false };
		const { profile, left } = file.found;
		const entry = { ...profile, id: 'imported', protocol: tool.protocol };
		const wrong = checkProfile(entry, descriptions).find(({ severity }) => severity === 'error');
		const exists = profiles.profiles.some(
			({ profile: one }) => one.protocol === tool.protocol && one.name === profile.name && one.url === profile.url,
		);
		const details = [
			exists ? 'A connection with this name and address exists.' : '',
			wrong ? `Needs correction before it can be used: ${wrong.message}` : '',
			secretsInWords(tool, file.found),
			left.length > 0 ? `Not imported: ${left.join('; ')}.` : '',
		].filter((text) => text !== '');
		return {
			label: profile.name,
			description: services.log.redact(profile.url),
			...(details.length > 0 && { detail: details.join(' ') }),
			picked: !wrong && !exists,
			found: file.found,
		};
	});
	const title = `Import From ${tool.source.tool}`;
	const chosen = await pickMany(choices, { title, matchOnDescription: true });
	const found = (chosen ?? []).flatMap((choice) => choice.found ?? []);
	if (found.length === 0) return;
	const scope = await pickScope();
	if (!scope) return;
	for (const one of found) {
		const keys = Object.keys(one.secrets);
		// Another machine reads from this list what to ask for.
		const listed = keys.length > 0 ? { secrets: keys } : {};
		const entry = renamed({ ...one.profile, protocol: tool.protocol, ...listed }, services);
		await profiles.add(entry, scope);
		const owner = connecting.owner(entry as Profile);
		for (const [key, value] of Object.entries(one.secrets)) await secrets.set(owner, key, value);
	}
	void notify('information', `Imported ${plural(found.length)} from ${tool.source.tool}.`);
}

/** What goes to the secret storage, by the labels of its fields. */
function secretsInWords({ protocol }: Tool, { secrets }: FoundConnection): string {
	const description = describe(protocol);
	const labels = (description ? fieldsOf(description) : [])
		.filter(({ key }) => Object.hasOwn(secrets, key))
		.map(({ label }) => label);
	return labels.length > 0 ? `${andList(labels)} will be kept in the secret storage.` : '';
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
