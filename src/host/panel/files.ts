import * as vscode from 'vscode';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Draft, Receipt } from '../../model/contracts/message';
import { fileName } from '../../model/text/file-name';
import { fileTooLarge, noFile, partTooLarge } from '../failures';

/** Bytes of a file that becomes a part of the draft. */
const maxRead = 1024 * 1024;
/** Bytes. No protocol here can carry a larger message. */
const maxFileBytes = 256 * 1024 * 1024;

/** Files that the user has chosen in one panel. The page receives a token for each, never its path. */
export interface PickedFiles {
	pick(): Promise<{ token: string; name: string; size: number } | undefined>;
	/** The bytes of a file that the user chooses. Throws `too-large`. */
	read(): Promise<Uint8Array | undefined>;
	/** Sends the current bytes of the file. Throws `no-file` for an unknown token and `too-large`. */
	send(engine: Remote<EngineApi>, draft: Draft, token: string): Promise<Receipt>;
}

const choose = async (): Promise<vscode.Uri | undefined> =>
	(await vscode.window.showOpenDialog({ title: 'File to Send', openLabel: 'Choose' }))?.[0];

export function createPickedFiles(): PickedFiles {
	const files = new Map<string, vscode.Uri>();
	return {
		async pick() {
			const uri = await choose();
			if (!uri) return undefined;
			const { size } = await vscode.workspace.fs.stat(uri);
			const token = `file-${files.size + 1}`;
			files.set(token, uri);
			return { token, name: uri.path.split('/').at(-1) ?? '', size };
		},
		async read() {
			const uri = await choose();
			if (!uri) return undefined;
			const { size } = await vscode.workspace.fs.stat(uri);
			if (size > maxRead) throw partTooLarge(size, maxRead);
			return new Uint8Array(await vscode.workspace.fs.readFile(uri));
		},
		async send(engine, draft, token) {
			const uri = files.get(token);
			if (!uri) throw noFile();
			const { size } = await vscode.workspace.fs.stat(uri);
			if (size > maxFileBytes) throw fileTooLarge(size, maxFileBytes);
			return engine.send({ ...draft, payload: new Uint8Array(await vscode.workspace.fs.readFile(uri)) });
		},
	};
}

/** Asks for a file name and writes the payload byte for byte. */
export async function savePayload(engine: Remote<EngineApi>, seq: number, part?: string): Promise<void> {
	const [detail, bytes] = await Promise.all([engine.detail(seq), engine.payload(seq, part)]);
	const { decodings } = detail.parts?.find(({ id }) => id === part) ?? detail;
	const extension = decodings[0] === 'json' ? 'json' : decodings.includes('text') ? 'txt' : 'bin';
	const of = part === undefined ? '' : `-${part}`;
	const name = fileName(detail.row.target.split('/').at(-1) ?? '', `-${seq}${of}.${extension}`);
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const uri = await vscode.window.showSaveDialog({
		title: `Save ${bytes.length} Bytes`,
		...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
	});
	if (uri) await vscode.workspace.fs.writeFile(uri, bytes);
}
