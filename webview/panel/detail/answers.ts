import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Receipt, Row } from '../../../src/model/contracts/message';
import { controls, shared } from '../../base/styles';
import { bytes, count, duration, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { columnText } from '../log/log-row';
import type { PanelStore } from '../store';

/** Maximum number of listed answers; the log has all of them. */
const maxListed = 20;

/** The answers to a request, one line each. A click shows the answer in the log. */
@customElement('mw-answers')
export class Answers extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; min-width: 0; max-height: 132px; overflow: auto; }
			.answer { display: flex; align-items: center; gap: 8px; width: 100%; min-height: 22px; padding: 0 4px; border: 0;
				background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
			.answer:hover { background: var(--vscode-list-hoverBackground); }
			.way { color: var(--vscode-charts-blue, currentColor); }
			.preview { flex: 1 1 0; font-family: var(--mono); font-size: 0.95em; unicode-bidi: plaintext; }
			.column { flex: none; color: var(--dim); }
			.show { flex: none; color: var(--vscode-textLink-foreground); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) receipt: Receipt | undefined;
	@state() private rows: Row[] = [];

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('receipt')) void this.load(this.receipt?.answers ?? []);
	}

	private async load(seqs: readonly number[]) {
		const row = (seq: number) =>
			this.store.remote.detail(seq).then(
				(detail) => detail.row,
				() => undefined,
			);
		const rows = await Promise.all(seqs.slice(-maxListed).map(row));
		if (seqs === (this.receipt?.answers ?? seqs)) this.rows = rows.filter((one) => one !== undefined);
	}

	private answer(row: Row) {
		const { seq, size, preview, roundTrip } = row;
		const columns = this.store.describe.columns.map((column) => {
			const text = columnText(column, row);
			return text ? html`<span class="column" title=${column.title}>${text}</span>` : nothing;
		});
		return html`<button class="answer" title="Show in the log" @click=${() => this.store.showMessage(seq)}>
			<span class="way">${icon('reply', 'Answer')}</span>${columns}
			<span class="preview cut">${size === 0 ? html`<span class="dim">(empty)</span>` : visible(preview)}</span>
			<span class="dim">${bytes(size)}${roundTrip === undefined ? '' : ` · ${duration(roundTrip)}`}</span>
			<span class="show">Show</span></button>`;
	}

	override render() {
		const all = this.receipt?.answers?.length ?? 0;
		const note = html`<div class="dim">${count(all, 'answer', 'answers')}; the last ${maxListed}:</div>`;
		return html`${all > maxListed ? note : nothing}${this.rows.map((row) => this.answer(row))}`;
	}
}
