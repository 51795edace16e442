import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { cutText } from '../../../src/model/text/text';
import { shared } from '../../base/styles';
import { visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { folds } from './folding';
import { colored, tokenStyles } from './json-colors';

/** Lines and characters at most in one block; the browser skips a block that is out of sight. */
const block = { lines: 200, characters: 16_000 };
/** A longer line is drawn in pieces: the layout of one endless line takes seconds. */
const longest = 4000;
/** Beyond this many lines colors cost more than they help. */
const mostColored = 3000;

/** Text as lines: selectable, wrapped, with numbers; JSON can be folded. */
@customElement('mw-lines')
export class Lines extends LitElement {
	static override styles = [
		shared,
		tokenStyles,
		css`
			:host { display: block; font-family: var(--mono); font-size: var(--vscode-editor-font-size, 13px); line-height: 1.4; tab-size: 2; }
			.block { content-visibility: auto; contain-intrinsic-size: auto 3640px; }
			.line { display: flex; }
			.fold { flex: none; width: 16px; height: 1.4em; padding: 0; border: 0; background: none; color: var(--dim); cursor: pointer; }
			.fold .icon { width: 12px; font-size: 12px; vertical-align: -1px; }
			.text { flex: 1 1 0; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.4em; unicode-bidi: plaintext; }
			.added { background: var(--vscode-diffEditor-insertedLineBackground, var(--vscode-diffEditor-insertedTextBackground)); border: 0 solid var(--vscode-diffEditor-insertedTextBorder, transparent); }
			.removed { background: var(--vscode-diffEditor-removedLineBackground, var(--vscode-diffEditor-removedTextBackground)); }
			.mark { flex: none; width: 2ch; text-align: center; user-select: none; }
		`,
	];
	@property() text = '';
	@property() language = 'plaintext';
	/** One of "same", "added", "removed" for each line, in a comparison. */
	@property({ attribute: false }) kinds: readonly string[] | undefined;
	@state() private folded = new Set<number>();
	private lines: string[] = [];
	private ranges = new Map<number, number>();

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('text') && !changed.has('language') && !changed.has('kinds')) return;
		this.lines = this.text.split('\n').flatMap((line) => (this.kinds ? [line] : pieces(line)));
		this.ranges = this.language === 'json' && !this.kinds ? folds(this.lines) : new Map();
		// The same place stays folded when a newer message of the same shape is shown.
		this.folded = new Set([...this.folded].filter((line) => this.ranges.has(line)));
	}

	private toggle(line: number) {
		const folded = new Set(this.folded);
		if (!folded.delete(line)) folded.add(line);
		this.folded = folded;
	}

	private line(at: number): TemplateResult {
		const text = this.lines[at] ?? '';
		const end = this.ranges.get(at);
		const folded = this.folded.has(at);
		const kind = this.kinds?.[at];
		const shown = this.language === 'json' && this.lines.length <= mostColored ? colored(text) : visibleLine(text);
		return html`<div class=${`line ${kind ?? ''}`}>${kind ? html`<span class="mark" aria-label=${kind}>${{ added: '+', removed: '−' }[kind] ?? ' '}</span>` : nothing}${
			this.ranges.size === 0
				? nothing
				: end === undefined
					? html`<span class="fold"></span>`
					: html`<button class="fold" aria-expanded=${!folded} aria-label=${`Fold line ${at + 1}`} @click=${() => this.toggle(at)}>${icon(folded ? 'chevron-right' : 'chevron-down')}</button>`
		}<span class="text">${shown}${folded && end !== undefined ? html`<button class="link dim" @click=${() => this.toggle(at)}> … ${end - at - 1} lines … </button>${visibleLine((this.lines[end] ?? '').trim())}` : nothing}</span></div>`;
	}

	override render() {
		const shown: number[] = [];
		for (let at = 0; at < this.lines.length; at++) {
			shown.push(at);
			if (this.folded.has(at)) at = this.ranges.get(at) ?? at;
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
	if (line.length <= longest) return [line];
	const parts: string[] = [];
	for (let from = 0; from < line.length; ) {
		const part = cutText(line.slice(from, from + longest + 1), longest);
		parts.push(part);
		from += part.length;
	}
	return parts;
}

/** Keeps tabs, shows everything else that would act on the line. */
const visibleLine = (text: string) => text.split('\t').map(visible).join('\t');
