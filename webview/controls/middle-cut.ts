import { css, html, type TemplateResult } from 'lit';
import { visible } from '../base/words';

export const middleCutStyles = css`
	.middle { display: flex; min-width: 0; overflow: hidden; white-space: pre; }
	.middle > * { overflow: hidden; text-overflow: ellipsis; }
	.middle > .start { flex: 0 1 auto; min-width: 0; }
	.middle > .end { flex: 0 0 auto; max-width: calc(100% - 3ch); }
	mark { color: inherit; background: var(--vscode-editor-findMatchHighlightBackground, transparent);
		outline: 1px solid var(--vscode-editor-findMatchHighlightBorder, transparent); outline-offset: -1px; border-radius: 2px; }
`;

/** Characters of the end that stays visible: whole levels up to the first number, or a part of a longer level. */
const longestEnd = 16;
const partEnd = 12;

/** Right-to-left text is laid out as a whole: its two parts would change places. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Index at which a name is split: what comes before is cut where room is lacking, what comes behind stays visible. */
export function splitAt(name: string, separator?: string): number {
	if (name.length <= longestEnd || rightToLeft.test(name)) return name.length;
	const level = separator ? name.indexOf(separator, name.length - longestEnd) : -1;
	if (level >= 0 && level < name.length - 1) return level;
	const at = name.length - partEnd;
	const isLowSurrogate = (name.charCodeAt(at) & 0xfc00) === 0xdc00;
	return isLowSurrogate ? at - 1 : at;
}

/** A name on one line that is cut in its middle, with marks at ranges: start and end alternately. */
export function middleCut(name: string, separator?: string, marks: readonly number[] = []): TemplateResult {
	const at = splitAt(name, separator);
	const end = name.slice(at);
	const endMarks = marks.map((index) => Math.max(0, index - at));
	return html`<bdi class="middle" dir="ltr"><span class="start">${marked(name.slice(0, at), marks)}</span>${
		end === '' ? '' : html`<span class="end">${marked(end, endMarks)}</span>`
	}</bdi>`;
}

/** A text from outside on one line with marks. Ranges that are out of order or empty are ignored. */
export function marked(text: string, marks: readonly number[] = []): string | (string | TemplateResult)[] {
	if (marks.length === 0) return visible(text);
	const pieces: (string | TemplateResult)[] = [];
	let done = 0;
	for (let at = 0; at + 1 < marks.length; at += 2) {
		const from = Math.min(marks[at] as number, text.length);
		const to = Math.min(marks[at + 1] as number, text.length);
		if (from < done || to <= from) continue;
		pieces.push(visible(text.slice(done, from)), html`<mark>${visible(text.slice(from, to))}</mark>`);
		done = to;
	}
	pieces.push(visible(text.slice(done)));
	return pieces;
}
