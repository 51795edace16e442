import { css, html, type TemplateResult } from 'lit';
import { visible } from '../../base/words';

/** The theme's colors for values in its own debugger: the only ones for tokens that a page is given. */
export const tokenStyles = css`
	.key { color: var(--vscode-debugTokenExpression-name, var(--vscode-symbolIcon-propertyForeground, inherit)); }
	.string { color: var(--vscode-debugTokenExpression-string, inherit); }
	.number { color: var(--vscode-debugTokenExpression-number, inherit); }
	.word { color: var(--vscode-debugTokenExpression-boolean, inherit); }
`;

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;
/** A longer line is shown without colors. */
const longest = 2000;

/** One line of JSON as texts in spans. */
export function colored(line: string): string | (string | TemplateResult)[] {
	if (line.length > longest) return visible(line);
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
