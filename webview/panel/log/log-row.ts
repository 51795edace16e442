import { css, html, nothing, type TemplateResult } from 'lit';
import { direction, flag, type Proof, type Receipt, type Row } from '../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { bytes, capital, clock, duration, number, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';

export const logStyles = css`
	mw-virtual-list { position: absolute; inset: 0; overflow-y: scroll; overflow-x: hidden; overflow-anchor: none; contain: strict; }
	.line { display: flex; align-items: center; gap: 8px; height: 22px; padding: 0 8px; white-space: nowrap; overflow: hidden; cursor: default; }
	.line > * { overflow: hidden; text-overflow: ellipsis; }
	.head { border-bottom: 1px solid var(--line); color: var(--dim); flex: none; scrollbar-gutter: stable; }
	.time { flex: none; width: 12.5ch; font-family: var(--mono); font-size: 0.92em; font-variant-numeric: tabular-nums; color: var(--dim); }
	.head .preview { font-family: inherit; }
	.way { flex: none; width: 16px; height: 16px; }
	/* The end of a topic identifies it better than its start, so a long name is cut at the start. */
	.rows .target { direction: rtl; text-align: left; }
	.target { flex: 3 1 0; min-width: 60px; }
	.size { flex: none; width: 58px; text-align: end; color: var(--dim); font-variant-numeric: tabular-nums; }
	.preview { flex: 4 1 0; min-width: 60px; font-family: var(--mono); font-size: 0.95em; unicode-bidi: plaintext; }
	.binary { color: var(--dim); }
	.tag { color: var(--dim); font-family: var(--vscode-font-family, sans-serif); font-size: 0.9em; font-style: italic; }
	.last { flex: 4 1 0; min-width: 60px; display: flex; align-items: center; gap: 8px; }
	.last > * { overflow: hidden; text-overflow: ellipsis; }
	.last .preview { flex: 1 1 0; min-width: 0; }
	.receipt { flex: 0 1 auto; max-width: 65%; font-size: 0.92em; }
	.line.in .way { color: var(--vscode-charts-blue, currentColor); }
	.line.out .way { color: var(--vscode-charts-green, currentColor); }
	.line.note { color: var(--dim); font-style: italic; }
	.line.note .preview { font-family: inherit; }
	.line.note.failed { color: var(--bad); }
	.rows .line:hover { background: var(--vscode-list-hoverBackground);
		outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	.rows .line[aria-selected='true'] { color: var(--vscode-list-inactiveSelectionForeground, inherit);
		background: var(--vscode-list-inactiveSelectionBackground);
		outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	mw-virtual-list:focus .line[aria-selected='true'] { color: var(--vscode-list-activeSelectionForeground);
		background: var(--vscode-list-activeSelectionBackground);
		outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); }
	mw-virtual-list:focus .line[aria-selected='true'] :is(.time, .size, .way, .column, .receipt) { color: inherit; }
	.column { flex: none; text-align: center; color: var(--dim); }
	@container (max-width: 640px) { .size { display: none; } .receipt { max-width: 45%; } }
	@container (max-width: 560px) { .time { width: 8ch; text-overflow: clip; } }
	@container (max-width: 500px) { .column { display: none; } }
`;

export const wayNames = { in: 'Received', out: 'Sent', note: 'Note' } as const;
export const wayIcons = { in: 'arrow-down', out: 'arrow-up', note: 'info' } as const;

/** The class of a receipt's color. */
export const proofStyle: Record<Proof, string> = {
	pending: 'dim',
	'handed-over': 'dim',
	acknowledged: 'good',
	answered: 'good',
	unrouted: 'warn',
	unknown: 'warn',
	refused: 'bad',
};

export function logHead({ words, columns }: ProtocolDescription): TemplateResult {
	return html`<div class="line head" aria-hidden="true"><span class="time">Time</span><span class="way"></span>
		<span class="target cut">${capital(words.target)}</span>
		${columns.map((column) => html`<span class="column" title=${column.title} ${place({ width: width(column) })}>${column.label}</span>`)}
		<span class="size">Size</span><span class="preview">Payload</span></div>`;
}

const width = (column: { width: number; label: string }) => `${Math.max(column.width, column.label.length) + 1}ch`;

/** One line of the log. `row` is undefined until its page has arrived; `index` is its number in the view, from 1. */
export function logRow(
	describe: ProtocolDescription,
	row: Row | undefined,
	{ position, index, selected, edge }: { position: number; index: number; selected: boolean; edge: unknown },
): TemplateResult {
	if (!row) return html`<div class="line" role="row" aria-rowindex=${index}><span class="time dim">…</span></div>`;
	const way = direction(row.flags);
	const failed = (row.flags & flag.bad) !== 0;
	const image =
		row.answers === undefined
			? icon(way === 'note' && failed ? 'error' : wayIcons[way], wayNames[way])
			: icon('reply', 'Answer');
	return html`<div class=${`line ${way}${failed ? ' failed' : ''}`} role="row" id=${`row-${position}`}
		data-position=${position} aria-rowindex=${index} aria-selected=${selected}
		><span class="time" role="gridcell">${clock(row.time)}</span><span class="way" role="gridcell">${image}${edge}</span
		>${way === 'note' ? note(row) : message(describe, row)}</div>`;
}

const note = ({ preview }: Row) =>
	html`<span class="preview" role="gridcell" title=${preview}>${visible(preview)}</span>`;

function message({ columns }: ProtocolDescription, row: Row): TemplateResult {
	const target = visible(row.target);
	const cells = columns.map(
		(column) =>
			html`<span class="column" role="gridcell" title=${column.title} ${place({ width: width(column) })}>${column.text(row.flags)}</span>`,
	);
	return html`<span class="target" role="gridcell" title=${target}><bdi dir="ltr">${target}</bdi></span>${cells}<span
		class="size" role="gridcell">${bytes(row.size)}</span><span class="last">${preview(row)}${
			row.receipt ? receiptCell(row.receipt) : nothing
		}${row.answers === undefined ? nothing : answerCell(row.answers, row.roundTrip)}</span>`;
}

function preview({ size, binary, preview, tag }: Row): TemplateResult {
	const text = size === 0 ? html`<span class="dim">(empty)</span>` : visible(preview);
	return html`<span class=${binary && !tag ? 'preview binary' : 'preview'} role="gridcell">${
		tag ? html`<span class="tag">${tag}</span> ` : nothing
	}${text}</span>`;
}

function receiptCell({ proof, text, evidence, done }: Receipt): TemplateResult {
	const progress = done === undefined ? nothing : ` · ${Math.round(done * 100)} %`;
	return html`<span class=${`receipt cut ${proofStyle[proof]}`} role="gridcell" title=${evidence ?? nothing}>${visible(text)}${progress}</span>`;
}

function answerCell(request: number, roundTrip: number | undefined): TemplateResult {
	const after = roundTrip === undefined ? '' : ` after ${duration(roundTrip)}`;
	return html`<span class="receipt cut dim" role="gridcell">answers ${number(request)}${after}</span>`;
}
