import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Encoded, type PayloadFormat, payloadFormats } from '../../../src/model/contracts/payload';
import { lineAndColumn } from '../../../src/model/json/problem';
import { afterPress } from '../../base/after-press';
import { controls, shared } from '../../base/styles';
import { count, visible } from '../../base/words';
import { tabList } from '../../controls/tabs';
import { decodingNames } from '../detail/payload';
import type { PanelStore } from '../store';
import type { Attached } from './compose-store';

/** The payload of the draft: text in one of the formats, or an attachment. */
@customElement('mw-payload-editor')
export class PayloadEditor extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; gap: 4px; }
			.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
			textarea.text { flex: 1 1 60px; min-height: 48px; resize: none; font-family: var(--mono); font-size: var(--vscode-editor-font-size, 13px); }
			.file { flex: 1 1 auto; min-height: 40px; display: flex; align-items: center; gap: 8px; padding: 8px; border: 1px dashed var(--line); }
			.bad { line-height: 1.4; }
			.bad button.link { color: inherit; text-decoration: underline; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property() format: PayloadFormat = 'text';
	/** The formats of the message's verb. */
	@property({ attribute: false }) formats: readonly PayloadFormat[] = payloadFormats;
	/** The format is recognized from the text; the user has chosen none. */
	@property({ type: Boolean }) recognized = false;
	@property() text = '';
	@property({ attribute: false }) encoded!: Encoded;
	@property({ attribute: false }) attached: Attached | undefined;
	/** The draft was to be sent, so a problem shows also while the text is edited. */
	@property({ type: Boolean }) submitted = false;
	onChange: (change: { format?: PayloadFormat; text?: string }) => void = () => {};
	/** While a text is typed it is rarely complete; a problem shows when the editor is left. */
	@state() private typing = false;
	@query('textarea') private area!: HTMLTextAreaElement | null;

	private readonly detach = () => this.store.compose.attach(undefined);

	private readonly pickFile = () => {
		const { store } = this;
		const pick = async () => {
			const file = await store.remote.pickFile();
			if (file) store.compose.attach({ kind: 'file', ...file });
		};
		store.run(pick());
	};

	override focus() {
		this.area?.focus();
	}

	/** Moves the caret to the problem. */
	readonly focusProblem = () => {
		if (!this.area || !('problem' in this.encoded)) return;
		const { at } = this.encoded;
		this.area.focus();
		this.area.setSelectionRange(at, Math.min(at + 1, this.text.length));
	};

	private get wrong(): boolean {
		return !this.attached && 'problem' in this.encoded && (this.submitted || !this.typing);
	}

	/** The problem in one sentence, in which the place is a link. */
	private problem() {
		const { encoded } = this;
		if (!this.wrong || !('problem' in encoded)) return nothing;
		const { line, column } = lineAndColumn(this.text, encoded.at);
		const link = html`<button class="link" @click=${this.focusProblem}>line ${line}, column ${column}</button>`;
		const toText = () => this.onChange({ format: 'text' });
		const asText = html` <button class="link" @click=${toText}>Treat as Text</button>`;
		const sentence = encoded.reason
			? html`Invalid ${decodingNames[this.format]} at ${link}: ${visible(encoded.reason)}.`
			: html`${visible(encoded.problem)} See ${link}.`;
		return html`<div class="bad" id="problem" role="alert">${sentence}${this.recognized ? asText : nothing}</div>`;
	}

	private formatTabs() {
		const { attached } = this;
		const tabs = this.formats.map((id) => ({ id, label: decodingNames[id] }));
		const choose = (format: PayloadFormat) => {
			if (this.attached) this.detach();
			this.onChange({ format });
		};
		const file = html`<button role="tab" aria-selected=${attached !== undefined} tabindex=${attached ? 0 : -1}
			@click=${this.pickFile}>File…</button>`;
		return tabList('Payload format', tabs, attached ? undefined : this.format, choose, file);
	}

	private attachment({ kind, name, size }: Attached) {
		const note = kind === 'file' ? ', read when it is sent' : '';
		return html`<div class="file"><span class="cut">${visible(name)}</span>
			<span class="dim">${count(size, 'byte', 'bytes')}${note}</span>
			<button class="link" @click=${this.detach}>Write instead</button></div>`;
	}

	private editor() {
		const onInput = (event: Event) => {
			this.typing = true;
			this.onChange({ text: (event.target as HTMLTextAreaElement).value });
		};
		const onBlur = () =>
			afterPress(() => {
				this.typing = false;
			});
		return html`<textarea class="text" aria-label="Payload" spellcheck="false" aria-invalid=${this.wrong ? 'true' : nothing}
			aria-describedby=${this.wrong ? 'problem' : nothing} .value=${this.text} @input=${onInput} @blur=${onBlur}></textarea>`;
	}

	override render() {
		const { attached, encoded } = this;
		const size = attached ? attached.size : 'bytes' in encoded ? encoded.bytes.length : undefined;
		return html`<div class="bar">${this.formatTabs()}<span class="grow"></span>
				${size === undefined ? nothing : html`<span class="dim">${count(size, 'byte', 'bytes')}</span>`}</div>
			${attached ? this.attachment(attached) : this.editor()}
			${this.problem()}`;
	}
}
