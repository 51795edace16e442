import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../../src/base/failure';
import type { Proof, Receipt } from '../../../src/model/contracts/message';
import { shared } from '../../base/styles';
import { visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { proofStyle } from '../log/log-row';

const icons: Record<Proof, string> = {
	pending: 'watch',
	'handed-over': 'arrow-up',
	acknowledged: 'check',
	answered: 'check',
	unrouted: 'warning',
	unknown: 'warning',
	refused: 'error',
};

/** What was proven about the message that was just sent, or why it was not sent. */
@customElement('mw-receipt')
export class ReceiptLine extends LitElement {
	static override styles = [
		shared,
		css`
			:host { display: block; min-height: 1.4em; line-height: 1.4; overflow-wrap: anywhere; }
		`,
	];
	@property({ attribute: false }) outcome: { receipt: Receipt } | { failure: Failure } | 'sending' | undefined;
	@property() problem: string | undefined;

	private said() {
		const { outcome } = this;
		if (outcome === 'sending') return html`<span class="dim">${icon('watch')} Sending…</span>`;
		if (this.problem && !outcome) return html`<span class="bad">${icon('error')} ${visible(this.problem)}</span>`;
		if (!outcome) return nothing;
		if ('failure' in outcome) {
			const { message, evidence, remedy } = outcome.failure;
			const more = [evidence, remedy?.text].filter(Boolean).join(' – ');
			return html`<span class="bad">${icon('error')} Not sent: ${visible(message)}</span> <span class="dim">${visible(more)}</span>`;
		}
		const { proof, text, evidence } = outcome.receipt;
		const words = text.charAt(0).toUpperCase() + text.slice(1);
		return html`<span class=${proofStyle(proof)}>${icon(icons[proof])} ${visible(words)}</span>${evidence ? html` <span class="dim">${visible(evidence)}</span>` : nothing}`;
	}

	override render() {
		return html`<span role="status">${this.said()}</span>`;
	}
}
