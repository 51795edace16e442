import { css, html, nothing, type TemplateResult } from 'lit';
import { direction, flag, type Proof, type Receipt, type Row, type Said } from '../../../src/model/contracts/message';
import { chartColor } from '../../base/colors';
import { clock, dateAndClock, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { markIcon } from '../marks/marked';

export const chatStyles = css`
	mw-chat { position: absolute; inset: 0; overflow-y: scroll; overflow-x: hidden; overflow-anchor: none; contain: strict;
		display: flex; flex-direction: column; padding: 6px 12px; }
	.talk { display: flex; flex-direction: column; gap: 3px; margin-top: auto; min-width: 0; }
	.turn { display: flex; flex-direction: column; align-items: flex-start; min-width: 0; cursor: default; }
	.turn.out { align-items: flex-end; }
	.who { display: flex; align-items: center; gap: 6px; max-width: 100%; margin: 7px 2px 2px; font-weight: 600; }
	.who .dot { flex: none; width: 8px; height: 8px; border-radius: 50%; }
	.who .to { color: var(--dim); font-weight: normal; font-size: 0.92em; }
	.saying { display: flex; align-items: flex-end; gap: 8px; max-width: 88%; min-width: 0; }
	.turn.out .saying { flex-direction: row-reverse; }
	.bubble { min-width: 0; padding: 4px 10px; border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4;
		unicode-bidi: plaintext; background: var(--vscode-list-inactiveSelectionBackground, transparent);
		color: var(--vscode-list-inactiveSelectionForeground, inherit); border: 1px solid var(--vscode-contrastBorder, transparent); }
	.turn.out .bubble { color: var(--vscode-inputOption-activeForeground, inherit); background: var(--vscode-inputOption-activeBackground, transparent); }
	.turn .tag { opacity: 1; color: inherit; }
	.when { display: inline-flex; flex: none; align-items: center; gap: 3px; padding-bottom: 3px; color: var(--dim); font-size: 0.85em;
		font-variant-numeric: tabular-nums; white-space: nowrap; }
	.when .icon { width: 14px; font-size: 14px; vertical-align: -2px; }
	.turn[aria-selected='true'] .bubble { outline: 2px solid var(--vscode-focusBorder); outline-offset: 1px; }
	.aside { display: flex; justify-content: center; gap: 8px; min-width: 0; padding: 2px 8px; border-radius: 4px; color: var(--dim); font-size: 0.92em; cursor: default; }
	.aside.failed { color: var(--bad); }
	.aside[aria-selected='true'] { outline: 1px solid var(--vscode-focusBorder); }
	.aside .when { padding: 0; color: inherit; font-size: 1em; }
	.day { display: flex; align-items: center; gap: 10px; margin: 8px 0 2px; color: var(--dim); font-size: 0.92em; }
	.day::before, .day::after { content: ''; flex: 1 1 0; border-top: 1px solid var(--line); }
`;

/** A silence after which the name is repeated. Milliseconds. */
const pause = 5 * 60_000;
const colors = ['blue', 'green', 'orange', 'purple', 'red', 'yellow'] as const;

/** A row of the log and what it says; `said` is undefined until it is known. */
export interface Turn {
	row: Row;
	said: Said | undefined;
}

export interface TurnPlace {
	position: number;
	/** Number in the view, from 1. */
	index: number;
	selected: boolean;
	/** The row above, if it is loaded. */
	before: Turn | undefined;
	/** The target to name; empty if it is clear. */
	target: string;
	showAll: () => void;
}

const timeOf = ({ written, time }: Row): number => written ?? time;
const dayOf = (row: Row): string => dateAndClock(timeOf(row)).slice(0, 10);

/** The text of a message, as far as it is known: the start of a message that was not read yet is its preview. */
const textOf = ({ row, said }: Turn): string | undefined => (said ? said.text : row.preview);

const isNote = ({ flags }: Row): boolean => direction(flags) === 'note';
const isAside = (turn: Turn): boolean => isNote(turn.row) || textOf(turn) === undefined;

/** One message of a chat: sent ones on the right, received ones on the left, all others as a dim line. */
export function chatRow(turn: Turn, at: TurnPlace): TemplateResult {
	const { row } = turn;
	const { before } = at;
	const day =
		before && dayOf(before.row) === dayOf(row)
			? nothing
			: html`<div class="day" role="presentation">${dayOf(row)}</div>`;
	return html`${day}${isAside(turn) ? aside(turn, at) : message(turn, at)}`;
}

const shown = (text: string): string => text.split('\n').map(visible).join('\n').trimEnd();

function aside({ row }: Turn, { position, index, selected }: TurnPlace): TemplateResult {
	const failed = row.flags & flag.bad ? ' failed' : '';
	return html`<div class=${`aside${failed}`} role="option" id=${`row-${position}`} data-position=${position}
		aria-posinset=${index} aria-setsize="-1" aria-selected=${selected}><span class="when">${clockOf(row)}</span><span
		class="cut">${visible(row.preview)}</span></div>`;
}

function message(turn: Turn, at: TurnPlace): TemplateResult {
	const { row, said } = turn;
	const way = direction(row.flags);
	const text = textOf(turn) ?? '';
	const more = said?.isCut
		? html` <button class="link" @click=${(event: Event) => {
				event.stopPropagation();
				at.showAll();
			}}>Show all</button>`
		: nothing;
	const content = text === '' ? html`<span class="dim">(empty)</span>` : shown(text);
	return html`<div class=${`turn ${way}`} role="option" id=${`row-${at.position}`} data-position=${at.position}
		aria-posinset=${at.index} aria-setsize="-1" aria-selected=${at.selected}>${isNewSpeaker(turn, at) ? speaker(row, at) : nothing}<div
		class="saying"><div class="bubble">${row.tag ? html`<span class="tag">${row.tag}</span> ` : nothing}${content}${more}</div><span
		class="when" title=${timeTitle(row)}>${clockOf(row)}${row.receipt ? tick(row.receipt) : nothing}${
			row.checkMarks ? markIcon(row.checkMarks) : nothing
		}</span></div></div>`;
}

const clockOf = (row: Row): string => clock(timeOf(row)).slice(0, 5);

const timeTitle = ({ time, written }: Row): string =>
	written === undefined ? dateAndClock(time) : `Written ${dateAndClock(written)}, received ${dateAndClock(time)}`;

function isNewSpeaker(turn: Turn, { before, target }: TurnPlace): boolean {
	if (!before || isAside(before)) return true;
	const [one, other] = [before.row, turn.row];
	if (direction(one.flags) !== direction(other.flags) || one.sender !== other.sender) return true;
	if (target !== '' && one.target !== other.target) return true;
	return timeOf(other) - timeOf(one) > pause || dayOf(one) !== dayOf(other);
}

/** The name above a message, where there is one to tell. */
function speaker({ flags, sender }: Row, { target }: TurnPlace): TemplateResult | typeof nothing {
	if (direction(flags) === 'out')
		return target === '' ? nothing : html`<div class="who"><span class="to cut">to ${visible(target)}</span></div>`;
	const name = sender ?? target;
	if (name === '') return nothing;
	const where = sender !== undefined && target !== '' ? html`<span class="to cut">${visible(target)}</span>` : nothing;
	return html`<div class="who"><span class="dot" ${place({ background: colorOf(name) })}></span><span
		class="cut">${visible(name)}</span>${where}</div>`;
}

/** The same color for the same name. */
function colorOf(name: string): string {
	let hash = 0;
	for (let at = 0; at < name.length; at++) hash = (hash * 31 + name.charCodeAt(at)) >>> 0;
	return chartColor(colors[hash % colors.length] ?? colors[0]);
}

const ticks: Record<Proof, [icon: string, style: string]> = {
	pending: ['clock', 'dim'],
	'handed-over': ['check', 'dim'],
	acknowledged: ['check', 'good'],
	answered: ['check-all', 'good'],
	unrouted: ['warning', 'warn'],
	unknown: ['question', 'warn'],
	refused: ['error', 'bad'],
};

function tick({ proof, text, evidence }: Receipt): TemplateResult {
	const [name, style] = ticks[proof];
	return html`<span class=${style}>${icon(name, evidence ? `${text} (${evidence})` : text)}</span>`;
}
