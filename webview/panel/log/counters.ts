import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { bytes, count, number, rate } from '../../base/words';
import { markCounts } from '../marks/marked';
import type { FilterState } from '../saved';
import type { PanelStore } from '../store';

const evictedHelp =
	"The oldest messages are removed to make room for new ones. Raise the log's limits in the settings to keep more.";
const unlistedHelp = 'The tree has reached its limit. The messages of further targets are in the log.';

/** The counts of kept, removed, hidden and unlisted messages, so that nothing is missing without a notice. */
@customElement('mw-counters')
export class Counters extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; align-items: center; justify-content: space-between; gap: 0 16px; padding: 2px 8px; min-height: 22px; flex: none;
				border-top: 1px solid var(--line); color: var(--dim); font-size: 0.92em; line-height: 17px; font-variant-numeric: tabular-nums; }
			.counts { display: flex; flex-wrap: wrap; gap: 0 8px; min-width: 0; }
			/* Beside a selection only the counts of the first line are shown: a line more would move the rows from under the pointer. */
			.counts.beside { flex: 0 1000 auto; height: 17px; overflow: hidden; }
			.counts > span + span::before { content: '·'; margin-inline-end: 8px; }
			.counts button.link { font: inherit; }
			.counts button.link.bad { color: var(--bad); }
			.counts button.link.warn { color: var(--warn); }
			.counts button.link[aria-pressed='true'] { text-decoration: underline; font-weight: 600; }
			.selection { flex: 0 1 auto; color: var(--vscode-foreground); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) filter!: FilterState;
	/** Number of messages in the filtered view, without notes. */
	@property({ type: Number }) shown = 0;
	@property({ type: Boolean }) filtering = false;
	@property({ type: Boolean }) paused = false;
	/** Part of the log that has been searched, 0 to 1. */
	@property({ type: Number }) searched = 1;

	/** What the log has: "kept", or "in the recording". */
	@property() has = 'kept';
	/** How many messages are selected, or the result of the last command. */
	@property() selection = '';

	override render() {
		const { kept, notes, keptBytes, evicted, unlisted, marked, rate: perSecond } = this.status;
		const messages = kept - notes;
		const hidden = Math.max(0, messages - this.shown);
		const noted = notes > 0 ? `, and ${count(notes, 'note', 'notes')} of the connection` : '';
		const title = `${number(keptBytes)} bytes with properties${noted}`;
		const kind = this.selection === '' ? 'counts' : 'counts beside';
		return html`<div class=${kind}>
			<span title=${title}>${number(messages)} ${this.has}${messages > 0 ? `, ${bytes(keptBytes)}` : ''}</span>
			${evicted > 0 ? html`<span title=${evictedHelp}>${number(evicted)} removed</span>` : nothing}
			${this.filtering && this.searched === 1 ? html`<span>${number(hidden)} hidden by the filter</span>` : nothing}
			${this.searched < 1 ? html`<span>Searching: ${Math.floor(this.searched * 100)} %</span>` : nothing}
			${unlisted > 0 ? html`<span title=${unlistedHelp}>${number(unlisted)} not in the tree</span>` : nothing}
			${markCounts(this.store, this.filter, marked)}
			${perSecond > 0 ? html`<span>${rate(perSecond)}</span>` : nothing}
			${this.paused ? html`<span class="warn">Paused (messages are still received)</span>` : nothing}</div>
			<div class="selection cut" role="status" title=${this.selection}>${this.selection}</div>`;
	}
}
