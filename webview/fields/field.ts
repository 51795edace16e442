import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sentence } from '../../src/base/sentence';
import type { Field, FieldValue } from '../../src/model/profile/field';
import { afterPress } from '../base/after-press';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import './bytes';
import type { PickBytes } from './bytes';
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
			:host { display: block; position: relative; min-width: 0; }
			label, .label { display: block; margin-bottom: 3px; }
			.control { display: flex; gap: 6px; align-items: center; }
			.control > :first-child { flex: 1 1 auto; min-width: 0; }
			.unit { color: var(--dim); }
			.help, .problem, .risk { margin-top: 3px; font-size: 0.92em; line-height: 1.4; }
			.help { color: var(--dim); }
			.problem { color: var(--bad); }
			.risk { color: var(--warn); }
			:is(input, textarea).text, select { width: 100%; }
			textarea.text { resize: vertical; }
		`,
	];
	@property({ attribute: false }) field!: Field;
	@property({ attribute: false }) value: FieldValue | undefined;
	/** Shows the help as a line below the control instead of a tooltip. */
	@property({ type: Boolean }) spacious = false;
	/** The form was submitted, so that problems show in fields which the user has not filled in. */
	@property({ type: Boolean }) submitted = false;
	/** Why the value was refused after the form was submitted. */
	@property({ attribute: false }) refusal: string | undefined;
	onChange: FieldChange = () => {};
	/** Chooses a file whose bytes become the value; undefined: bytes are typed only. */
	@property({ attribute: false }) pickBytes: PickBytes | undefined;
	/** Chooses a file for a field of the type "file". */
	onBrowse: (field: Field) => void = () => {};
	/** Whether the user has changed the value, and whether the field has lost the focus since. */
	@state() private progress: 'untouched' | 'editing' | 'done' = 'untouched';

	override connectedCallback() {
		super.connectedCallback();
		this.addEventListener('focusout', this.onFocusOut);
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		const before = changed.get('field');
		if (before && before.key !== this.field.key) this.progress = 'untouched';
	}

	private readonly onFocusOut = () => {
		afterPress(() => {
			if (this.progress === 'editing') this.progress = 'done';
		});
	};

	override focus() {
		this.renderRoot.querySelector<HTMLElement>('#control, vscode-checkbox, mw-pairs, mw-list, mw-bytes-list')?.focus();
	}

	private change(value: FieldValue | undefined) {
		if (this.progress === 'untouched') this.progress = 'editing';
		this.onChange(this.field.key, value);
	}

	/** The problem to show: not while the value is typed for the first time, and not before a missing value could be entered. */
	private get shownProblem(): string | undefined {
		const { field, value, submitted, progress } = this;
		const judged = submitted || progress === 'done' || (progress === 'untouched' && value !== undefined);
		return (judged ? problem(field, value) : undefined) ?? this.refusal;
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
		return html`<vscode-checkbox aria-describedby="more" .checked=${checked}
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

	/** An input on one line. `placeholder` shows the default. */
	private input(text: string, placeholder: string, onInput: (event: Event) => void, suggest?: readonly string[]) {
		return html`<input class="text" id="control" aria-describedby="more" spellcheck="false" autocomplete="off"
			aria-invalid=${this.shownProblem ? 'true' : nothing} aria-required=${this.field.required ? 'true' : nothing}
			list=${suggest ? 'suggested' : nothing} placeholder=${placeholder} .value=${text} @input=${onInput}>
			${suggest ? html`<datalist id="suggested">${suggest.map((one) => html`<option value=${one}></option>`)}</datalist>` : nothing}`;
	}

	private number(field: FieldOf<'number'>, text: string): TemplateResult {
		const placeholder = field.placeholder ?? (field.default === undefined ? '' : String(field.default));
		return html`${this.input(text, placeholder, this.onNumber)}
			${field.unit ? html`<span class="unit">${field.unit}</span>` : nothing}`;
	}

	private multiline(field: FieldOf<'multiline'>, text: string): TemplateResult {
		return html`<textarea class="text" id="control" rows="4" aria-describedby="more" spellcheck="false"
			aria-invalid=${this.shownProblem ? 'true' : nothing} placeholder=${field.placeholder ?? ''}
			.value=${text} @input=${this.onText}></textarea>`;
	}

	private control(): TemplateResult {
		const { field, value } = this;
		const text = value === undefined ? '' : String(value);
		const onRows = (rows: FieldValue | undefined) => this.change(rows);
		switch (field.type) {
			case 'boolean':
				return this.checkbox(field);
			case 'choice':
				return this.choice(field);
			case 'number':
				return this.number(field, text);
			case 'multiline':
				return this.multiline(field, text);
			case 'file':
				return html`${this.input(text, field.placeholder ?? 'No file chosen', this.onText)}
					<vscode-button appearance="secondary" @click=${() => this.onBrowse(field)}>Browse…</vscode-button>`;
			case 'pairs':
				return html`<mw-pairs role="group" aria-labelledby="label" aria-describedby="more" .label=${field.label}
					.words=${field.words ?? ['name', 'value']}
					.value=${Array.isArray(value) ? value : (field.default ?? [])} .onRows=${onRows}></mw-pairs>`;
			case 'list':
				return html`<mw-list role="group" aria-labelledby="label" aria-describedby="more" .label=${field.label}
					.value=${Array.isArray(value) ? value : (field.default ?? [])} .onRows=${onRows}></mw-list>`;
			case 'bytes':
				return field.many
					? html`<mw-bytes-list role="group" aria-labelledby="label" aria-describedby="more" .label=${field.label}
						.value=${Array.isArray(value) ? value : []} .invalid=${this.shownProblem !== undefined}
						.pickBytes=${this.pickBytes} .onRows=${onRows}></mw-bytes-list>`
					: html`<mw-bytes id="control" .label=${field.label} .placeholder=${field.placeholder ?? ''} .value=${value} optional
						.invalid=${this.shownProblem !== undefined} .pickBytes=${this.pickBytes} .onValue=${onRows}></mw-bytes>`;
			case 'secret':
				return html`<slot></slot>`;
			case 'text':
				return this.input(text, field.placeholder ?? field.default ?? '', this.onText, field.suggest);
		}
	}

	private label() {
		const { type, label, required } = this.field;
		if (type === 'boolean') return nothing;
		if (type === 'pairs' || type === 'list' || type === 'secret' || type === 'bytes')
			return html`<span class="label" id="label">${label}${required ? ' (required)' : ''}</span>`;
		return html`<label for="control">${label}${required ? ' (required)' : ''}</label>`;
	}

	override render() {
		const { field, spacious, shownProblem } = this;
		if (!field) return nothing;
		const danger = risk(field, this.value ?? ('default' in field ? field.default : undefined));
		return html`<div title=${spacious ? nothing : (field.help ?? nothing)}>
				${this.label()}<div class="control">${this.control()}</div>
			</div>
			<div id="more">
				${field.help ? html`<div class=${spacious ? 'help' : 'hidden-text'}>${field.help}</div>` : nothing}
				${shownProblem ? html`<div class="problem" role="alert">${shownProblem}</div>` : nothing}
				${danger ? html`<div class="risk">${icon('warning')} ${sentence(`This ${danger.replace(/^This /, '')}`)}</div>` : nothing}
			</div>`;
	}
}
