import * as vscode from 'vscode';
import { toFailure } from '../../base/failure';
import { maxDepth, requireShallow } from '../../base/nesting';
import { connectionsSetting, section } from '../../model/contracts/settings';
import { unreadableSettings, unsavedSettings, unwrittenSettings } from '../failures';
import type { ListEdit } from './edit';
import { type ListPath, readList, same } from './text';
import { writeWhole } from './write-file';

export type Scope = 'user' | 'workspace';

/** One place in the settings that can hold connections. */
export interface Source {
	/** Stable while the window is open. */
	key: string;
	scope: Scope;
	/** "user settings", "workspace settings", "settings of folder x" */
	label: string;
	/** The file that is edited in place. Undefined where VS Code does not reveal its path: VS Code then writes the setting. */
	file?: vscode.Uri;
	path: ListPath;
	folder?: vscode.WorkspaceFolder;
	/** The list as VS Code reports it. */
	configured: unknown;
}

/** In order of precedence for duplicate ids: the user's own connections come before those of a repository. */
export function findSources(): Source[] {
	const inspect = (uri?: vscode.Uri) => vscode.workspace.getConfiguration(section, uri).inspect('connections');
	const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
	const { globalValue, workspaceValue } = inspect() ?? {};
	const user = { key: 'user', scope: 'user', label: 'user settings', configured: globalValue } as const;
	const workspace = {
		key: 'workspace',
		scope: 'workspace',
		label: 'workspace settings',
		configured: workspaceValue,
	} as const;
	const path = [connectionsSetting];
	if (!workspaceFile) {
		const single = workspaceFolders.slice(0, 1).map((folder) => ({ folder, file: settingsOf(folder) }));
		return [{ ...user, path }, ...single.map((place) => ({ ...workspace, path, ...place }))];
	}
	const saved = workspaceFile.scheme === 'untitled' ? {} : { file: workspaceFile };
	return [
		{ ...user, path },
		{ ...workspace, path: ['settings', connectionsSetting], ...saved },
		...workspaceFolders.map((folder) => ({
			key: `folder:${folder.uri.toString()}`,
			scope: 'workspace' as const,
			label: `settings of folder ${folder.name}`,
			path,
			configured: inspect(folder.uri)?.workspaceFolderValue,
			file: settingsOf(folder),
			folder,
		})),
	];
}

const settingsOf = (folder: vscode.WorkspaceFolder) => vscode.Uri.joinPath(folder.uri, '.vscode', 'settings.json');

/**
 * True for an editor of the user settings of any profile. The scheme differs: `vscode-userdata` on the desktop, `file` in
 * a remote server that keeps the settings itself.
 */
export const isUserSettings = ({ uri }: vscode.TextDocument): boolean =>
	/\/User\/(?:profiles\/[^/]+\/)?settings\.json$/.test(uri.path);

/** Text of a source and the document in which diagnostics about it appear. */
export interface SourceText {
	uri: vscode.Uri;
	text: string;
}

/**
 * Reads the file of a source. For the user settings, takes the open editor that holds the same list as VS Code reports.
 * Undefined if there is neither. Throws `unreadable-settings` for a file that is not UTF-8.
 */
export async function textOf({ scope, file, path, configured }: Source): Promise<SourceText | undefined> {
	if (file) {
		const text = await fileText(file);
		return text === undefined ? undefined : { uri: file, text };
	}
	if (scope !== 'user') return undefined;
	for (const document of vscode.workspace.textDocuments.filter(isUserSettings)) {
		const text = document.getText();
		const list = readList(text, path);
		if (list.kind !== 'list') continue;
		const values = list.entries.map(({ value }) => value);
		if (same(values, configured)) return { uri: document.uri, text };
	}
	return undefined;
}

/** Undefined if the file does not exist yet. */
async function fileText(file: vscode.Uri): Promise<string | undefined> {
	let bytes: Uint8Array;
	try {
		bytes = await vscode.workspace.fs.readFile(file);
	} catch (error) {
		if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
		throw error;
	}
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		// Writing the decoded text back would damage the file.
		throw unreadableSettings('it is not UTF-8 text');
	}
}

/**
 * Changes the list of one source. A file whose path is known is edited in place, so that comments inside the list stay;
 * VS Code writes all others. Throws `unsaved-settings` if an editor has unsaved changes of it. Editors without changes
 * reload the new text and can undo it.
 */
export async function editSource(source: Source, edit: ListEdit): Promise<void> {
	const { file, label, path } = source;
	if (!file) return updateSetting(source, edit);
	const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
	if (open?.isDirty) {
		await vscode.window.showTextDocument(open);
		throw unsavedSettings(label);
	}
	const text = await fileText(file);
	if (text === undefined) return updateSetting(source, edit);
	const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
	let next: string;
	try {
		next = bom + edit(text.slice(bom.length), path);
	} catch (error) {
		if (toFailure(error).code === 'unreadable-settings') await vscode.window.showTextDocument(file);
		throw error;
	}
	if (next === text) return;
	if (file.scheme === 'file') await writeWhole(file.fsPath, next);
	else await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(next));
}

/**
 * Lets VS Code write the whole list. Its writer knows the file of the profile and of the remote, and replaces it
 * atomically; comments inside the list are lost.
 */
async function updateSetting({ scope, key, label, folder, configured }: Source, edit: ListEdit): Promise<void> {
	requireShallow(configured, `The list of connections in the ${label}`, maxDepth + 1);
	const text = configured === undefined ? '{}' : JSON.stringify({ [connectionsSetting]: configured });
	const list = readList(edit(text, [connectionsSetting]), [connectionsSetting]);
	const value = list.kind === 'absent' ? undefined : list.entries.map((entry) => entry.value);
	const { Global, Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;
	const target = scope === 'user' ? Global : key === 'workspace' ? Workspace : WorkspaceFolder;
	try {
		await vscode.workspace.getConfiguration(section, folder?.uri).update('connections', value, target);
	} catch (error) {
		if (scope === 'user') await vscode.commands.executeCommand('workbench.action.openSettingsJson');
		if (scope === 'user' && vscode.workspace.textDocuments.some((one) => isUserSettings(one) && one.isDirty))
			throw unsavedSettings(label);
		throw unwrittenSettings(label, toFailure(error).evidence ?? '');
	}
}
