import { css, html, type TemplateResult } from 'lit';
import { visible } from '../../base/words';

/** The theme's colors for values in the debugger: the only token colors that the editor passes to a page. */
export const tokenStyles = css`
	.key { color: var(--vscode-debugTokenExpression-name, var(--vscode-symbolIcon-propertyForeground, inherit)); }
	.string { color: var(--vscode-debugTokenExpression-string, inherit); }
	.number { color: var(--vscode-debugTokenExpression-number, inherit); }
	.word { color: var(--vscode-debugTokenExpression-boolean, inherit); }
`;

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;
/** A longer line is shown without colors. Characters. */
const maxColored = 2000;

/** One line of JSON as text in colored spans. */
export function colored(line: string): string | (string | TemplateResult)[] {
	if (line.length > maxColored) return visible(line);
	const parts: (string | TemplateResult)[] = [];
	let at = 0;
	for (const match of line.matchAll(token)) {
		parts.push(line.slice(at, match.index));
		const [whole, string, colon, number] = match;
		at = match.index + whole.length;
		if (string !== undefined) {
			parts.push(html`<span class=${colon === undefined ? 'string' : 'key'}>${visible(string)}</span>`, colon ?? '');
		} else {
			parts.push(html`<span class=${number === undefined ? 'word' : 'number'}>${whole}</span>`);
		}
	}
	parts.push(visible(line.slice(at)));
	return parts;
}

/** The foldable ranges of JSON with one value a line: from the line of an opening bracket to that of the closing one. */
export function foldRanges(lines: readonly string[]): Map<number, number> {
	const found = new Map<number, number>();
	const open: number[] = [];
	lines.forEach((line, at) => {
		if (/^\s*[\]}]/.test(line)) {
			const from = open.pop();
			if (from !== undefined && at > from + 1) found.set(from, at);
		}
		if (/[[{]$/.test(line)) open.push(at);
	});
	return found;
}
