import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { emit } from '../base/emit';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';

const styles = css`
	:host { display: block; width: 100%; }
	.line { display: flex; gap: 4px; margin-bottom: 4px; }
	.line input { flex: 1 1 0; }
	button.tool { align-self: center; }
`;

/** Names with values: their order and their duplicates are kept. Says `mw-rows`. */
@customElement('mw-pairs')
export class Pairs extends LitElement {
	static override styles = [shared, controls, styles];
	@property() label = '';
	@property({ attribute: false }) value: [string, string][] = [];

	private say(rows: [string, string][]) {
		emit(this, 'mw-rows', rows.length > 0 ? rows : undefined);
	}

	private set(at: number, part: 0 | 1, text: string) {
		this.say(
			this.value.map(([name, value], index): [string, string] =>
				index !== at ? [name, value] : part === 0 ? [text, value] : [name, text],
			),
		);
	}

	private async add() {
		this.say([...this.value, ['', '']]);
		await new Promise(requestAnimationFrame);
		this.renderRoot.querySelector<HTMLInputElement>('.line:last-of-type input')?.focus();
	}

	override render() {
		const input = (at: number, part: 0 | 1, text: string) =>
			html`<input class="text" spellcheck="false" aria-label=${`${this.label}: ${part === 0 ? 'name' : 'value'} ${at + 1}`}
				placeholder=${part === 0 ? 'name' : 'value'} .value=${text}
				@input=${(event: Event) => this.set(at, part, (event.target as HTMLInputElement).value)}>`;
		return html`${this.value.map(
			([name, value], at) => html`<div class="line">${input(at, 0, name)}${input(at, 1, value)}
				<button class="tool" title="Remove" aria-label=${`Remove ${this.label} ${at + 1}`}
					@click=${() => this.say(this.value.filter((_, index) => index !== at))}>${icon('close')}</button></div>`,
		)}<button class="tool" @click=${this.add}>${icon('add')} Add</button>`;
	}
}
