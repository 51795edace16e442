import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Field, Values } from '../../src/model/profile/field';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import './field';
import { isShown } from './values';

/** A set of fields side by side; the advanced ones are folded away unless one of them is set. */
@customElement('mw-fields')
export class Fields extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; }
			.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 6px 10px; align-items: end; }
			button.tool { justify-self: start; }
			.wide { grid-column: 1 / -1; }
		`,
	];
	@property({ attribute: false }) fields: readonly Field[] = [];
	@property({ attribute: false }) values: Values = {};
	@state() private more = false;

	override render() {
		const shown = this.fields.filter((field) => isShown(field, this.fields, this.values));
		const hidden = shown.filter((field) => field.advanced);
		const set = hidden.filter((field) => this.values[field.key] !== undefined).length;
		const draw = (field: Field) =>
			html`<mw-field class=${field.type === 'pairs' || field.type === 'multiline' ? 'wide' : ''} .field=${field} .value=${this.values[field.key]}></mw-field>`;
		const words = this.more ? 'Fewer options' : set > 0 ? `More options (${set} set)` : 'More options';
		return html`<div class="grid">${shown.filter((field) => !field.advanced).map(draw)}
			${
				hidden.length > 0
					? html`<button class="tool" aria-expanded=${this.more} @click=${() => {
							this.more = !this.more;
						}}>${icon(this.more ? 'chevron-down' : 'chevron-right')} ${words}</button>`
					: nothing
			}
			${this.more ? hidden.map(draw) : nothing}</div>`;
	}
}
