import * as vscode from 'vscode';
import type { MessageFile, Range, Section } from '../../files/syntax/ast';
import { titleOf } from '../../files/syntax/names';
import { parse } from '../../files/syntax/parse';

const files = new WeakMap<vscode.TextDocument, { version: number; file: MessageFile }>();
const keys = new WeakMap<MessageFile, Map<Section, string>>();

/** Everything that looks at a document reads this one result: it is parsed once for each version of its text. */
export function parsed(document: vscode.TextDocument): MessageFile {
	const known = files.get(document);
	if (known?.version === document.version) return known.file;
	const file = parse(document.getText());
	files.set(document, { version: document.version, file });
	return file;
}

/** What stays the same of a request while the text around it is edited: its title, and a number where titles repeat. */
export function keyOf(file: MessageFile, section: Section): string {
	let known = keys.get(file);
	if (!known) {
		known = new Map();
		const seen = new Map<string, number>();
		for (const one of file.sections) {
			if (!one.request) continue;
			const title = titleOf(file, one);
			const count = (seen.get(title) ?? 0) + 1;
			seen.set(title, count);
			known.set(one, count === 1 ? title : `${title} (${count})`);
		}
		keys.set(file, known);
	}
	return known.get(section) ?? '';
}

export function sectionOf(file: MessageFile, key: string): Section | undefined {
	return file.sections.find((section) => section.request && keyOf(file, section) === key);
}

/** The request's own text: a result belongs to it as long as it is the same. */
export function textOf(file: MessageFile, section: Section): string {
	const { request } = section;
	return request ? file.text.slice(request.start, request.end) : '';
}

export function rangeIn(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
	return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** The section that the cursor stands in. */
export function sectionAtCursor(editor: vscode.TextEditor): Section | undefined {
	const offset = editor.document.offsetAt(editor.selection.active);
	return parsed(editor.document).sections.findLast(({ start, request }) => request && start <= offset);
}
