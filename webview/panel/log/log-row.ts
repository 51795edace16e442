import { css, html, nothing, type TemplateResult } from 'lit';
import { direction, flag, type Row } from '../../../src/model/contracts/message';
import type { Column, ProtocolDescription } from '../../../src/protocols/description';
import { bytes, capital, clock, dateAndClock, momentOf, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { marked, middleCut } from '../../controls/middle-cut';
import { markCell, markIcon } from '../marks/marked';
import { answerCell, receiptCell, receiptIcon, settlementCell, settlementIcon } from './receipt-cell';

export const logStyles = css`
	mw-virtual-list { position: absolute; inset: 0; overflow-y: scroll; overflow-x: hidden; overflow-anchor: none; contain: strict; }
	.line { display: flex; align-items: center; gap: 8px; height: 22px; padding: 0 8px; white-space: nowrap; overflow: hidden; cursor: default; }
	.line > * { overflow: hidden; text-overflow: ellipsis; }
	.rows .line { user-select: none; }
	.head { border-bottom: 1px solid var(--line); color: var(--dim); flex: none; scrollbar-gutter: stable; }
	.time { flex: none; width: 12.5ch; font-family: var(--mono); font-size: 0.92em; font-variant-numeric: tabular-nums; color: var(--dim); }
	.head .preview { font-family: inherit; }
	.line > .way { display: flex; flex: none; width: 34px; height: 16px; gap: 2px; overflow: visible; }
	.target { flex: 3 1 0; min-width: 60px; }
	.sender { font-family: var(--vscode-font-family, sans-serif); font-weight: 600; }
	.line.current mark { background: var(--vscode-editor-findMatchBackground, transparent); color: var(--mw-on-match, inherit);
		outline-color: var(--vscode-editor-findMatchBorder, var(--vscode-contrastActiveBorder, transparent)); }
	.line.hit { box-shadow: inset -3px 0 var(--vscode-editorOverviewRuler-findMatchForeground, var(--vscode-symbolIcon-classForeground)); }
	.size { flex: none; width: 58px; text-align: end; color: var(--dim); font-variant-numeric: tabular-nums; }
	.preview { flex: 4 1 0; min-width: 60px; font-family: var(--mono); font-size: 0.95em; unicode-bidi: plaintext; text-align: left; }
	.part { flex: none; unicode-bidi: plaintext; text-align: left; }
	.part > span { font-family: var(--mono); font-size: 0.95em; }
	.binary { color: var(--dim); }
	.tag { color: var(--dim); font-family: var(--vscode-font-family, sans-serif); font-size: 0.9em; font-style: italic; }
	.last { flex: 4 1 0; min-width: 60px; display: flex; align-items: center; gap: 8px; }
	.last > * { overflow: hidden; text-overflow: ellipsis; }
	.last .preview { flex: 1 1 0; min-width: 0; }
	.line.in .way > .icon { color: var(--vscode-charts-blue, currentColor); }
	.line.out .way > .icon { color: var(--vscode-charts-green, currentColor); }
	.line.note { color: var(--dim); font-style: italic; }
	.line.note .preview { font-family: inherit; }
	.line.note.failed { color: var(--bad); }
	/* On its background, the dim color of a light theme would be too faint. */
	.rows .line:hover { --dim: var(--vscode-foreground); background: var(--vscode-list-hoverBackground);
		outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	.rows .line[aria-selected='true'] { color: var(--vscode-list-inactiveSelectionForeground, inherit);
		background: var(--vscode-list-inactiveSelectionBackground);
		outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	mw-virtual-list:focus .line[aria-selected='true'] { color: var(--vscode-list-activeSelectionForeground);
		background: var(--vscode-list-activeSelectionBackground); }
	mw-virtual-list:focus .line.active { outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); outline-offset: -1px; }
	.rows .line[aria-selected='true'] :is(.time, .size, .column) { color: inherit; }
	mw-virtual-list:focus .line[aria-selected='true'] :is(.time, .size, .way, .way *, .column, .receipt, .receipt .link, .mark-cell, mark) { color: inherit; }
	.column { flex: none; text-align: center; color: var(--dim); }
	.column.value { text-align: right; font-variant-numeric: tabular-nums; }
	@container (max-width: 640px) { .size { display: none; } }
	@container (max-width: 560px) { .time { width: 8ch; text-overflow: clip; } }
	@container (max-width: 500px) { .column, .part { display: none; } }
	.crowded .target { flex-grow: 2; }
	@container (max-width: 820px) { .crowded .size { display: none; } }
	@container (max-width: 680px) { .crowded .time { width: 8ch; text-overflow: clip; } }
	@container (max-width: 600px) { .crowded .column { display: none; } }
`;

/** Total width of a protocol's own columns in characters from which a narrow log hides columns earlier, for the payload. */
const crowdedFrom = 12;

export const isCrowded = ({ columns, partColumn }: ProtocolDescription): boolean =>
	columns.reduce((sum, { width }) => sum + width, partColumn?.width ?? 0) >= crowdedFrom;

export { proofStyle } from './receipt-cell';

export const wayNames = { in: 'Received', out: 'Sent', note: 'Note' } as const;
export const wayIcons = { in: 'arrow-down', out: 'arrow-up', note: 'info' } as const;

/** What the rows of a log have in common. */
export interface RowShape {
	describe: ProtocolDescription;
	/** Whether the column of targets is shown. */
	hasTargets: boolean;
	/** Whether matches of a search are marked. */
	finding: boolean;
	/** Shows the message of a line. */
	show(seq: number): void;
}

/** Numbers of the columns for assistive technology. They stay where a narrow log hides some of them. */
const columnOf = { time: 1, way: 2, target: 3, first: 4 } as const;
const sizeColumn = ({ columns }: ProtocolDescription) => columnOf.first + columns.length;
const payloadColumn = (describe: ProtocolDescription) => sizeColumn(describe) + (describe.partColumn ? 2 : 1);
export const columnCount = (describe: ProtocolDescription): number => payloadColumn(describe) + 1;

/** The head of the log, the first row of its grid. */
export function logHead({ describe, hasTargets }: RowShape): TemplateResult {
	const { words, columns, partColumn } = describe;
	const size = sizeColumn(describe);
	const cell = (name: string, column: number, text: unknown, title?: string) =>
		html`<span class=${name} role="columnheader" aria-colindex=${column} title=${title ?? nothing}>${text}</span>`;
	const own = columns.map(
		(column, at) =>
			html`<span class=${columnClass(column)} role="columnheader" aria-colindex=${columnOf.first + at} title=${column.title}
				${place({ width: width(column) })}>${column.icon ? icon(column.icon, column.title) : column.label}</span>`,
	);
	return html`<div class="line head" role="row" id="log-head" aria-rowindex="1">${cell('time', columnOf.time, 'Time')}${cell(
		'way',
		columnOf.way,
		html`<span class="hidden-text">Direction and receipt</span>`,
	)}${hasTargets ? cell('target cut', columnOf.target, capital(words.target)) : nothing}${own}${cell(
		'size',
		size,
		'Size',
	)}${partColumn ? partHead(partColumn, size + 1) : nothing}${cell('preview', payloadColumn(describe), 'Payload')}</div>`;
}

type PartColumn = NonNullable<ProtocolDescription['partColumn']>;

const partHead = ({ label, title, width }: PartColumn, column: number) =>
	html`<span class="part cut" role="columnheader" aria-colindex=${column} title=${title} ${place({ width: `${width}ch` })}>${label}</span>`;

const width = ({ width, label, icon: image }: Column) => (image ? '18px' : `${Math.max(width, label.length) + 1}ch`);

/** Where a row is drawn, and how. */
export interface RowPlace {
	/** In the view. */
	position: number;
	/** Number in the grid, from 2. */
	index: number;
	selected: boolean;
	/** It is the row of the keyboard. */
	active: boolean;
	/** It is the current match of a search. */
	current: boolean;
	/** The mark of the subscription that brought it. */
	edge: unknown;
}

/** One line of the log. `row` is undefined until its page has arrived. */
export function logRow(
	shape: RowShape,
	row: Row | undefined,
	{ position, index, selected, active, current, edge }: RowPlace,
): TemplateResult {
	if (!row)
		return html`<div class="line" role="row" aria-rowindex=${index}><span class="time dim" role="gridcell">…</span></div>`;
	const way = direction(row.flags);
	const failed = (row.flags & flag.bad) !== 0;
	const image =
		row.answers === undefined
			? icon(way === 'note' && failed ? 'error' : wayIcons[way], wayNames[way])
			: icon('reply', 'Answer');
	const hit = shape.finding && row.marks ? (current ? ' hit current' : ' hit') : '';
	return html`<div class=${`line ${way}${failed ? ' failed' : ''}${hit}${active ? ' active' : ''}`} role="row" id=${`row-${position}`}
		data-position=${position} aria-rowindex=${index} aria-selected=${selected}
		>${time(row)}<span class="way" role="gridcell" aria-colindex=${columnOf.way}>${image}${
			row.receipt
				? receiptIcon(row.receipt)
				: row.checkMarks
					? markIcon(row.checkMarks)
					: row.settlement
						? settlementIcon(row.settlement)
						: nothing
		}${edge}</span>${way === 'note' ? note(shape, row) : message(shape, row)}</div>`;
}

/** When it was written, if that is known, else when it arrived. */
function time({ time, written }: Row): TemplateResult {
	const arrival = dateAndClock(time);
	const title = written === undefined ? arrival : `Written ${dateAndClock(written)}, received ${arrival}`;
	return html`<span class="time" role="gridcell" aria-colindex=${columnOf.time} title=${title}>${
		written === undefined ? clock(time) : momentOf(written, time)
	}</span>`;
}

const note = ({ describe, finding }: RowShape, { preview, marks }: Row) =>
	html`<span class="preview" role="gridcell" aria-colindex=${payloadColumn(describe)} title=${preview}>${marked(
		preview,
		finding ? marks?.preview : undefined,
	)}</span>`;

function message(shape: RowShape, row: Row): TemplateResult {
	const { describe, hasTargets, finding, show } = shape;
	const last = columnCount(describe);
	const target = () =>
		html`<span class="target" role="gridcell" aria-colindex=${columnOf.target} title=${visible(row.target)}>${middleCut(
			row.target,
			describe.separator,
			finding ? row.marks?.target : undefined,
		)}</span>`;
	return html`${hasTargets ? target() : nothing}${describe.columns.map((column, at) => ownCell(column, at, row))}<span
		class="size" role="gridcell" aria-colindex=${sizeColumn(describe)}>${bytes(row.size)}</span>${
			describe.partColumn ? partCell(describe.partColumn, shape, row) : nothing
		}<span class="last">${preview(shape, row)}${row.receipt ? receiptCell(row.receipt, last) : nothing}${
			row.checkMarks ? markCell(row.checkMarks, last) : nothing
		}${
			row.settlement ? settlementCell(row.settlement, last) : nothing
		}${row.answers === undefined ? nothing : answerCell(row, last, show)}</span>`;
}

/** The further payload that has a column, such as the key. */
function partCell({ label, width }: PartColumn, { describe, finding }: RowShape, { part, marks }: Row): TemplateResult {
	const text =
		part &&
		(part.size === 0
			? html`<span class="dim">(empty)</span>`
			: marked(part.preview, finding ? marks?.part : undefined));
	return html`<span class=${part?.binary ? 'part cut binary' : 'part cut'} role="gridcell" aria-colindex=${sizeColumn(describe) + 1}
		title=${part && part.size > 0 ? `${label}: ${part.preview}` : nothing} ${place({ width: `${width}ch` })}><span>${text ?? nothing}</span></span>`;
}

const columnClass = ({ read }: Column) => (read ? 'column value' : 'column');

/** A value that is too long for its column: its last digits tell rows apart. */
const endOf = (text: string, { read, width }: Column) =>
	read && text.length > width ? `…${text.slice(text.length - width + 1)}` : text;

/** The text of a protocol's column. */
export const columnText = (column: Column, { flags, cells }: Row): string => cells?.[column.id] ?? column.text(flags);

function ownCell(column: Column, at: number, row: Row): TemplateResult {
	const text = columnText(column, row);
	const title = column.read && text !== '' ? `${column.title}: ${text}` : column.title;
	return html`<span class=${columnClass(column)} role="gridcell" aria-colindex=${columnOf.first + at} title=${title}
		${place({ width: width(column) })}>${column.icon && text !== '' ? icon(column.icon, column.title) : endOf(text, column)}</span>`;
}

function preview({ describe, finding }: RowShape, { size, binary, preview, tag, sender, marks }: Row): TemplateResult {
	const text =
		size === 0 ? html`<span class="dim">(empty)</span>` : marked(preview, finding ? marks?.preview : undefined);
	const who = sender === undefined ? nothing : html`<span class="sender">${visible(sender)}:</span> `;
	const kind = tag ? html`<span class="tag">${tag}</span> ` : nothing;
	return html`<span class=${binary && !tag ? 'preview binary' : 'preview'} role="gridcell"
		aria-colindex=${payloadColumn(describe)}>${who}${kind}${text}</span>`;
}
