import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { FailureError, fail } from '../../base/failure';
import { noFile, unreadableFile } from '../../files/failures';
import { type Folders, projectFolder } from '../../files/values/project-folder';
import { readFile, requireTrust, statFile } from '../trust';
import { askModal } from '../ui/notify';
import { folderOf } from './environments/environments';

/** Largest body, in bytes. */
const maxBytes = 256 * 1024 * 1024;

/** Reads the files that message files name as bodies. */
export interface BodyFiles {
	/** A file outside of the message file's project folder needs the user's consent. Throws `no-file`, `cancelled`, `too-large`. */
	read(messageFile: vscode.Uri, path: string): Promise<Uint8Array>;
}

export function createBodyFiles(): BodyFiles {
	const allowed = new Set<string>();

	async function ask(uri: vscode.Uri, path: string): Promise<void> {
		const key = uri.toString();
		if (allowed.has(key)) return;
		const read = 'Read and Send';
		const choice = await askModal(
			'warning',
			`Send “${path}”? The file is outside of the message file’s project folder.`,
			uri.scheme === 'file' ? uri.fsPath : uri.toString(),
			read,
		);
		if (choice !== read) throw fail('cancelled', `"${path}" is outside of the project folder and was not read.`);
		allowed.add(key);
	}

	return {
		async read(messageFile, path) {
			requireTrust();
			const folder = folderOf(messageFile);
			if (!folder) throw fail('no-file', 'Save the message file first. Paths are relative to its folder.');
			const named = resolvePath(folder, path);
			const uri = await realUri(named).catch(() => {
				throw new FailureError(noFile(path));
			});
			if (!(await isInside(uri, await projectFolderOf(folder)))) await ask(uri, path);
			try {
				const { size, type } = await statFile(uri);
				if (type & vscode.FileType.Directory) throw fail('no-file', `"${path}" is a folder.`);
				if (size > maxBytes) throw fail('too-large', `"${path}" has ${size} bytes. The limit is ${maxBytes} bytes.`);
				return await readFile(uri);
			} catch (error) {
				if (error instanceof vscode.FileSystemError) throw new FailureError(unreadableFile(path, error.code));
				throw error;
			}
		},
	};
}

/** A path of a message file: absolute, or relative to its folder. */
export function resolvePath(folder: vscode.Uri, path: string): vscode.Uri {
	const slashes = folder.scheme === 'file' && process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
	const absolute = slashes.startsWith('/') || /^[a-zA-Z]:\//.test(slashes);
	if (absolute) return folder.with({ path: slashes.startsWith('/') ? slashes : `/${slashes}` });
	return vscode.Uri.joinPath(folder, slashes);
}

/** Follows links, so that the real place of a file decides. */
async function realUri(uri: vscode.Uri): Promise<vscode.Uri> {
	if (uri.scheme === 'file') return vscode.Uri.file(await realpath(uri.fsPath));
	await statFile(uri);
	return uri;
}

async function isInside(uri: vscode.Uri, folder: vscode.Uri): Promise<boolean> {
	const root = await realUri(folder).catch(() => folder);
	return (
		root.scheme === uri.scheme &&
		root.authority === uri.authority &&
		uri.path.startsWith(`${root.path.replace(/\/$/, '')}/`)
	);
}

/** The folder that a message file in this folder may read from. */
export const projectFolderOf = (folder: vscode.Uri): Promise<vscode.Uri> => projectFolder(folder, folders);

const folders: Folders<vscode.Uri> = {
	parent(folder) {
		const parent = vscode.Uri.joinPath(folder, '..');
		return parent.path === folder.path ? undefined : parent;
	},
	has: (folder, name) =>
		Promise.resolve(statFile(vscode.Uri.joinPath(folder, name))).then(
			() => true,
			() => false,
		),
	isHome: ({ scheme, fsPath }) => scheme === 'file' && fsPath === homedir(),
};
