import { css, html, type TemplateResult } from 'lit';
import { visible } from '../../base/words';

/** The range of a match in a text: its start, and one past its end. */
export type Range = readonly [from: number, to: number];

/** Maximum matches that are marked in one text. */
const maxMarks = 50;

export const markStyles = css`
	mark { background: none; color: var(--vscode-list-highlightForeground, inherit); font-weight: 600; }
	mw-virtual-list:focus .line.on mark { color: var(--vscode-list-focusHighlightForeground, inherit); }
`;

/** Like the engine's filter, ignores the case of ASCII letters. Keeps the length of the text. */
const fold = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Where a text contains another one. */
export function matchesIn(text: string, wanted: string): Range[] {
	const found: Range[] = [];
	if (wanted === '') return found;
	const folded = fold(text);
	const searched = fold(wanted);
	for (let at = folded.indexOf(searched); at >= 0 && found.length < maxMarks; at = folded.indexOf(searched, at)) {
		found.push([at, at + wanted.length]);
		at += wanted.length;
	}
	return found;
}

/** A part of a text, with the matches in it marked. `start`: where the part begins in the text of the ranges. */
export function withMarks(part: string, ranges: readonly Range[], start = 0): TemplateResult {
	const pieces: (string | TemplateResult)[] = [];
	let done = 0;
	for (const [from, to] of ranges) {
		const begin = Math.max(done, from - start);
		const end = Math.min(part.length, to - start);
		if (end <= begin) continue;
		pieces.push(visible(part.slice(done, begin)), html`<mark>${visible(part.slice(begin, end))}</mark>`);
		done = end;
	}
	pieces.push(visible(part.slice(done)));
	return html`${pieces}`;
}
