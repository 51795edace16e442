import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { sentence } from '../../src/base/sentence';
import type { Field, FieldValue } from '../../src/model/profile/field';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import './rows';
import { problem, risk } from './values';

/** An undefined value means the default of the field. */
export type FieldChange = (key: string, value: FieldValue | undefined) => void;

type FieldOf<T extends Field['type']> = Extract<Field, { type: T }>;

const textOf = (event: Event) => (event.target as HTMLInputElement).value;

/** One field, drawn from its description. */
@customElement('mw-field')
export class FieldElement extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; min-width: 0; }
			label, .label { display: block; margin-bottom: 3px; }
			.control { display: flex; gap: 6px; align-items: center; }
			.control > :first-child { flex: 1 1 auto; min-width: 0; }
			.unit { color: var(--dim); }
			.help, .problem, .risk { margin-top: 3px; font-size: 0.92em; line-height: 1.4; }
			.help { color: var(--dim); }
			.problem { color: var(--bad); }
			.risk { color: var(--warn); }
			input.text, select { width: 100%; }
			vscode-text-field, vscode-text-area { width: 100%; }
		`,
	];
	@property({ attribute: false }) field!: Field;
	@property({ attribute: false }) value: FieldValue | undefined;
	/** Shows the help as a line below the control instead of a tooltip. */
	@property({ type: Boolean }) spacious = false;
	/** Why the value was refused after the form was submitted. */
	@property({ attribute: false }) refusal: string | undefined;
	onChange: FieldChange = () => {};
	/** Chooses a file for a field of the type "file". */
	onBrowse: (field: Field) => void = () => {};

	private change(value: FieldValue | undefined) {
		this.onChange(this.field.key, value);
	}

	private readonly onText = (event: Event) => {
		const text = textOf(event);
		this.change(text === '' ? undefined : text);
	};

	private readonly onNumber = (event: Event) => {
		const text = textOf(event).trim();
		this.change(text === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text);
	};

	private checkbox(field: FieldOf<'boolean'>): TemplateResult {
		const checked = this.value === undefined ? field.default : this.value === true;
		return html`<vscode-checkbox .checked=${checked}
			@change=${(event: Event) => this.change((event.target as HTMLInputElement).checked)}>${field.label}</vscode-checkbox>`;
	}

	private choice(field: FieldOf<'choice'>): TemplateResult {
		const current = this.value ?? field.default;
		const choose = (event: Event) =>
			this.change(field.choices[(event.target as HTMLSelectElement).selectedIndex]?.value);
		return html`<select id="control" aria-describedby="more" @change=${choose}>${field.choices.map(
			({ value, label, help }) =>
				html`<option .selected=${value === current} title=${help ?? nothing}>${label}</option>`,
		)}</select>`;
	}

	private number(field: FieldOf<'number'>, text: string, invalid: string | typeof nothing): TemplateResult {
		const placeholder = field.placeholder ?? (field.default === undefined ? '' : String(field.default));
		return html`<vscode-text-field aria-label=${field.label} aria-invalid=${invalid} .value=${text}
			placeholder=${placeholder} @input=${this.onNumber}></vscode-text-field>
			${field.unit ? html`<span class="unit">${field.unit}</span>` : nothing}`;
	}

	private text(field: FieldOf<'text'>, text: string, invalid: string | typeof nothing): TemplateResult {
		const { suggest } = field;
		return html`<input class="text" id="control" aria-describedby="more" aria-invalid=${invalid} spellcheck="false"
			autocomplete="off" list=${suggest ? 'suggested' : nothing} placeholder=${field.placeholder ?? field.default ?? ''}
			.value=${text} @input=${this.onText}>
			${suggest ? html`<datalist id="suggested">${suggest.map((one) => html`<option value=${one}></option>`)}</datalist>` : nothing}`;
	}

	private control(wrong: boolean): TemplateResult {
		const { field, value } = this;
		const text = value === undefined ? '' : String(value);
		const invalid = wrong ? 'true' : nothing;
		const onRows = (rows: FieldValue | undefined) => this.change(rows);
		switch (field.type) {
			case 'boolean':
				return this.checkbox(field);
			case 'choice':
				return this.choice(field);
			case 'number':
				return this.number(field, text, invalid);
			case 'multiline':
				return html`<vscode-text-area aria-label=${field.label} resize="vertical" rows="4" .value=${text}
					placeholder=${field.placeholder ?? ''} @input=${this.onText}></vscode-text-area>`;
			case 'file':
				return html`<vscode-text-field aria-label=${field.label} .value=${text}
					placeholder=${field.placeholder ?? 'No file chosen'} @input=${this.onText}></vscode-text-field>
					<vscode-button appearance="secondary" @click=${() => this.onBrowse(field)}>Browse…</vscode-button>`;
			case 'pairs':
				return html`<mw-pairs .label=${field.label} .value=${Array.isArray(value) ? value : (field.default ?? [])}
					.onRows=${onRows}></mw-pairs>`;
			case 'list':
				return html`<mw-list .label=${field.label} .value=${Array.isArray(value) ? value : (field.default ?? [])}
					.onRows=${onRows}></mw-list>`;
			case 'secret':
				return html`<slot></slot>`;
			case 'text':
				return this.text(field, text, invalid);
		}
	}

	override render() {
		const { field } = this;
		if (!field) return nothing;
		const wrong = problem(field, this.value) ?? this.refusal;
		const danger = risk(field, this.value ?? ('default' in field ? field.default : undefined));
		const label = html`<label for="control">${field.label}${field.required ? ' (required)' : ''}</label>`;
		return html`<div title=${this.spacious ? nothing : (field.help ?? nothing)}>
				${field.type === 'boolean' ? nothing : label}
				<div class="control">${this.control(wrong !== undefined)}</div>
			</div>
			<div id="more">
				${this.spacious && field.help ? html`<div class="help">${field.help}</div>` : nothing}
				${wrong ? html`<div class="problem" role="alert">${wrong}</div>` : nothing}
				${danger ? html`<div class="risk">${icon('warning')} ${sentence(`This ${danger.replace(/^This /, '')}`)}</div>` : nothing}
			</div>`;
	}
}
