import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { cutText } from '../../../src/model/text/text';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { popUp, popupStyles } from '../../controls/popup';
import { toolButton } from '../../controls/tool-button';
import type { DraftText } from '../saved';

/** Length of the preview of a payload. Characters. */
const previewLength = 120;

/** The messages that were sent before, the newest first. */
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
			.sheet button { display: flex; gap: 8px; width: 100%; padding: 3px 6px; border: 0;
				background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
			.sheet button:is(:hover, :focus) { color: var(--vscode-menu-selectionForeground);
				background: var(--vscode-menu-selectionBackground); outline: 1px solid var(--vscode-menu-selectionBorder, transparent); }
			.sheet .mono { flex: 1 1 0; opacity: 0.8; }
		`,
	];
	@property({ attribute: false }) history: readonly DraftText[] = [];
	onChoose: (draft: DraftText) => void = () => {};
	@state() private open = false;

	protected override updated() {
		const sheet = this.renderRoot.querySelector<HTMLElement>('.sheet');
		popUp(sheet, this.renderRoot.querySelector('button'), this.open, 'above');
	}

	private readonly toggle = async () => {
		this.open = !this.open;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLElement>('.sheet button')?.focus();
	};

	private choose(draft: DraftText) {
		this.open = false;
		this.onChoose(draft);
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

	private readonly onBlur = (event: FocusEvent) => {
		if (!this.shadowRoot?.contains(event.relatedTarget as Node)) this.open = false;
	};

	private line(draft: DraftText) {
		return html`<button @click=${() => this.choose(draft)}><span class="cut">${visible(draft.target) || draft.verb}</span>
			<span class="mono cut">${visible(cutText(draft.text, previewLength))}</span></button>`;
	}

	override render() {
		const disabled = this.history.length === 0;
		const title = disabled ? 'Nothing has been sent yet' : 'Sent messages';
		return html`${toolButton('history', 'History', this.toggle, { disabled, title, expanded: this.open })}
			<div class="sheet" popover="manual" @keydown=${this.onKey} @focusout=${this.onBlur}
			>${this.open ? this.history.map((draft) => this.line(draft)) : nothing}</div>`;
	}
}
