import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../src/base/failure';
import { icon } from '../controls/icons';
import { emit } from './emit';
import { controls, shared } from './styles';
import { visible } from './words';

/** What went wrong: the sentence, the raw reason, and the next thing to do. Says `mw-remedy` and `mw-dismiss`. */
@customElement('mw-failure-note')
export class FailureNote extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; gap: 8px; align-items: flex-start; padding: 6px 10px; line-height: 1.45; color: var(--vscode-inputValidation-errorForeground, inherit);
				background: var(--vscode-inputValidation-errorBackground); border: 1px solid var(--vscode-inputValidation-errorBorder, var(--vscode-contrastBorder, transparent)); }
			.words { flex: 1 1 0; min-width: 0; overflow-wrap: anywhere; }
			.evidence { font-family: var(--mono); font-size: 0.92em; opacity: 0.9; white-space: pre-wrap; max-height: 7em; overflow: auto; }
			.icon { color: var(--bad); margin-top: 2px; }
			button.link { color: inherit; text-decoration: underline; }
		`,
	];
	@property({ attribute: false }) failure!: Failure;
	@property({ type: Boolean }) dismissable = false;

	override render() {
		const { message, evidence, remedy } = this.failure;
		const lines = evidence?.split('\n').map(visible).join('\n');
		return html`${icon('error')}<div class="words" role="alert">${visible(message)}
				${remedy ? (remedy.command ? html` <button class="link" @click=${() => emit(this, 'mw-remedy', this.failure)}>${visible(remedy.text)}</button>` : html` ${visible(remedy.text)}`) : nothing}
				${lines && lines !== message ? html`<div class="evidence">${lines}</div>` : nothing}</div>
			${this.dismissable ? html`<button class="tool" title="Dismiss" aria-label="Dismiss" @click=${() => emit(this, 'mw-dismiss')}>${icon('close')}</button>` : nothing}`;
	}
}
