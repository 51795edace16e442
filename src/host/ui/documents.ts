import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Remote } from '../../base/rpc';
import type { ActResult } from '../../model/contracts/browse';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { Decoding } from '../../model/contracts/message';
import { fileName } from '../../model/text/file-name';

const scheme = 'messaging-workbench';

/** Bytes of a payload that a document shows. A larger payload is cut with a note; saving it to a file keeps all bytes. */
const maxBytes = 8 * 1024 * 1024;

/** A payload of a message in a decoding. `part`: the id of a further one. */
interface Shown {
	seq: number;
	decoding: Decoding;
	part: string | undefined;
}

/** Read-only documents. Their text is kept while they are open, even after the log has dropped the message. */
export interface Documents extends Disposable {
	open(engine: Remote<EngineApi>, shown: Shown): Promise<void>;
	compare(engine: Remote<EngineApi>, left: Shown, right: Shown): Promise<void>;
	/** Shows the document that an action returned. */
	show(document: NonNullable<ActResult['document']>): Promise<void>;
}

export function createDocuments(): Documents {
	const lifetime = new DisposableStore();
	const texts = new Map<string, string>();
	let next = 0;

	lifetime.add(
		vscode.workspace.registerTextDocumentContentProvider(scheme, {
			provideTextDocumentContent: (uri) =>
				texts.get(uri.toString()) ?? 'This message belongs to an earlier window. Open it again from the panel.',
		}),
	);
	lifetime.add(vscode.workspace.onDidCloseTextDocument((document) => void texts.delete(document.uri.toString())));

	async function create(engine: Remote<EngineApi>, { seq, decoding, part }: Shown): Promise<vscode.TextDocument> {
		const [{ row }, decoded] = await Promise.all([
			engine.detail(seq),
			engine.decode(seq, decoding, maxBytes, undefined, part),
		]);
		const of = part === undefined ? '' : ` ${part}`;
		const name = fileName(row.target.split('/').at(-1) ?? '', ` #${seq}${of}.${decoding === 'json' ? 'json' : 'txt'}`);
		const cut = decoded.shownBytes < decoded.totalBytes;
		const rest = cut
			? `\n\n… ${decoded.shownBytes} of ${decoded.totalBytes} bytes are shown. Save the payload to a file to get the rest.`
			: '';
		const language = cut ? 'plaintext' : decoded.language;
		return keep(name, decoded.text + rest, language);
	}

	async function keep(name: string, text: string, wanted: string): Promise<vscode.TextDocument> {
		const uri = vscode.Uri.from({ scheme, path: `/${next++}/${name}` });
		texts.set(uri.toString(), text);
		const document = await vscode.workspace.openTextDocument(uri);
		const languages = await vscode.languages.getLanguages();
		return vscode.languages.setTextDocumentLanguage(document, languages.includes(wanted) ? wanted : 'plaintext');
	}

	return {
		async open(engine, shown) {
			const document = await create(engine, shown);
			await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
		},
		async show({ title, language, text }) {
			const document = await keep(fileName(title, '', 'result'), text, language);
			// VS Code's preview renders diagrams.
			if (language === 'markdown')
				return void (await vscode.commands.executeCommand('markdown.showPreviewToSide', document.uri));
			await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
		},
		async compare(engine, left, right) {
			const [older, newer] = await Promise.all([create(engine, left), create(engine, right)]);
			await vscode.commands.executeCommand('vscode.diff', older.uri, newer.uri, `#${left.seq} ↔ #${right.seq}`);
		},
		dispose: () => lifetime.dispose(),
	};
}
