import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { emit } from '../base/emit';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';

/** Texts in an order. Says `mw-rows`. */
@customElement('mw-list')
export class List extends LitElement {
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
	@property({ attribute: false }) value: string[] = [];

	private say(rows: string[]) {
		emit(this, 'mw-rows', rows.length > 0 ? rows : undefined);
	}

	private async add() {
		this.say([...this.value, '']);
		await new Promise(requestAnimationFrame);
		this.renderRoot.querySelector<HTMLInputElement>('.line:last-of-type input')?.focus();
	}

	override render() {
		return html`${this.value.map(
			(text, at) => html`<div class="line"><input class="text" spellcheck="false" .value=${text}
					aria-label=${`${this.label} ${at + 1}`}
					@input=${(event: Event) =>
						this.say(this.value.map((old, index) => (index === at ? (event.target as HTMLInputElement).value : old)))}>
				<button class="tool" title="Remove" aria-label=${`Remove ${this.label} ${at + 1}`}
					@click=${() => this.say(this.value.filter((_, index) => index !== at))}>${icon('close')}</button></div>`,
		)}<button class="tool" @click=${this.add}>${icon('add')} Add</button>`;
	}
}
