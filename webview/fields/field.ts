import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { sentence } from '../../src/base/sentence';
import type { Field, FieldValue } from '../../src/model/profile/field';
import { emit } from '../base/emit';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import './list';
import './pairs';
import { problem, risk } from './values';

type Typed = { value: string };

/** One field, drawn from its description. Says `mw-value` with key and value; undefined for "as by default". */
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
	/** Help as a line of its own; otherwise it is the control's tooltip. */
	@property({ type: Boolean }) spacious = false;

	private say(value: FieldValue | undefined) {
		emit(this, 'mw-value', { key: this.field.key, value });
	}

	private readonly typed = (event: Event) => {
		const text = (event.target as unknown as Typed).value;
		this.say(text === '' ? undefined : text);
	};

	private readonly typedNumber = (event: Event) => {
		const text = (event.target as unknown as Typed).value.trim();
		this.say(text === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text);
	};

	private readonly chosen = (event: Event) => {
		const at = (event.target as HTMLSelectElement).selectedIndex;
		if (this.field.type === 'choice') this.say(this.field.choices[at]?.value);
	};

	private async browse() {
		emit(this, 'mw-browse', this.field);
	}

	private control(wrong: boolean): TemplateResult {
		const { field, value } = this;
		const text = value === undefined ? '' : String(value);
		const invalid = wrong ? 'true' : nothing;
		switch (field.type) {
			case 'boolean':
				return html`<vscode-checkbox .checked=${value === undefined ? field.default : value === true}
					@change=${(event: Event) => this.say((event.target as HTMLInputElement).checked)}>${field.label}</vscode-checkbox>`;
			case 'choice': {
				const current = value ?? field.default;
				return html`<select id="control" aria-describedby="more" @change=${this.chosen}>${field.choices.map(
					(choice) =>
						html`<option .selected=${choice.value === current} title=${choice.help ?? nothing}>${choice.label}</option>`,
				)}</select>`;
			}
			case 'number':
				return html`<vscode-text-field aria-label=${field.label} aria-invalid=${invalid} .value=${text} @input=${this.typedNumber}
					placeholder=${field.placeholder ?? (field.default === undefined ? '' : String(field.default))}></vscode-text-field>
					${field.unit ? html`<span class="unit">${field.unit}</span>` : nothing}`;
			case 'multiline':
				return html`<vscode-text-area aria-label=${field.label} resize="vertical" rows="4" .value=${text} @input=${this.typed}
					placeholder=${field.placeholder ?? ''}></vscode-text-area>`;
			case 'file':
				return html`<vscode-text-field aria-label=${field.label} .value=${text} @input=${this.typed}
					placeholder=${field.placeholder ?? 'No file chosen'}></vscode-text-field>
					<vscode-button appearance="secondary" @click=${this.browse}>Browse…</vscode-button>`;
			case 'pairs':
				return html`<mw-pairs .label=${field.label} .value=${Array.isArray(value) ? value : (field.default ?? [])}></mw-pairs>`;
			case 'list':
				return html`<mw-list .label=${field.label} .value=${Array.isArray(value) ? value : (field.default ?? [])}></mw-list>`;
			case 'secret':
				return html`<slot></slot>`;
			case 'text':
				return html`<input class="text" id="control" aria-describedby="more" aria-invalid=${invalid} .value=${text} @input=${this.typed}
					spellcheck="false" autocomplete="off" list=${field.suggest ? 'suggested' : nothing} placeholder=${field.placeholder ?? field.default ?? ''}>
					${field.suggest ? html`<datalist id="suggested">${field.suggest.map((text) => html`<option value=${text}></option>`)}</datalist>` : nothing}`;
		}
	}

	override render() {
		const { field } = this;
		if (!field) return nothing;
		const wrong = problem(field, this.value);
		const danger = risk(field, this.value ?? ('default' in field ? field.default : undefined));
		const label = html`<label for="control">${field.label}${field.required ? ' (needed)' : ''}</label>`;
		return html`<div title=${this.spacious ? nothing : (field.help ?? nothing)}
				@mw-rows=${(event: CustomEvent<FieldValue | undefined>) => this.say(event.detail)}>
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
