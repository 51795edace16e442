import * as vscode from 'vscode';
import { fail, toFailure } from '../../base/failure';
import { maxDepth, requireShallow } from '../../base/nesting';
import { connectionsSetting, section } from '../../model/contracts/settings';
import { type ListEdit, same } from './edit';
import { type ListPath, readList } from './text';
import { writeWhole } from './write-file';

export type Scope = 'user' | 'workspace';

/** One settings file that may hold connections. */
export interface Source {
	/** Stable for the window. */
	key: string;
	scope: Scope;
	/** "user settings", "workspace settings", "settings of folder x" */
	label: string;
	/** Undefined where the file is out of reach: then only the configuration API knows the list. */
	uri?: vscode.Uri;
	path: ListPath;
	folder?: vscode.WorkspaceFolder;
	/** What the editor says the list is. */
	configured: unknown;
}

/** In the order in which ids are taken: what the user wrote goes before what a repository brought. */
export async function findSources(globalStorage: vscode.Uri): Promise<Source[]> {
	const configuration = vscode.workspace.getConfiguration(section).inspect('connections');
	const path = [connectionsSetting];
	const sources: Source[] = [
		{
			key: 'user',
			scope: 'user',
			label: 'user settings',
			path,
			configured: configuration?.globalValue,
			...(await userFile(globalStorage, configuration?.globalValue)),
		},
	];
	const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
	const single = workspaceFile ? undefined : workspaceFolders[0];
	if (workspaceFile || single) {
		const saved = workspaceFile?.scheme === 'untitled' ? undefined : workspaceFile;
		const uri = single ? settingsOf(single) : saved;
		sources.push({
			key: 'workspace',
			scope: 'workspace',
			label: 'workspace settings',
			path: single ? path : ['settings', connectionsSetting],
			configured: configuration?.workspaceValue,
			...(uri ? { uri } : {}),
			...(single ? { folder: single } : {}),
		});
	}
	for (const folder of workspaceFile ? workspaceFolders : []) {
		const configured = vscode.workspace
			.getConfiguration(section, folder.uri)
			.inspect('connections')?.workspaceFolderValue;
		sources.push({
			key: `folder:${folder.uri.toString()}`,
			scope: 'workspace',
			label: `settings of folder ${folder.name}`,
			path,
			configured,
			uri: settingsOf(folder),
			folder,
		});
	}
	return sources;
}

const settingsOf = (folder: vscode.WorkspaceFolder) => vscode.Uri.joinPath(folder.uri, '.vscode', 'settings.json');

/** The editor does not tell where the user's settings are: they are taken for ours only if they say the same. */
async function userFile(globalStorage: vscode.Uri, configured: unknown): Promise<{ uri?: vscode.Uri }> {
	const uri = vscode.Uri.joinPath(globalStorage, '..', '..', 'settings.json');
	try {
		const list = readList(await readText(uri), [connectionsSetting]);
		if (list.kind === 'absent') return configured === undefined ? { uri } : {};
		if (list.kind === 'unusable') return { uri };
		const values = list.entries.map(({ value }) => value);
		return same(values, configured) ? { uri } : {};
	} catch {
		return {};
	}
}

/** Throws `unreadable-settings` for bytes that are not UTF-8, so that they are never written. */
export async function readText(uri: vscode.Uri): Promise<string> {
	const bytes = await vscode.workspace.fs.readFile(uri);
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw fail('unreadable-settings', 'The settings file was left as it is, because it is not UTF-8 text.');
	}
}

/** What is on disk, or undefined where there is no file yet. */
export async function textOf(source: Source): Promise<string | undefined> {
	if (!source.uri) return undefined;
	try {
		return await readText(source.uri);
	} catch (error) {
		if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
		throw error;
	}
}

/**
 * Changes the list in its file. An editor with unsaved changes of it is never run over: the file is opened and one
 * sentence thrown. Open editors without changes take up the new text by themselves and can undo it.
 */
export async function editSource(source: Source, edit: ListEdit): Promise<void> {
	const { uri } = source;
	const open = uri && vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
	if (open?.isDirty) {
		await vscode.window.showTextDocument(open);
		throw fail('unsaved-settings', `The ${source.label} have unsaved changes. Save them first, then try again.`);
	}
	const text = await textOf(source);
	if (!uri || text === undefined) return updateConfigured(source, edit);
	const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
	let next: string;
	try {
		next = bom + edit(text.slice(bom.length), source.path);
	} catch (error) {
		if (toFailure(error).code === 'unreadable-settings') await vscode.window.showTextDocument(uri);
		throw error;
	}
	if (next === text) return;
	if (uri.scheme === 'file') await writeWhole(uri.fsPath, next);
	else await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(next));
}

/** The editor writes the whole list: where there is no file yet, or where it is out of reach. */
async function updateConfigured(source: Source, edit: ListEdit): Promise<void> {
	requireShallow(source.configured, `The list of connections in the ${source.label}`, maxDepth + 1);
	const text = source.configured === undefined ? '{}' : JSON.stringify({ [connectionsSetting]: source.configured });
	const list = readList(edit(text, [connectionsSetting]), [connectionsSetting]);
	const value = list.kind === 'absent' ? undefined : list.entries.map((entry) => entry.value);
	const target =
		source.scope === 'user'
			? vscode.ConfigurationTarget.Global
			: source.key === 'workspace'
				? vscode.ConfigurationTarget.Workspace
				: vscode.ConfigurationTarget.WorkspaceFolder;
	await vscode.workspace.getConfiguration(section, source.folder?.uri).update('connections', value, target);
}
