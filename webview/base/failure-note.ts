import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../src/base/failure';
import { icon } from '../controls/icons';
import { toolButton } from '../controls/tool-button';
import { controls, shared } from './styles';
import { visible } from './words';

/** A failure: its sentence, the raw evidence and the remedy. */
@customElement('mw-failure-note')
export class FailureNote extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; gap: 8px; align-items: flex-start; padding: 6px 10px; line-height: 1.45;
				color: var(--vscode-inputValidation-errorForeground, inherit); background: var(--vscode-inputValidation-errorBackground);
				border: 1px solid var(--vscode-inputValidation-errorBorder, var(--vscode-contrastBorder, transparent)); }
			.words { flex: 1 1 0; min-width: 0; overflow-wrap: anywhere; }
			.evidence { font-family: var(--mono); font-size: 0.92em; opacity: 0.9; white-space: pre-wrap; max-height: 7em; overflow: auto; }
			.icon { color: var(--bad); margin-top: 2px; }
			button.link { color: inherit; text-decoration: underline; }
		`,
	];
	@property({ attribute: false }) failure!: Failure;
	/** Runs the command of the remedy. Without it the remedy is only text. */
	@property({ attribute: false }) onRemedy: (() => void) | undefined;
	/** Opens the connection's form, where advice without a command is followed. */
	@property({ attribute: false }) onEdit: (() => void) | undefined;
	/** Label of the protocol that the peer speaks instead, and what switches to it. */
	@property({ attribute: false }) switchTo: { label: string; run: () => void } | undefined;
	/** Without it the note has no button that closes it. */
	@property({ attribute: false }) onDismiss: (() => void) | undefined;

	private remedy() {
		const { remedy } = this.failure;
		if (!remedy) return nothing;
		const text = visible(remedy.text);
		const link = (label: string, run: () => void) => html` <button class="link" @click=${run}>${label}</button>`;
		if (remedy.command && this.onRemedy) return link(text, this.onRemedy);
		return html` ${text}${this.onEdit ? link('Edit Connection', this.onEdit) : nothing}`;
	}

	override render() {
		const { message, evidence } = this.failure;
		const lines = evidence?.split('\n').map(visible).join('\n');
		return html`${icon('error')}<div class="words" role="alert">${visible(message)}
				${this.switchTo ? html` <button class="link" @click=${this.switchTo.run}>Switch to ${this.switchTo.label}</button>` : this.remedy()}
				${lines && lines !== message ? html`<div class="evidence">${lines}</div>` : nothing}</div>
			${this.onDismiss ? toolButton('close', 'Dismiss', this.onDismiss) : nothing}`;
	}
}
