import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { type Folders, projectFolder } from '../../files/values/project-folder';
import { readFile, requireTrust, statFile } from '../trust';
import { askModal } from '../ui/notify';
import { folderOf } from './environments/environments';

/** A body beyond this is no message. Bytes. */
const mostBytes = 256 * 1024 * 1024;

/** Files that bodies are read from. */
export interface BodyFiles {
	/** Throws `no-file`, `cancelled` or `too-large`. One outside of the file's project folder is asked for first. */
	read(messageFile: vscode.Uri, path: string): Promise<Uint8Array>;
}

export function createBodyFiles(): BodyFiles {
	const allowed = new Set<string>();

	async function ask(uri: vscode.Uri, path: string): Promise<void> {
		const key = uri.toString();
		if (allowed.has(key)) return;
		const read = 'Read and Send It';
		const choice = await askModal(
			'warning',
			`A message file wants to send “${path}”, which lies outside of the workspace or of the file’s project folder.`,
			uri.scheme === 'file' ? uri.fsPath : uri.toString(),
			read,
		);
		if (choice !== read)
			throw fail('cancelled', `"${path}" lies outside of the file’s project folder and was not read.`);
		allowed.add(key);
	}

	return {
		async read(messageFile, path) {
			requireTrust();
			const folder = folderOf(messageFile);
			if (!folder) throw fail('no-file', 'Save the message file first: paths begin at its folder.');
			const named = resolvePath(folder, path);
			const uri = await realUri(named).catch(() => {
				throw fail('no-file', `There is no file "${path}".`);
			});
			if (!(await isInside(uri, await projectFolder(folder, folders)))) await ask(uri, path);
			try {
				const { size, type } = await statFile(uri);
				if (type & vscode.FileType.Directory) throw fail('no-file', `"${path}" is a folder.`);
				if (size > mostBytes) throw fail('too-large', `"${path}" has ${size} bytes; at most ${mostBytes} are sent.`);
				return await readFile(uri);
			} catch (error) {
				if (error instanceof vscode.FileSystemError)
					throw fail('no-file', `The file "${path}" cannot be read.`, { evidence: error.code });
				throw error;
			}
		},
	};
}

export function resolvePath(folder: vscode.Uri, path: string): vscode.Uri {
	const slashes = folder.scheme === 'file' && process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
	const absolute = slashes.startsWith('/') || /^[a-zA-Z]:\//.test(slashes);
	if (absolute) return folder.with({ path: slashes.startsWith('/') ? slashes : `/${slashes}` });
	return vscode.Uri.joinPath(folder, slashes);
}

/** Links are followed: where a file really lies decides. */
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
