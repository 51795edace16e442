import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { type Encoded, type PayloadFormat, payloadFormats } from '../../../src/model/contracts/payload';
import { lineAndColumn } from '../../../src/model/json/problem';
import { emit } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { count, visible } from '../../base/words';
import { decodingWords } from '../detail/payload';

/** A payload that is not typed: a file as it is when it is sent, or bytes too many for an editor. */
export type Attached = { name: string; size: number } & (
	| { kind: 'file'; token: string }
	| { kind: 'bytes'; bytes: Uint8Array }
);

/** The payload being written. Says `mw-payload-change`, `mw-pick-file` and `mw-detach`. */
@customElement('mw-payload-editor')
export class PayloadEditor extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; gap: 4px; }
			.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
			vscode-text-area { display: flex; flex-direction: column; flex: 1 1 60px; min-height: 60px; }
			vscode-text-area::part(control) { flex: 1 1 0; height: 100%; min-height: 54px; padding: 4px 8px; font-family: var(--mono); font-size: var(--vscode-editor-font-size, 13px); line-height: 1.4; }
			vscode-text-area::part(root) { flex: 1 1 0; }
			vscode-text-area::part(label) { display: none; }
			.file { flex: 1 1 auto; min-height: 40px; display: flex; align-items: center; gap: 8px; padding: 8px; border: 1px dashed var(--line); }
		`,
	];
	@property() format: PayloadFormat = 'text';
	@property() text = '';
	@property({ attribute: false }) encoded!: Encoded;
	@property({ attribute: false }) attached: Attached | undefined;
	@query('vscode-text-area') private area!: HTMLElement & { control?: HTMLTextAreaElement };

	private say(change: { format?: PayloadFormat; text?: string }) {
		emit(this, 'mw-payload-change', change);
	}

	private readonly onKey = (event: KeyboardEvent) => {
		const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		const to =
			by && payloadFormats[(payloadFormats.indexOf(this.format) + by + payloadFormats.length) % payloadFormats.length];
		if (to) this.say({ format: to });
		requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
	};

	private toProblem(at: number) {
		const control = this.area?.control ?? this.area?.shadowRoot?.querySelector('textarea');
		control?.focus();
		control?.setSelectionRange(at, Math.min(at + 1, this.text.length));
	}

	private problem() {
		if (this.attached || !('problem' in this.encoded)) return nothing;
		const { problem, at } = this.encoded;
		const { line, column } = lineAndColumn(this.text, at);
		return html`<span class="bad" role="alert">${visible(problem)} <button class="link" @click=${() => this.toProblem(at)}>Line ${line}, column ${column}</button></span>`;
	}

	private tab(format: PayloadFormat) {
		const on = format === this.format && !this.attached;
		return html`<button role="tab" aria-selected=${on} tabindex=${on ? 0 : -1} @click=${() => {
			if (this.attached) emit(this, 'mw-detach');
			this.say({ format });
		}}>${decodingWords[format]}</button>`;
	}

	override render() {
		const { attached } = this;
		const size = attached ? attached.size : 'bytes' in this.encoded ? this.encoded.bytes.length : undefined;
		return html`<div class="bar"><div role="tablist" aria-label="Payload format" @keydown=${this.onKey}>${payloadFormats.map((one) => this.tab(one))}
				<button role="tab" aria-selected=${attached !== undefined} tabindex=${attached ? 0 : -1} @click=${() => emit(this, 'mw-pick-file')}>File…</button></div>
			<span class="grow"></span>${size === undefined ? nothing : html`<span class="dim">${count(size, 'byte', 'bytes')}</span>`}</div>
			${
				attached
					? html`<div class="file"><span class="cut">${visible(attached.name)}</span><span class="dim">${count(attached.size, 'byte', 'bytes')}${attached.kind === 'file' ? ', read when it is sent' : ''}</span>
						<button class="link" @click=${() => emit(this, 'mw-detach')}>Write instead</button></div>`
					: html`<vscode-text-area aria-label="Payload" spellcheck="false" .value=${this.text}
						@input=${(event: Event) => this.say({ text: (event.target as HTMLTextAreaElement).value })}></vscode-text-area>`
			}
			${this.problem()}`;
	}
}
