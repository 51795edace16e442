import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import { toolButton } from '../controls/tool-button';

/** Editable rows with a button to remove each and one to add another. */
export abstract class Rows<Row> extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; width: 100%; }
			.line { display: flex; gap: 4px; margin-bottom: 4px; align-items: center; }
			.line input { flex: 1 1 0; }
		`,
	];
	@property() label = '';
	@property({ attribute: false }) value: Row[] = [];
	/** Called with all rows; undefined when there are none. */
	onRows: (rows: Row[] | undefined) => void = () => {};

	protected abstract readonly empty: Row;
	protected abstract inputs(row: Row, at: number): TemplateResult;

	private change(rows: Row[]) {
		this.onRows(rows.length > 0 ? rows : undefined);
	}

	protected replace(at: number, row: Row) {
		this.change(this.value.map((old, index) => (index === at ? row : old)));
	}

	protected input(label: string, text: string, change: (text: string) => void, placeholder = '') {
		return html`<input class="text" spellcheck="false" aria-label=${label} placeholder=${placeholder} .value=${text}
			@input=${(event: Event) => change((event.target as HTMLInputElement).value)}>`;
	}

	private async add() {
		this.change([...this.value, this.empty]);
		await new Promise(requestAnimationFrame);
		this.renderRoot.querySelector<HTMLElement>('.line:last-of-type :is(input, mw-bytes)')?.focus();
	}

	override render() {
		const remove = (at: number) => this.change(this.value.filter((_, index) => index !== at));
		const line = (row: Row, at: number) =>
			html`<div class="line">${this.inputs(row, at)}
				${toolButton('close', `Remove ${this.label} ${at + 1}`, () => remove(at), { title: 'Remove' })}</div>`;
		return html`${this.value.map(line)}<button class="tool" @click=${this.add}>${icon('add')} Add</button>`;
	}
}

/** An ordered list of texts. */
@customElement('mw-list')
export class List extends Rows<string> {
	protected override readonly empty = '';

	protected override inputs(text: string, at: number) {
		return this.input(`${this.label} ${at + 1}`, text, (changed) => this.replace(at, changed));
	}
}

/** Pairs of a name and a value; order and duplicates are preserved. */
@customElement('mw-pairs')
export class Pairs extends Rows<[string, string]> {
	protected override readonly empty: [string, string] = ['', ''];

	/** What the two parts are called. */
	@property({ attribute: false }) words: readonly [string, string] = ['name', 'value'];

	protected override inputs([name, value]: [string, string], at: number) {
		const [first, second] = this.words;
		const label = (word: string) => `${this.label}: ${word} ${at + 1}`;
		return html`${this.input(label(first), name, (text) => this.replace(at, [text, value]), first)}
			${this.input(label(second), value, (text) => this.replace(at, [name, text]), second)}`;
	}
}
