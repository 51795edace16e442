import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { MessageFile, Range, Section } from '../../files/syntax/ast';
import { titleOf } from '../../files/syntax/names';
import { parse } from '../../files/syntax/parse';
import { isMessageFile } from './document';

const files = new WeakMap<vscode.TextDocument, { version: number; file: MessageFile }>();
const keys = new WeakMap<MessageFile, Map<Section, string>>();

/** The parsed file of a document. Each version of the text is parsed once. */
export function parsed(document: vscode.TextDocument): MessageFile {
	const cached = files.get(document);
	if (cached?.version === document.version) return cached.file;
	const file = parse(document.getText());
	files.set(document, { version: document.version, file });
	return file;
}

/** Identifies a request while the text around it is edited: its title, with a number where titles repeat. */
export function keyOf(file: MessageFile, section: Section): string {
	let cached = keys.get(file);
	if (!cached) {
		cached = new Map();
		const seen = new Map<string, number>();
		for (const one of file.sections) {
			if (!one.request) continue;
			const title = titleOf(file, one);
			const count = (seen.get(title) ?? 0) + 1;
			seen.set(title, count);
			cached.set(one, count === 1 ? title : `${title} (${count})`);
		}
		keys.set(file, cached);
	}
	return cached.get(section) ?? '';
}

export function sectionOf(file: MessageFile, key: string): Section | undefined {
	return file.sections.find((section) => section.request && keyOf(file, section) === key);
}

/** The text of a request. Its result is valid as long as the text is the same. */
export function textOf(file: MessageFile, section: Section): string {
	const { request } = section;
	return request ? file.text.slice(request.start, request.end) : '';
}

export function rangeIn(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
	return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** The document of a URI, or the active one. Throws `no-file` if it is not a message file. */
export async function documentOf(uri: unknown): Promise<vscode.TextDocument> {
	const named = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
	const document =
		named instanceof vscode.Uri
			? await vscode.workspace.openTextDocument(named)
			: vscode.window.activeTextEditor?.document;
	if (document && isMessageFile(document)) return document;
	throw fail('no-file', 'Open a message file first.');
}

/** The request with the key, or the one at the cursor. Throws `no-file` or `no-request`. */
export async function requestAt(
	uri: unknown,
	key: unknown,
): Promise<{ document: vscode.TextDocument; section: Section }> {
	const document = await documentOf(uri);
	const editor = vscode.window.activeTextEditor;
	const file = parsed(document);
	const atCursor = () => {
		const offset = editor?.document === document ? document.offsetAt(editor.selection.active) : -1;
		return file.sections.findLast(({ start, request }) => request && start <= offset);
	};
	const section = typeof key === 'string' ? sectionOf(file, key) : atCursor();
	const problem = typeof key === 'string' ? 'The request no longer exists.' : 'Place the cursor in a request first.';
	if (!section) throw fail('no-request', problem);
	return { document, section };
}
