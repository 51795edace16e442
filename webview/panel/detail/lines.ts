import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DiffLine } from '../../../src/model/contracts/message';
import { cutText } from '../../../src/model/text/text';
import { controls, shared } from '../../base/styles';
import { icon } from '../../controls/icons';
import { drawTokens, foldRanges, tokenStyles, tokensOf, visibleLine } from './tokens';
import { type Run, unchangedRuns } from './unchanged';

/** Maximum size of a block; the browser skips the layout of blocks that are out of sight. */
const block = { lines: 200, characters: 16_000 };
/** A longer line is drawn in pieces: the layout of a single very long line takes seconds. Characters. */
const maxLine = 4000;
/** Above this number of lines nothing is colored, since the spans cost too much. */
const maxColoredLines = 3000;

/** Languages of one value a line with brackets around nested ones. */
const foldable: readonly string[] = ['json', 'diagnostic'];
const colored: readonly string[] = [...foldable, 'hex'];

/** Text as selectable, wrapped lines. JSON and diagnostic notation can be folded; the lines of a hex dump are not wrapped. */
@customElement('mw-lines')
export class Lines extends LitElement {
	static override styles = [
		shared,
		controls,
		tokenStyles,
		css`
			:host { display: block; font-family: var(--mono); font-size: var(--vscode-editor-font-size, 13px); line-height: 1.4; tab-size: 2; }
			.block { content-visibility: auto; contain-intrinsic-size: auto 3640px; }
			.line { display: flex; }
			.fold { flex: none; width: 16px; height: 1.4em; padding: 0; border: 0; background: none; color: var(--dim); cursor: pointer; }
			.fold .icon { width: 12px; font-size: 12px; vertical-align: -1px; }
			.text { flex: 1 1 0; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.4em; unicode-bidi: plaintext; }
			:host([language='hex']) { overflow-x: auto; }
			:host([language='hex']) .text { white-space: pre; }
			.added { background: var(--vscode-diffEditor-insertedLineBackground, var(--vscode-diffEditor-insertedTextBackground)); }
			.removed { background: var(--vscode-diffEditor-removedLineBackground, var(--vscode-diffEditor-removedTextBackground)); }
			/* The colors of tokens have too little contrast there. */
			:is(.added, .removed) .text * { color: inherit; }
			ins, del { text-decoration: none; }
			ins.part { background: var(--vscode-diffEditor-insertedTextBackground); outline: 1px dashed var(--vscode-diffEditor-insertedTextBorder, transparent); outline-offset: -1px; }
			del.part { background: var(--vscode-diffEditor-removedTextBackground); outline: 1px dashed var(--vscode-diffEditor-removedTextBorder, transparent); outline-offset: -1px; }
			.mark { flex: none; width: 2ch; text-align: center; user-select: none; }
		`,
	];
	@property() text = '';
	@property({ reflect: true }) language = 'plaintext';
	/** The lines of a comparison, shown in place of the text. */
	@property({ attribute: false }) changes: readonly DiffLine[] | undefined;
	@state() private folded = new Set<number>();
	/** First lines of the unchanged runs that the user has opened. */
	@state() private opened = new Set<number>();
	private runs = new Map<number, Run>();
	private lines: string[] = [];
	private ranges = new Map<number, number>();

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('text') && !changed.has('language') && !changed.has('changes')) return;
		this.lines = this.changes ? this.changes.map(({ text }) => text) : this.text.split('\n').flatMap(pieces);
		this.ranges = foldable.includes(this.language) && !this.changes ? foldRanges(this.lines) : new Map();
		this.runs = this.changes ? unchangedRuns(this.changes) : new Map();
		this.opened = new Set();
		// Lines stay folded when a newer message of the same shape is shown.
		this.folded = new Set([...this.folded].filter((line) => this.ranges.has(line)));
	}

	private toggle(line: number) {
		const folded = new Set(this.folded);
		if (!folded.delete(line)) folded.add(line);
		this.folded = folded;
	}

	private foldButton(at: number, isFolded: boolean) {
		if (this.ranges.size === 0) return nothing;
		if (!this.ranges.has(at)) return html`<span class="fold"></span>`;
		return html`<button class="fold" aria-expanded=${!isFolded} aria-label=${`Fold line ${at + 1}`}
			@click=${() => this.toggle(at)}>${icon(isFolded ? 'chevron-right' : 'chevron-down')}</button>`;
	}

	private tokens(text: string) {
		const isColored = colored.includes(this.language) && this.lines.length <= maxColoredLines;
		return isColored ? tokensOf(text, this.language) : [{ text }];
	}

	/** The text of a line is preformatted, so its template has no white space. */
	private line(at: number): TemplateResult {
		const change = this.changes?.[at];
		const run = this.runs.get(at);
		if (run && !this.opened.has(at)) return this.hiddenRun(run);
		if (change) return this.changedLine(change);
		const end = this.ranges.get(at);
		const isFolded = this.folded.has(at);
		const rest = isFolded && end !== undefined ? this.foldedRest(at, end) : nothing;
		return html`<div class="line">${this.foldButton(at, isFolded)}<span
			class="text">${drawTokens(this.tokens(this.lines[at] ?? ''))}${rest}</span></div>`;
	}

	/** A line of a comparison. Where both sides have parts in common, only the others are marked. */
	private changedLine({ kind, text, changed }: DiffLine): TemplateResult {
		const tokens = this.tokens(text);
		if (kind === 'same')
			return html`<div class="line"><span class="mark"></span><span class="text">${drawTokens(tokens)}</span></div>`;
		const isAdded = kind === 'added';
		const mark = html`<span class="mark" role="img" aria-label=${isAdded ? 'Added' : 'Removed'}>${isAdded ? '+' : '−'}</span>`;
		const part = (content: string | TemplateResult) =>
			isAdded ? html`<ins class="part">${content}</ins>` : html`<del class="part">${content}</del>`;
		const whole = (content: TemplateResult) => (isAdded ? html`<ins>${content}</ins>` : html`<del>${content}</del>`);
		const content = changed ? html`${drawTokens(tokens, changed, part)}` : whole(html`${drawTokens(tokens)}`);
		return html`<div class=${`line ${kind}`}>${mark}<span class="text">${content}</span></div>`;
	}

	private hiddenRun({ from, to }: Run) {
		const open = () => {
			this.opened = new Set([...this.opened, from]);
		};
		return html`<div class="line"><span class="mark"></span><button class="link dim" @click=${open}>… ${to - from} unchanged lines …</button></div>`;
	}

	private foldedRest(at: number, end: number) {
		const last = visibleLine((this.lines[end] ?? '').trim());
		return html`<button class="link dim" @click=${() => this.toggle(at)}> … ${end - at - 1} lines … </button>${last}`;
	}

	override render() {
		const shown: number[] = [];
		for (let at = 0; at < this.lines.length; at++) {
			shown.push(at);
			const run = this.opened.has(at) ? undefined : this.runs.get(at);
			if (run) at = run.to - 1;
			else if (this.folded.has(at)) at = this.ranges.get(at) ?? at;
		}
		const blocks: number[][] = [[]];
		let room = block.characters;
		for (const at of shown) {
			const last = blocks.at(-1) as number[];
			room -= this.lines[at]?.length ?? 0;
			last.push(at);
			if (last.length < block.lines && room > 0) continue;
			blocks.push([]);
			room = block.characters;
		}
		return html`${blocks.map((lines) => html`<div class="block">${lines.map((at) => this.line(at))}</div>`)}`;
	}
}

function pieces(line: string): string[] {
	if (line.length <= maxLine) return [line];
	const parts: string[] = [];
	for (let from = 0; from < line.length; ) {
		const part = cutText(line.slice(from, from + maxLine + 1), maxLine);
		parts.push(part);
		from += part.length;
	}
	return parts;
}
