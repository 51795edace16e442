import * as vscode from 'vscode';
import { cutText } from '../../model/text/text';
import { visibleText } from './visible-text';

/** UTF-16 units of a tooltip. */
const most = 2000;

/** Markdown that shows exactly this text of several lines: escaped, untrusted, no icons, no HTML, no link. */
export function plainMarkdown(text: string): vscode.MarkdownString {
	const markdown = new vscode.MarkdownString('', false);
	markdown.isTrusted = false;
	markdown.supportHtml = false;
	// An address of mail would become a link of its own.
	const lines = cutText(text, most)
		.split('\n')
		.map((line) => visibleText(line, most).replace(/(?<=[\w.+-]@)(?=[\w-])/g, '\u2060'));
	markdown.appendText(lines.join('\n'));
	return markdown;
}
