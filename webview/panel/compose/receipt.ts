import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../../src/base/failure';
import type { Receipt } from '../../../src/model/contracts/message';
import { controls, shared } from '../../base/styles';
import { capital, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { proofIcons, proofStyle } from '../log/receipt-cell';
import type { Notice } from './problems';

/** What became of the last message. */
export type Outcome = { receipt: Receipt } | { failure: Failure } | 'sending';

/** The receipt of the last message, or the reason why it was not sent. A long one is cut after three lines; its title is whole. */
@customElement('mw-receipt')
export class ReceiptLine extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; line-height: 1.4; overflow-wrap: anywhere; }
			.lines { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
		`,
	];
	@property({ attribute: false }) outcome: Outcome | undefined;
	/** Shown while there is no outcome. */
	@property({ attribute: false }) notice: Notice | undefined;

	private line(
		style: string,
		name: string,
		text: string,
		more = '',
		action: TemplateResult | typeof nothing = nothing,
	) {
		const all = [text, more].filter(Boolean).map(visible);
		return html`<span class="lines" title=${all.join('\n')}><span class=${style}>${icon(name)} ${all[0]}</span>
			${all[1] ? html`<span class="dim">${all[1]}</span>` : nothing}${action}</span>`;
	}

	private noticeLine({ text, action }: Notice) {
		const link = action && html` <button class="link" @click=${action.run}>${action.label}</button>`;
		return this.line('bad', 'error', text, '', link);
	}

	private content() {
		const { outcome, notice } = this;
		if (outcome === 'sending') return this.line('dim', 'watch', 'Sending…');
		if (!outcome) return notice ? this.noticeLine(notice) : nothing;
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
