import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Receipt, Row } from '../../../src/model/contracts/message';
import { emit } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { bytes, count, duration, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import type { Session } from '../session';

/** Answers that are listed; the log has all of them. */
const most = 20;

/** What came back to a request, one line each. Says `mw-show` with the one that is chosen. */
@customElement('mw-answers')
export class Answers extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; min-width: 0; max-height: 132px; overflow: auto; }
			.answer { display: flex; align-items: center; gap: 8px; width: 100%; min-height: 22px; padding: 0 4px; border: 0; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
			.answer:hover { background: var(--vscode-list-hoverBackground); }
			.way { color: var(--vscode-charts-blue, currentColor); }
			.preview { flex: 1 1 0; font-family: var(--mono); font-size: 0.95em; unicode-bidi: plaintext; }
			.column { flex: none; color: var(--dim); }
			.show { flex: none; color: var(--vscode-textLink-foreground); }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) receipt: Receipt | undefined;
	@state() private rows: Row[] = [];

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('receipt')) void this.load(this.receipt?.answers ?? []);
	}

	private async load(seqs: readonly number[]) {
		const wanted = seqs.slice(-most);
		const rows = await Promise.all(
			wanted.map((seq) =>
				this.session.remote.detail(seq).then(
					({ row }) => row,
					() => undefined,
				),
			),
		);
		if (seqs === (this.receipt?.answers ?? seqs)) this.rows = rows.filter((row) => row !== undefined);
	}

	override render() {
		const { columns } = this.session.describe;
		const all = this.receipt?.answers?.length ?? 0;
		return html`${all > most ? html`<div class="dim">${count(all, 'answer', 'answers')}; the last ${most}:</div>` : nothing}${this.rows.map(
			(row) => html`<button class="answer" title="Show it in the log" @click=${() => emit(this, 'mw-show', row.seq)}
				><span class="way">${icon('reply', 'Answer')}</span>${columns.map((column) => {
					const text = column.text(row.flags);
					return text ? html`<span class="column" title=${column.title}>${text}</span>` : nothing;
				})}<span class="preview cut">${row.size === 0 ? html`<span class="dim">(empty)</span>` : visible(row.preview)}</span
				><span class="dim">${bytes(row.size)}${row.roundTrip === undefined ? '' : ` · ${duration(row.roundTrip)}`}</span><span class="show">Show</span></button>`,
		)}`;
	}
}
