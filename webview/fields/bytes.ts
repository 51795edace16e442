import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type PayloadFormat, payloadFormats, toBase64, toText } from '../../src/model/contracts/payload';
import { encodeBytes, isBytesValue } from '../../src/model/profile/bytes-value';
import type { BytesValue, FieldValue } from '../../src/model/profile/field';
import { controls, shared } from '../base/styles';
import { count } from '../base/words';
import { toolButton } from '../controls/tool-button';
import { Rows } from './rows';

const names: Readonly<Record<PayloadFormat, string>> = { json: 'JSON', text: 'Text', hex: 'Hex', base64: 'Base64' };

/** Longer texts are shown as their number of bytes. Characters. */
const maxTyped = 5000;

/** Lets the user choose a file and resolves with its bytes; undefined if the user cancelled. */
export type PickBytes = () => Promise<Uint8Array | undefined>;

const written = (value: FieldValue | undefined): BytesValue | undefined =>
	typeof value === 'string' ? { format: 'text', text: value } : isBytesValue(value) ? value : undefined;

/** The value of a file's bytes: text where it survives an input on one line. */
function fileValue(bytes: Uint8Array): BytesValue {
	const text = toText(bytes);
	return text === undefined || /\p{Cc}/u.test(text)
		? { format: 'base64', text: toBase64(bytes) }
		: { format: 'text', text };
}

/** A text with its notation, which becomes bytes. Without `optional` there is always a value, which may be empty. */
@customElement('mw-bytes')
export class BytesInput extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; gap: 4px; align-items: center; flex: 1 1 auto; min-width: 0; }
			input.text { flex: 1 1 0; width: 0; font-family: var(--mono); }
			select { flex: none; padding: 2px 4px; }
			.size { flex: 1 1 0; min-width: 0; padding: 0 8px; }
		`,
	];
	@property() label = '';
	@property() placeholder = '';
	@property({ attribute: false }) value: FieldValue | undefined;
	@property({ type: Boolean }) optional = false;
	@property({ type: Boolean }) invalid = false;
	@property({ attribute: false }) pickBytes: PickBytes | undefined;
	onValue: (value: BytesValue | undefined) => void = () => {};
	/** Outlives a value that was cleared. */
	@state() private format: PayloadFormat = 'text';

	override focus() {
		this.renderRoot.querySelector<HTMLElement>('input, select')?.focus();
	}

	private readonly onText = (event: Event) => {
		const text = (event.target as HTMLInputElement).value;
		const format = written(this.value)?.format ?? this.format;
		this.format = format;
		this.onValue(text === '' && this.optional ? undefined : { format, text });
	};

	private readonly onFormat = (event: Event) => {
		const chosen = (event.target as HTMLSelectElement).value;
		const format = payloadFormats.find((one) => one === chosen);
		if (format) this.format = format;
		this.onValue(format && { format, text: written(this.value)?.text ?? '' });
	};

	private readonly onFile = async () => {
		const bytes = await this.pickBytes?.();
		if (bytes) this.onValue(fileValue(bytes));
	};

	private text(value: BytesValue | undefined) {
		const { label, optional } = this;
		if (value && value.text.length > maxTyped) {
			const encoded = encodeBytes(value);
			const size = 'bytes' in encoded ? encoded.bytes.length : 0;
			return html`<span class="size cut">${count(size, 'byte', 'bytes')}</span>
				${toolButton('close', `Remove ${label}`, () => this.onValue(optional ? undefined : { format: 'text', text: '' }), { title: 'Remove' })}`;
		}
		// Without a value, the choice beside it says "None".
		const placeholder = value ? 'Empty' : this.placeholder;
		return html`<input class="text" aria-label=${label} spellcheck="false" autocomplete="off" placeholder=${placeholder}
			aria-invalid=${this.invalid ? 'true' : nothing} .value=${value?.text ?? ''} @input=${this.onText}>`;
	}

	override render() {
		const value = written(this.value);
		const choice = (id: string, name: string) =>
			html`<option value=${id} .selected=${id === (value?.format ?? (this.optional ? '' : this.format))}>${name}</option>`;
		return html`${this.text(value)}<select aria-label=${`${this.label}: notation`} title="Notation" @change=${this.onFormat}
			>${this.optional ? choice('', 'None') : nothing}${payloadFormats.map((id) => choice(id, names[id]))}</select>
			${this.pickBytes ? toolButton('folder-opened', `${this.label}: From File…`, this.onFile, { title: 'From File…' }) : nothing}`;
	}
}

/** An ordered list of bytes. */
@customElement('mw-bytes-list')
export class BytesList extends Rows<BytesValue | string> {
	@property({ attribute: false }) pickBytes: PickBytes | undefined;
	@property({ type: Boolean }) invalid = false;
	protected override readonly empty: BytesValue = { format: 'text', text: '' };

	protected override inputs(value: BytesValue | string, at: number) {
		return html`<mw-bytes .label=${`${this.label} ${at + 1}`} .value=${value} .invalid=${this.invalid} .pickBytes=${this.pickBytes}
			.onValue=${(changed: BytesValue | undefined) => this.replace(at, changed ?? this.empty)}></mw-bytes>`;
	}
}
