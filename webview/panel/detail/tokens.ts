import { css, html, type TemplateResult } from 'lit';
import { visible } from '../../base/words';

/** The theme's colors for values in the debugger: the only token colors that the editor passes to a page. */
export const tokenStyles = css`
	.key { color: var(--vscode-debugTokenExpression-name, var(--vscode-symbolIcon-propertyForeground, inherit)); }
	.string { color: var(--vscode-debugTokenExpression-string, inherit); }
	.number { color: var(--vscode-debugTokenExpression-number, inherit); }
	.word { color: var(--vscode-debugTokenExpression-boolean, inherit); }
	.tag { color: var(--vscode-debugTokenExpression-type, var(--vscode-symbolIcon-classForeground, var(--dim))); }
	.comment, .offset { color: var(--dim); }
	.comment { display: inline-block; max-width: 100%; }
`;

/** A part of a line; without a class it is plain text. */
export interface Token {
	text: string;
	class?: 'key' | 'string' | 'number' | 'word' | 'tag' | 'comment' | 'offset';
}

/**
 * A token of JSON or of diagnostic notation (RFC 8949 section 8): text and byte strings, comments, numbers and words. A
 * colon makes it a key, an opening parenthesis the number of a tag.
 */
const pattern =
	/("(?:[^"\\]|\\.)*"|h'[0-9a-f]*'|\/ [^/]* \/|-?\d[\d.eE+-]*|-?\b(?:true|false|null|undefined|NaN|Infinity|simple|ext)\b)(\s*:|\()?/g;
/** A longer line is shown without colors. Characters. */
const maxColored = 2000;

/** The parts of one line of JSON, of diagnostic notation or of a hex dump. Together they are the line. */
export function tokensOf(line: string, language: string): Token[] {
	if (line.length > maxColored) return [{ text: line }];
	if (language === 'hex') return hexTokens(line);
	const parts: Token[] = [];
	let at = 0;
	for (const match of line.matchAll(pattern)) {
		const [whole, text = '', after = ''] = match;
		if (match.index > at) parts.push({ text: line.slice(at, match.index) });
		at = match.index + whole.length;
		parts.push({ text, class: classOf(text, after) });
		if (after !== '') parts.push({ text: after });
	}
	if (at < line.length) parts.push({ text: line.slice(at) });
	return parts;
}

function classOf(text: string, after: string): NonNullable<Token['class']> {
	if (after === '(') return 'tag';
	if (after !== '') return 'key';
	if (/^["h]/.test(text)) return 'string';
	if (text.startsWith('/')) return 'comment';
	return /^-?\d/.test(text) ? 'number' : 'word';
}

/** A dump as the engine writes it: an offset of eight digits has 16 bytes per line, one of six has 8 or 4. */
function hexTokens(line: string): Token[] {
	const offset = line.indexOf('  ');
	const bytes = offset === 8 ? 50 : line.length > 30 ? 25 : 13;
	const ascii = offset + 2 + bytes;
	return [
		{ text: line.slice(0, offset), class: 'offset' },
		{ text: line.slice(offset, ascii) },
		{ text: line.slice(ascii), class: 'string' },
	];
}

/** Start and end of a part of a line. Characters. */
export type Range = readonly [from: number, to: number];

/** Plain text is no template: a large payload has tens of thousands of parts. */
type Drawn = string | TemplateResult;

/** Draws tokens; characters in one of the ranges, in order, are put into `mark`. The result has no white space of its own. */
export function drawTokens(
	tokens: readonly Token[],
	ranges: readonly Range[] = [],
	mark: (content: Drawn) => Drawn = (content) => content,
): Drawn[] {
	const parts: Drawn[] = [];
	let at = 0;
	let next = 0;
	for (const token of tokens) {
		for (let from = 0; from < token.text.length; ) {
			while (next < ranges.length && (ranges[next] as Range)[1] <= at) next++;
			const [start, end] = ranges[next] ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
			const isMarked = at >= start;
			const length = Math.min(token.text.length - from, (isMarked ? end : start) - at);
			const part = drawPart(token.text.slice(from, from + length), token.class);
			parts.push(isMarked ? mark(part) : part);
			from += length;
			at += length;
		}
	}
	return parts;
}

const drawPart = (text: string, name: Token['class']): Drawn =>
	name === undefined ? visibleLine(text) : html`<span class=${name}>${visibleLine(text)}</span>`;

/** Makes control characters visible, except tabs. */
export const visibleLine = (text: string): string => text.split('\t').map(visible).join('\t');

/**
 * The foldable ranges of a text with one value a line: from the line of an opening bracket to that of the closing one.
 * `{_`, `[_` and `(_` open a container of indefinite length.
 */
export function foldRanges(lines: readonly string[]): Map<number, number> {
	const found = new Map<number, number>();
	const open: number[] = [];
	lines.forEach((line, at) => {
		if (/^\s*[\]})]/.test(line)) {
			const from = open.pop();
			if (from !== undefined && at > from + 1) found.set(from, at);
		}
		if (/[[{(]_?$/.test(line)) open.push(at);
	});
	return found;
}
