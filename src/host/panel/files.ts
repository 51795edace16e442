import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Draft, Receipt } from '../../model/contracts/message';
import { fileName } from '../../model/text/file-name';

/** Bytes. A larger one would not fit into one message of any protocol here. */
const largest = 256 * 1024 * 1024;

/** Files that the user chose in one panel: the page knows only a token for each. */
export interface PickedFiles {
	pick(): Promise<{ token: string; name: string; size: number } | undefined>;
	/** Sends the file's bytes as they are now. Throws `no-file`. */
	send(engine: Remote<EngineApi>, draft: Draft, token: string): Promise<Receipt>;
}

export function createPickedFiles(): PickedFiles {
	const files = new Map<string, vscode.Uri>();
	return {
		async pick() {
			const [uri] = (await vscode.window.showOpenDialog({ title: 'File to Send', openLabel: 'Choose' })) ?? [];
			if (!uri) return undefined;
			const { size } = await vscode.workspace.fs.stat(uri);
			const token = `file-${files.size + 1}`;
			files.set(token, uri);
			return { token, name: uri.path.split('/').at(-1) ?? '', size };
		},
		async send(engine, draft, token) {
			const uri = files.get(token);
			if (!uri) throw fail('no-file', 'The file has to be chosen again.');
			const { size } = await vscode.workspace.fs.stat(uri);
			if (size > largest)
				throw fail('too-large', `The file has ${size} bytes; at most ${largest} are sent as one message.`);
			return engine.send({ ...draft, payload: new Uint8Array(await vscode.workspace.fs.readFile(uri)) });
		},
	};
}

/** Asks where to, and writes the payload byte for byte. */
export async function savePayload(engine: Remote<EngineApi>, seq: number): Promise<void> {
	const [{ row, decodings }, bytes] = await Promise.all([engine.detail(seq), engine.payload(seq)]);
	const end = decodings[0] === 'json' ? 'json' : row.binary ? 'bin' : 'txt';
	const name = fileName(row.target.split('/').at(-1) ?? '', `-${seq}.${end}`);
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const uri = await vscode.window.showSaveDialog({
		title: `Save ${bytes.length} Bytes`,
		...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
	});
	if (uri) await vscode.workspace.fs.writeFile(uri, bytes);
}
