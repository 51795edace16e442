import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { shared } from '../../base/styles';
import { bytes, number, rate } from '../../base/words';

/** What is kept, forgotten, hidden and not listed: nothing that is not shown goes unsaid. */
@customElement('mw-counters')
export class Counters extends LitElement {
	static override styles = [
		shared,
		css`
			:host { display: flex; align-items: center; gap: 8px; padding: 2px 8px; min-height: 22px; flex: none; flex-wrap: wrap;
				border-top: 1px solid var(--line); color: var(--dim); font-size: 0.92em; font-variant-numeric: tabular-nums; }
			span + span::before { content: '·'; margin-inline-end: 8px; }
		`,
	];
	@property({ attribute: false }) status!: Status;
	@property({ type: Number }) shown = 0;
	@property({ type: Boolean }) filtering = false;
	@property({ type: Boolean }) paused = false;
	@property({ type: Number }) searched = 1;

	override render() {
		const { kept, keptBytes, evicted, unlisted } = this.status;
		const hidden = Math.max(0, kept - this.shown);
		return html`<span title=${`${number(keptBytes)} bytes of payload`}>${number(kept)} kept, ${bytes(keptBytes)}</span>
			${evicted > 0 ? html`<span title="The oldest messages make room for new ones; raise the log's limits in the settings to keep more.">${number(evicted)} forgotten</span>` : nothing}
			${this.filtering && this.searched === 1 ? html`<span>${number(hidden)} hidden by the filter</span>` : nothing}
			${this.searched < 1 ? html`<span>searching, ${Math.floor(this.searched * 100)} %</span>` : nothing}
			${unlisted > 0 ? html`<span title="The tree has reached its limit; their messages are in the log.">${number(unlisted)} not in the tree</span>` : nothing}
			${this.status.rate > 0 ? html`<span>${rate(this.status.rate)}</span>` : nothing}
			${this.paused ? html`<span class="warn">paused: messages are still received</span>` : nothing}`;
	}
}
