import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../../src/base/failure';
import type { Receipt } from '../../../src/model/contracts/message';
import { shared } from '../../base/styles';
import { capital, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { proofIcons, proofStyle } from '../log/receipt-cell';

/** The receipt of the last message, or the reason why it was not sent. */
@customElement('mw-receipt')
export class ReceiptLine extends LitElement {
	static override styles = [
		shared,
		css`
			:host { display: block; min-height: 1.4em; line-height: 1.4; overflow-wrap: anywhere; }
		`,
	];
	@property({ attribute: false }) outcome: { receipt: Receipt } | { failure: Failure } | 'sending' | undefined;
	/** A problem of the draft; shown while there is no outcome. */
	@property() problem: string | undefined;

	private line(style: string, name: string, text: string, more = '') {
		return html`<span class=${style}>${icon(name)} ${visible(text)}</span>
			${more ? html`<span class="dim">${visible(more)}</span>` : nothing}`;
	}

	private content() {
		const { outcome, problem } = this;
		if (outcome === 'sending') return this.line('dim', 'watch', 'Sending…');
		if (!outcome) return problem ? this.line('bad', 'error', problem) : nothing;
		if ('failure' in outcome) {
			const { message, evidence, remedy } = outcome.failure;
			return this.line('bad', 'error', `Not sent: ${message}`, [evidence, remedy?.text].filter(Boolean).join(' – '));
		}
		const { proof, text, evidence } = outcome.receipt;
		return this.line(proofStyle[proof], proofIcons[proof], capital(text), evidence);
	}

	override render() {
		return html`<span role="status">${this.content()}</span>`;
	}
}
