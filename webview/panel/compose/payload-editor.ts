import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { type Encoded, type PayloadFormat, payloadFormats } from '../../../src/model/contracts/payload';
import { lineAndColumn } from '../../../src/model/json/problem';
import { controls, shared } from '../../base/styles';
import { count, visible } from '../../base/words';
import { tabList } from '../../controls/tabs';
import { decodingNames } from '../detail/payload';
import type { Attached, PanelStore } from '../store';

/** The payload of the draft: text in one of the formats, or an attachment. */
@customElement('mw-payload-editor')
export class PayloadEditor extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; gap: 4px; }
			.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
			vscode-text-area { display: flex; flex-direction: column; flex: 1 1 60px; min-height: 60px; }
			vscode-text-area::part(control) { flex: 1 1 0; height: 100%; min-height: 54px; padding: 4px 8px;
				font-family: var(--mono); font-size: var(--vscode-editor-font-size, 13px); line-height: 1.4; }
			vscode-text-area::part(root) { flex: 1 1 0; }
			vscode-text-area::part(label) { display: none; }
			.file { flex: 1 1 auto; min-height: 40px; display: flex; align-items: center; gap: 8px; padding: 8px; border: 1px dashed var(--line); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property() format: PayloadFormat = 'text';
	@property() text = '';
	@property({ attribute: false }) encoded!: Encoded;
	@property({ attribute: false }) attached: Attached | undefined;
	onChange: (change: { format?: PayloadFormat; text?: string }) => void = () => {};
	@query('vscode-text-area') private area!: HTMLElement & { control?: HTMLTextAreaElement };

	private readonly detach = () => this.store.set({ attached: undefined });

	private readonly pickFile = () => {
		const { store } = this;
		const pick = async () => {
			const file = await store.remote.pickFile();
			if (file) store.set({ attached: { kind: 'file', ...file } });
		};
		store.run(pick());
	};

	private get control(): HTMLTextAreaElement | null | undefined {
		return this.area?.control ?? this.area?.shadowRoot?.querySelector('textarea');
	}

	override focus() {
		this.control?.focus();
	}

	private selectProblem(at: number) {
		const { control } = this;
		control?.focus();
		control?.setSelectionRange(at, Math.min(at + 1, this.text.length));
	}

	private problem() {
		if (this.attached || !('problem' in this.encoded)) return nothing;
		const { problem, at } = this.encoded;
		const { line, column } = lineAndColumn(this.text, at);
		return html`<span class="bad" role="alert">${visible(problem)}
			<button class="link" @click=${() => this.selectProblem(at)}>Line ${line}, column ${column}</button></span>`;
	}

	private formats() {
		const { attached } = this;
		const tabs = payloadFormats.map((id) => ({ id, label: decodingNames[id] }));
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
		const onInput = (event: Event) => this.onChange({ text: (event.target as HTMLTextAreaElement).value });
		return html`<vscode-text-area aria-label="Payload" spellcheck="false" .value=${this.text} @input=${onInput}></vscode-text-area>`;
	}

	override render() {
		const { attached, encoded } = this;
		const size = attached ? attached.size : 'bytes' in encoded ? encoded.bytes.length : undefined;
		return html`<div class="bar">${this.formats()}<span class="grow"></span>
				${size === undefined ? nothing : html`<span class="dim">${count(size, 'byte', 'bytes')}</span>`}</div>
			${attached ? this.attachment(attached) : this.editor()}
			${this.problem()}`;
	}
}
