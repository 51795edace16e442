import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { cutText } from '../../../src/model/text/text';
import type { Words } from '../../../src/protocols/description';
import { emit } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { popUp, popupStyles } from '../../controls/popup';
import type { DraftText } from '../saved';

/** What was sent before, the newest first. Says `mw-draft` with the one that is chosen. */
@customElement('mw-history')
export class History extends LitElement {
	static override styles = [
		shared,
		controls,
		popupStyles,
		css`
			:host { display: block; position: relative; flex: none; }
			.sheet { width: min(420px, 80vw); max-height: 260px; overflow: auto; padding: 2px;
				color: var(--vscode-menu-foreground); background: var(--vscode-menu-background); }
			.sheet button { display: flex; gap: 8px; width: 100%; padding: 3px 6px; border: 0; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
			.sheet button:is(:hover, :focus) { color: var(--vscode-menu-selectionForeground); background: var(--vscode-menu-selectionBackground); outline: 1px solid var(--vscode-menu-selectionBorder, transparent); }
			.sheet .mono { flex: 1 1 0; opacity: 0.8; }
		`,
	];
	@property({ attribute: false }) history: readonly DraftText[] = [];
	@property({ attribute: false }) words!: Words;
	@state() private open = false;

	protected override updated() {
		popUp(
			this.renderRoot.querySelector<HTMLElement>('.sheet'),
			this.renderRoot.querySelector('button'),
			this.open,
			'above',
		);
	}

	private readonly toggle = async () => {
		this.open = !this.open;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLElement>('.sheet button')?.focus();
	};

	private choose(draft: DraftText) {
		this.open = false;
		emit(this, 'mw-draft', draft);
	}

	private readonly onKey = (event: KeyboardEvent) => {
		const buttons = [...this.renderRoot.querySelectorAll<HTMLElement>('.sheet button')];
		const at = buttons.indexOf(this.shadowRoot?.activeElement as HTMLElement);
		if (event.key === 'Escape') this.open = false;
		else if (event.key === 'ArrowDown') buttons[(at + 1) % buttons.length]?.focus();
		else if (event.key === 'ArrowUp') buttons.at(at - 1)?.focus();
		else return;
		event.preventDefault();
	};

	private readonly leave = (event: FocusEvent) => {
		if (!this.shadowRoot?.contains(event.relatedTarget as Node)) this.open = false;
	};

	private line(draft: DraftText) {
		return html`<button @click=${() => this.choose(draft)}><span class="cut">${visible(draft.target) || draft.verb}</span><span class="mono cut">${visible(cutText(draft.text, 120))}</span></button>`;
	}

	override render() {
		const none = this.history.length === 0;
		return html`<button class="tool" ?disabled=${none} aria-expanded=${this.open} title=${none ? 'Nothing has been sent yet' : 'What was sent before'} aria-label="History" @click=${this.toggle}>${icon('history')}</button>
			<div class="sheet" popover="manual" @keydown=${this.onKey} @focusout=${this.leave}>${this.open ? this.history.map((draft) => this.line(draft)) : nothing}</div>`;
	}
}
