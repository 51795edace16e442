import { css, html, nothing, type TemplateResult } from 'lit';
import type { TreeLevel, TreeRow } from '../../../src/model/contracts/topic';
import { age, dateAndClock, number, rate, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { matchesIn, withMarks } from './match-marks';
import { sparkline } from './sparkline';
import { levelsOf } from './tree-pages';
import { shortened, treeLine } from './tree-row';

export const topicStyles = css`
	.empty-name { color: var(--dim); font-style: italic; }
	/* Where there is no room, the levels between the first and the last one are cut first, unless they match. */
	.name.several { display: flex; }
	.leaf .name.several { max-width: 72%; }
	.name.several > .level { flex: 0 1 auto; }
	.middle { flex: 0 1000 auto; min-width: 1.8em; }
	.middle.hit { flex-shrink: 1; }
	.level, .middle { overflow: hidden; text-overflow: ellipsis; }
	.middle > .level { overflow: visible; }
	.level:hover, .line.chosen .level.on, .line.on .level.on { text-decoration: underline; }
	.between { flex: none; padding: 0 1px; color: var(--dim); }
	.figures { flex: none; display: flex; align-items: center; gap: 6px; margin-inline-start: 6px; font-size: 0.92em; color: var(--dim);
		font-variant-numeric: tabular-nums; }
	.retained { color: var(--vscode-charts-yellow, var(--dim)); margin-inline-start: 4px; }
	.leaf .spark, .leaf .rate, .age { display: none; }
	@container (max-width: 210px) { .spark, .rate { display: none; } }
	@container (min-width: 340px) { .leaf .spark { display: inline; } }
	@container (min-width: 420px) { .leaf .rate, .age { display: inline; } }
`;

export interface DrawnTopic {
	position: number;
	/** Number of rows in the tree. */
	rows: number;
	now: number;
	active: number | undefined;
	/** The level that the keyboard is on, if it is not the last one of the active row. */
	level: number | undefined;
	selectedId: number | undefined;
	/** The protocol's flag of a retained message; 0 for none. */
	retained: number;
	separator: string;
	/** The text that the tree is filtered by; empty for none. */
	searched: string;
	samples: readonly number[];
	pinned: boolean;
}

/** One row of the tree of targets; undefined until its page has arrived. */
export function topicRow(row: TreeRow | undefined, drawn: DrawnTopic): TemplateResult {
	const { position, rows, now, level } = drawn;
	if (!row)
		return html`<div class="line dim" role="treeitem" aria-posinset=${position + 1} aria-setsize=${rows}>…</div>`;
	const isRetained = drawn.retained !== 0 && ((row.flags ?? 0) & drawn.retained) !== 0;
	const last = row.time === undefined ? '' : `\nLast: ${dateAndClock(row.time)}`;
	const counts = `${number(row.messages)} here, ${number(row.total)} with all below, ${number(row.below)} below`;
	const levels = levelsOf(row);
	const active = position === drawn.active;
	const line = {
		id: 'topic',
		position,
		total: rows,
		depth: row.depth,
		title: `${visible(shortened(row.path))}\n${counts}${last}`,
		label: active && level !== undefined ? visible(levels[level]?.path ?? '') : undefined,
		expanded: row.expandable ? row.expanded : undefined,
		active,
		chosen: levels.some(({ id }) => id === drawn.selectedId),
		style: row.below === 0 ? 'leaf' : 'folder',
	};
	return treeLine(
		line,
		html`${name(row, drawn, active)}${isRetained ? html`<span class="retained">${icon('bookmark', 'Retained')}</span>` : nothing}
			<span class="value">${row.preview === undefined ? nothing : visible(row.preview)}</span>
			<span class="figures">${sparkline(drawn.samples)}${row.rate > 0 ? html`<span class="rate">${rate(row.rate)}</span>` : nothing}
				${row.time === undefined ? nothing : html`<span class="age">${age(row.time, now)}</span>`}
				<span class="total">${number(row.total)}</span></span>${topicButtons(drawn.pinned)}`,
	);
}

/** The buttons at the end of a row, while the pointer is on it. */
export function topicButtons(pinned: boolean): TemplateResult {
	const label = pinned ? 'Unpin' : 'Pin';
	return html`<span class="buttons"><button class="pin tool" tabindex="-1" aria-label=${label} title=${label}>${icon(pinned ? 'pinned' : 'pin')}</button
		><button class="actions tool" tabindex="-1" aria-label="Actions" title="Actions">${icon('ellipsis')}</button></span>`;
}

function name(row: TreeRow, { searched, separator, level, selectedId }: DrawnTopic, active: boolean): TemplateResult {
	const levels = levelsOf(row);
	const matches = matchesIn(row.path, searched);
	const text = ({ name, path }: TreeLevel) =>
		name === '' ? html`<span class="empty-name">(empty)</span>` : withMarks(name, matches, path.length - name.length);
	if (levels.length === 1) return html`<span class="name">${text(row)}</span>`;
	const isHit = ({ name, path }: TreeLevel) =>
		matches.some(([from, to]) => from < path.length && to > path.length - name.length);
	const current = active && level !== undefined ? level : row.above?.findIndex(({ id }) => id === selectedId);
	const between = html`<span class="between">${visible(separator)}</span>`;
	const part = (one: TreeLevel, at: number) =>
		html`<span class=${at === current ? 'level on' : 'level'} data-level=${at}>${text(one)}</span>`;
	const [first, ...others] = levels.map(part);
	const last = others.pop();
	const middle = levels.slice(1, -1);
	const middlePart = () =>
		html`${between}<span class=${middle.some(isHit) ? 'middle hit' : 'middle'}>${others.map(
			(one, at) => html`${at > 0 ? between : nothing}${one}`,
		)}</span>`;
	return html`<span class="name several">${first}${middle.length > 0 ? middlePart() : nothing}${between}${last}</span>`;
}
