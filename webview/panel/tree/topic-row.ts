import { css, html, nothing, type TemplateResult } from 'lit';
import type { TreeRow } from '../../../src/model/contracts/topic';
import { age, dateAndClock, number, rate, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { rowActions, treeLine } from './tree-row';

export const topicStyles = css`
	.empty-name { color: var(--dim); font-style: italic; }
	.figures { flex: none; display: flex; gap: 6px; margin-inline-start: 6px; font-size: 0.85em; color: var(--dim); font-variant-numeric: tabular-nums; }
	.total { padding: 0 5px; border-radius: 8px; color: var(--vscode-badge-foreground); background: var(--vscode-badge-background);
		border: 1px solid var(--vscode-contrastBorder, transparent); }
	.retained { color: var(--vscode-charts-yellow, var(--dim)); margin-inline-start: 4px; }
	.line:hover .figures { margin-inline-end: 26px; }
	@container (max-width: 210px) { .figures .rate, .figures .age { display: none; } }
`;

interface Drawn {
	position: number;
	/** Number of rows in the tree. */
	rows: number;
	now: number;
	active: number | undefined;
	selectedId: number | undefined;
	/** The protocol's flag of a retained message; 0 for none. */
	retained: number;
}

/** One row of the tree of targets; undefined until its page has arrived. */
export function topicRow(row: TreeRow | undefined, drawn: Drawn): TemplateResult {
	const { position, rows, now } = drawn;
	if (!row)
		return html`<div class="line dim" role="treeitem" aria-posinset=${position + 1} aria-setsize=${rows}>…</div>`;
	const isRetained = drawn.retained !== 0 && ((row.flags ?? 0) & drawn.retained) !== 0;
	const last = row.time === undefined ? '' : `\nLast: ${dateAndClock(row.time)}`;
	const counts = `${number(row.messages)} here, ${number(row.total)} with all below, ${number(row.below)} below`;
	const line = {
		id: 'topic',
		position,
		total: rows,
		depth: row.depth,
		title: `${visible(row.path)}\n${counts}${last}`,
		expanded: row.expandable ? row.expanded : undefined,
		active: position === drawn.active,
		chosen: row.id === drawn.selectedId,
	};
	const name =
		row.name === ''
			? html`<span class="name empty-name">(empty)</span>`
			: html`<span class="name">${visible(row.name)}</span>`;
	return treeLine(
		line,
		html`${name}${isRetained ? html`<span class="retained">${icon('bookmark', 'Retained')}</span>` : nothing}
			<span class="value">${row.preview === undefined ? nothing : visible(row.preview)}</span>
			<span class="figures">${row.rate > 0 ? html`<span class="rate">${rate(row.rate)}</span>` : nothing}
				${row.time === undefined ? nothing : html`<span class="age">${age(row.time, now)}</span>`}
				<span class="total">${number(row.total)}</span></span>${rowActions}`,
	);
}
