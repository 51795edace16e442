import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Field, Values } from '../../src/model/profile/field';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import type { PickBytes } from './bytes';
import type { FieldChange, FieldElement } from './field';
import './field';
import { isShown, problem } from './values';

/** Choices with a longer label than this take two columns, so that the label is not cut. Characters. */
const longChoice = 20;

/** How much room a field takes in the grid. */
function room(field: Field): 'full' | 'double' | 'single' {
	if (field.type === 'pairs' || field.type === 'multiline' || field.type === 'bytes') return 'full';
	const isLong = field.type === 'choice' && field.choices.some(({ label }) => label.length > longChoice);
	return isLong ? 'double' : 'single';
}

/** A grid of fields. Advanced fields are folded into a second grid; the button above it states how many of them are set. */
@customElement('mw-fields')
export class Fields extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; container-type: inline-size; }
			.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 150px), 1fr)); gap: 6px 10px; align-items: end; }
			.full { grid-column: 1 / -1; }
			@container (min-width: 320px) { .double { grid-column: span 2; } }
			.more { display: flex; margin: 2px 0; }
		`,
	];
	@property({ attribute: false }) fields: readonly Field[] = [];
	@property({ attribute: false }) values: Values = {};
	/** The form was submitted, so that problems show in fields which the user has not filled in. */
	@property({ type: Boolean }) submitted = false;
	/** Refusals by key of the field, shown at the fields. */
	@property({ attribute: false }) refusals: Readonly<Record<string, string>> = {};
	onChange: FieldChange = () => {};
	/** For fields for bytes. */
	@property({ attribute: false }) pickBytes: PickBytes | undefined;
	@state() private more = false;

	/** Moves the focus to the first field with a problem. */
	async focusProblem() {
		const isWrong = (field: Field) =>
			isShown(field, this.fields, this.values) && problem(field, this.values[field.key]) !== undefined;
		const field = this.fields.find(isWrong);
		if (field) await this.focusField(field.key);
	}

	/** Moves the focus into a field, and unfolds it if necessary. False if it is not shown. */
	async focusField(key: string): Promise<boolean> {
		const field = this.fields.find((one) => one.key === key);
		if (!field || !isShown(field, this.fields, this.values)) return false;
		if (field.advanced) this.more = true;
		await this.updateComplete;
		const found = [...this.renderRoot.querySelectorAll<FieldElement>('mw-field')].find((one) => one.field.key === key);
		if (!found) return false;
		await found.updateComplete;
		found.focus();
		found.scrollIntoView({ block: 'nearest' });
		return true;
	}

	private grid(fields: readonly Field[]) {
		if (fields.length === 0) return nothing;
		const field = (one: Field) => html`<mw-field class=${room(one)} .field=${one} .value=${this.values[one.key]}
			.submitted=${this.submitted} .refusal=${this.refusals[one.key]} .pickBytes=${this.pickBytes} .onChange=${this.onChange}></mw-field>`;
		return html`<div class="grid">${fields.map(field)}</div>`;
	}

	private moreButton(hidden: readonly Field[]) {
		if (hidden.length === 0) return nothing;
		const set = hidden.filter((field) => this.values[field.key] !== undefined).length;
		const label = this.more ? 'Fewer options' : set > 0 ? `More options (${set} set)` : 'More options';
		const toggle = () => {
			this.more = !this.more;
		};
		return html`<div class="more"><button class="tool" type="button" aria-expanded=${this.more} @click=${toggle}>
			${icon(this.more ? 'chevron-down' : 'chevron-right')} ${label}</button></div>`;
	}

	override render() {
		const shown = this.fields.filter((field) => isShown(field, this.fields, this.values));
		const hidden = shown.filter((field) => field.advanced);
		return html`${this.grid(shown.filter((field) => !field.advanced))}
			${this.moreButton(hidden)}${this.more ? this.grid(hidden) : nothing}`;
	}
}
