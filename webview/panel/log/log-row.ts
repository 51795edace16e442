import { css, html, nothing, type TemplateResult } from 'lit';
import { direction, flag, type Proof, type Row } from '../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { bytes, clock, duration, number, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { LogPages } from './log-pages';
import type { Picked } from './selection';

export const logStyles = css`
	mw-virtual-list { position: absolute; inset: 0; overflow-y: scroll; overflow-x: hidden; overflow-anchor: none; contain: strict; }
	.line { display: flex; align-items: center; gap: 8px; height: 22px; padding: 0 8px; white-space: nowrap; overflow: hidden; cursor: default; }
	.line > * { overflow: hidden; text-overflow: ellipsis; }
	.head { border-bottom: 1px solid var(--line); color: var(--dim); flex: none; scrollbar-gutter: stable; }
	.time { flex: none; width: 12.5ch; font-family: var(--mono); font-size: 0.92em; font-variant-numeric: tabular-nums; color: var(--dim); }
	.head .preview { font-family: inherit; }
	.way { flex: none; width: 16px; height: 16px; }
	/* The end of a topic tells more than its start: what is too long is cut in front. */
	.rows .target { direction: rtl; text-align: left; }
	.target { flex: 3 1 0; min-width: 60px; }
	.size { flex: none; width: 58px; text-align: end; color: var(--dim); font-variant-numeric: tabular-nums; }
	.preview { flex: 4 1 0; min-width: 60px; font-family: var(--mono); font-size: 0.95em; unicode-bidi: plaintext; }
	.binary { color: var(--dim); }
	.last { flex: 4 1 0; min-width: 60px; display: flex; align-items: center; gap: 8px; }
	.last > * { overflow: hidden; text-overflow: ellipsis; }
	.last .preview { flex: 1 1 0; min-width: 0; }
	.receipt { flex: 0 1 auto; max-width: 65%; font-size: 0.92em; }
	.line.in .way { color: var(--vscode-charts-blue, currentColor); }
	.line.out .way { color: var(--vscode-charts-green, currentColor); }
	.line.note { color: var(--dim); font-style: italic; }
	.line.note .preview { font-family: inherit; }
	.line.note.failed { color: var(--bad); }
	.rows .line:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	.rows .line[aria-selected='true'] { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, inherit);
		outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	mw-virtual-list:focus .line[aria-selected='true'] { background: var(--vscode-list-activeSelectionBackground); color: var(--vscode-list-activeSelectionForeground);
		outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); }
	mw-virtual-list:focus .line[aria-selected='true'] :is(.time, .size, .way, .column, .receipt) { color: inherit; }
	.column { flex: none; text-align: center; color: var(--dim); }
	@container (max-width: 640px) { .size { display: none; } .receipt { max-width: 45%; } }
	@container (max-width: 560px) { .time { width: 8ch; text-overflow: clip; } }
	@container (max-width: 500px) { .column { display: none; } }
`;

/** The direction of a message as an icon. */
export const wayIcons = { in: 'arrow-down', out: 'arrow-up', note: 'info' } as const;
const ways = { in: 'Received', out: 'Sent', note: 'Note' } as const;
const proofClass: Record<Proof, string> = {
	pending: 'dim',
	'handed-over': 'dim',
	acknowledged: 'good',
	answered: 'good',
	unrouted: 'warn',
	unknown: 'warn',
	refused: 'bad',
};
export const proofStyle = (proof: Proof): string => proofClass[proof];

export function logHead(describe: ProtocolDescription): TemplateResult {
	return html`<div class="line head" aria-hidden="true"><span class="time">Time</span><span class="way"></span>
		<span class="target cut">${capital(describe.words.target)}</span>
		${describe.columns.map((column) => html`<span class="column" title=${column.title} ${place({ width: width(column) })}>${column.label}</span>`)}
		<span class="size">Size</span><span class="preview">Payload</span></div>`;
}

const width = (column: { width: number; label: string }) => `${Math.max(column.width, column.label.length) + 1}ch`;

export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export function logRow(
	describe: ProtocolDescription,
	pages: LogPages,
	position: number,
	selected?: number,
	picked?: Picked,
): TemplateResult {
	const row = pages.row(position);
	const index = position - pages.low + 1;
	if (!row) return html`<div class="line" role="row" aria-rowindex=${index}><span class="time dim">…</span></div>`;
	const way = direction(row.flags);
	const failed = (row.flags & flag.bad) !== 0;
	return html`<div class=${`line ${way}${failed ? ' failed' : ''}`} role="row" id=${`row-${position}`} data-position=${position}
		aria-rowindex=${index} aria-selected=${row.seq === selected || (picked?.has(position) ?? false)}
		>${time(row)}<span class="way" role="gridcell">${row.answers === undefined ? icon(way === 'note' && failed ? 'error' : wayIcons[way], ways[way]) : icon('reply', 'Answer')}</span
		>${way === 'note' ? html`<span class="preview" role="gridcell" title=${row.preview}>${visible(row.preview)}</span>` : message(describe, row)}</div>`;
}

const time = (row: Row) => html`<span class="time" role="gridcell">${clock(row.time)}</span>`;

function message(describe: ProtocolDescription, row: Row): TemplateResult {
	const target = visible(row.target);
	const { receipt, roundTrip } = row;
	const answered =
		row.answers === undefined
			? undefined
			: `answers ${number(row.answers)}${roundTrip === undefined ? '' : ` after ${duration(roundTrip)}`}`;
	return html`<span class="target" role="gridcell" title=${target}><bdi dir="ltr">${target}</bdi></span
		>${describe.columns.map((column) => html`<span class="column" role="gridcell" title=${column.title} ${place({ width: width(column) })}>${column.text(row.flags)}</span>`)}<span
		class="size" role="gridcell">${bytes(row.size)}</span><span class="last"><span class=${row.binary ? 'preview binary' : 'preview'} role="gridcell">${row.size === 0 ? html`<span class="dim">(empty)</span>` : visible(row.preview)}</span
		>${receipt ? html`<span class=${`receipt cut ${proofStyle(receipt.proof)}`} role="gridcell" title=${receipt.evidence ?? nothing}>${visible(receipt.text)}${receipt.done === undefined ? nothing : ` · ${Math.round(receipt.done * 100)} %`}</span>` : nothing}${
			answered === undefined ? nothing : html`<span class="receipt cut dim" role="gridcell">${answered}</span>`
		}</span>`;
}
