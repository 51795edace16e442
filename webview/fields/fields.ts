import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Field, Values } from '../../src/model/profile/field';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import type { FieldChange, FieldElement } from './field';
import './field';
import { isShown } from './values';

const focusable =
	'input, select, textarea, button, vscode-text-field, vscode-text-area, vscode-checkbox, mw-pairs, mw-list';

/** A grid of fields. Advanced fields are folded; the button states how many of them are set. */
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
	/** Refusals by key of the field, shown at the fields. */
	@property({ attribute: false }) refusals: Readonly<Record<string, string>> = {};
	onChange: FieldChange = () => {};
	@state() private more = false;

	/** Moves the focus into a field, and unfolds it if necessary. False if it is not shown. */
	async focusField(key: string): Promise<boolean> {
		const field = this.fields.find((one) => one.key === key);
		if (!field || !isShown(field, this.fields, this.values)) return false;
		if (field.advanced) this.more = true;
		await this.updateComplete;
		const element = [...this.renderRoot.querySelectorAll<FieldElement>('mw-field')].find(
			(one) => one.field.key === key,
		);
		await element?.updateComplete;
		const control = element?.renderRoot.querySelector<HTMLElement>(focusable);
		control?.focus();
		control?.scrollIntoView({ block: 'nearest' });
		return control !== undefined && control !== null;
	}

	private field(field: Field) {
		const style = field.type === 'pairs' || field.type === 'multiline' ? 'wide' : '';
		return html`<mw-field class=${style} .field=${field} .value=${this.values[field.key]}
			.refusal=${this.refusals[field.key]} .onChange=${this.onChange}></mw-field>`;
	}

	private moreButton(hidden: readonly Field[]) {
		if (hidden.length === 0) return nothing;
		const set = hidden.filter((field) => this.values[field.key] !== undefined).length;
		const label = this.more ? 'Fewer options' : set > 0 ? `More options (${set} set)` : 'More options';
		const toggle = () => {
			this.more = !this.more;
		};
		return html`<button class="tool" aria-expanded=${this.more} @click=${toggle}>
			${icon(this.more ? 'chevron-down' : 'chevron-right')} ${label}</button>`;
	}

	override render() {
		const shown = this.fields.filter((field) => isShown(field, this.fields, this.values));
		const hidden = shown.filter((field) => field.advanced);
		return html`<div class="grid">${shown.filter((field) => !field.advanced).map((field) => this.field(field))}
			${this.moreButton(hidden)}${this.more ? hidden.map((field) => this.field(field)) : nothing}</div>`;
	}
}
