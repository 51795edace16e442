import * as vscode from 'vscode';
import { cutText } from '../../model/text/text';
import { visibleText } from './visible-text';

/** Limit of a tooltip, in UTF-16 units. */
const maxLength = 2000;

/** Markdown that shows exactly this text, which can have several lines: escaped, untrusted, without icons, HTML or links. */
export function plainMarkdown(text: string): vscode.MarkdownString {
	const markdown = new vscode.MarkdownString('', false);
	markdown.isTrusted = false;
	markdown.supportHtml = false;
	// A word joiner after the @ keeps a mail address from becoming a link.
	const lines = cutText(text, maxLength)
		.split('\n')
		.map((line) => visibleText(line, maxLength).replace(/(?<=[\w.+-]@)(?=[\w-])/g, '\u2060'));
	markdown.appendText(lines.join('\n'));
	return markdown;
}
