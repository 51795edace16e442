import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { exportTooLarge } from '../failures';

/** Maximum characters of a file that VS Code writes as a whole, such as one on a virtual file system. */
const maxWhole = 256 * 1024 * 1024;

/** A file that is written in pieces and appears, or replaces an older one, only when it is complete. */
export interface TextFile {
	write(text: string): Promise<void>;
	commit(): Promise<void>;
	/** Without `commit`, removes what was written. */
	dispose(): Promise<void>;
}

export async function openTextFile(uri: vscode.Uri): Promise<TextFile> {
	return uri.scheme === 'file' ? openOnDisk(uri.fsPath) : openElsewhere(uri);
}

async function openOnDisk(path: string): Promise<TextFile> {
	const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
	const file = await open(temporary, 'wx');
	let isOpen = true;
	const close = async () => {
		if (isOpen) await file.close();
		isOpen = false;
	};
	return {
		write: async (text) => void (await file.appendFile(text)),
		async commit() {
			await close();
			await rename(temporary, path);
		},
		async dispose() {
			await close();
			await rm(temporary, { force: true });
		},
	};
}

function openElsewhere(uri: vscode.Uri): TextFile {
	const texts: string[] = [];
	let length = 0;
	return {
		async write(text) {
			length += text.length;
			if (length > maxWhole) throw exportTooLarge(maxWhole);
			texts.push(text);
		},
		commit: async () => vscode.workspace.fs.writeFile(uri, Buffer.from(texts.join(''))),
		dispose: async () => {},
	};
}
