import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { fileName } from '../../model/text/file-name';
import type { Scope } from '../settings/sources';

type Context = Pick<vscode.ExtensionContext, 'storageUri' | 'globalStorageUri'>;

/**
 * The folder for the history of a profile, in the extension's storage. Its name is the title of the tab that shows it.
 * Connections of a workspace have their own folders, because another workspace may use the same ids.
 */
export function historyFolder({ storageUri, globalStorageUri }: Context, id: string, scope: Scope): string {
	const storage = scope === 'workspace' ? (storageUri ?? globalStorageUri) : globalStorageUri;
	const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
	const name = /^[a-z0-9-]{1,60}$/.test(id) ? id : `${fileName(id, '', 'connection')}-${hash}`;
	return vscode.Uri.joinPath(storage, 'history', `${name}.history`).fsPath;
}

export async function hasHistory(folder: string): Promise<boolean> {
	const names = await readdir(folder).catch(() => []);
	return names.some((name) => /\.recording\.jsonl(?:\.gz)?$/.test(name));
}

export const isThere = async (path: string): Promise<boolean> =>
	(await stat(path).catch(() => undefined)) !== undefined;

export const deleteHistory = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
