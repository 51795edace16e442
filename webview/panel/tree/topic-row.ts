import { css, html, nothing, type TemplateResult } from 'lit';
import { age, dateAndClock, number, rate, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { TreePages } from './tree-pages';

export const rowHeight = 22;

export const topicStyles = css`
	:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; container-type: inline-size; }
	.bar { display: flex; gap: 4px; align-items: center; padding: 4px 8px; flex: none; }
	.bar input { flex: 1 1 0; }
	.rows { position: relative; flex: 1 1 0; min-height: 0; }
	.none { position: absolute; inset: 0; padding: 12px; text-align: center; line-height: 1.5; }
	.foot { padding: 2px 8px; min-height: 22px; border-top: 1px solid var(--line); font-size: 0.92em; }
	mw-virtual-list { position: absolute; inset: 0; overflow-y: scroll; overflow-x: hidden; overflow-anchor: none; contain: strict; }
	.line { display: flex; align-items: center; height: 22px; padding-inline-end: 4px; white-space: nowrap; overflow: hidden; cursor: pointer; position: relative; }
	.line:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	.line.chosen { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, inherit);
		outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	mw-virtual-list:focus .line.on { background: var(--vscode-list-activeSelectionBackground); color: var(--vscode-list-activeSelectionForeground);
		outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); outline-offset: -1px; }
	mw-virtual-list:focus .line.on * { color: inherit; }
	.twisty { flex: none; width: 18px; text-align: center; }
	.name { flex: 0 1 auto; min-width: 3ch; overflow: hidden; text-overflow: ellipsis; }
	.level { font-style: normal; }
	.empty-name { color: var(--dim); font-style: italic; }
	.value { flex: 1 1 0; min-width: 0; margin-inline-start: 8px; overflow: hidden; text-overflow: ellipsis; font-family: var(--mono); font-size: 0.92em; color: var(--dim); unicode-bidi: plaintext; }
	.figures { flex: none; display: flex; gap: 6px; margin-inline-start: 6px; font-size: 0.85em; color: var(--dim); font-variant-numeric: tabular-nums; }
	.total { padding: 0 5px; border-radius: 8px; color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
	.kept { color: var(--vscode-charts-yellow, var(--dim)); margin-inline-start: 4px; }
	button.actions { display: none; position: absolute; right: 2px; background: var(--vscode-editor-background); }
	.line:hover .figures { margin-inline-end: 26px; }
	.line:hover button.actions { display: inline-flex; }
	@container (max-width: 210px) { .figures .rate, .figures .age { display: none; } }
`;

interface Drawn {
	now: number;
	active: number | undefined;
	selectedId: number | undefined;
	/** The protocol's flag of a retained message; 0 for none. */
	retained: number;
}

export function topicRow(pages: TreePages, position: number, drawn: Drawn): TemplateResult {
	const row = pages.row(position);
	if (!row)
		return html`<div class="line dim" role="treeitem" aria-posinset=${position + 1} aria-setsize=${pages.total}>…</div>`;
	const retained = drawn.retained !== 0 && ((row.flags ?? 0) & drawn.retained) !== 0;
	const classes = `line${position === drawn.active ? ' on' : ''}${row.id === drawn.selectedId ? ' chosen' : ''}`;
	const name = visible(row.name);
	const tip = `${visible(row.path)}\n${number(row.messages)} here, ${number(row.total)} with all below, ${number(row.below)} below${
		row.time === undefined ? '' : `\nLast: ${dateAndClock(row.time)}`
	}`;
	return html`<div class=${classes} role="treeitem" id=${`topic-${position}`} data-position=${position} title=${tip}
		aria-level=${row.depth + 1} aria-posinset=${position + 1} aria-setsize=${pages.total} aria-selected=${row.id === drawn.selectedId}
		aria-expanded=${row.expandable ? row.expanded : nothing} ${place({ 'padding-inline-start': `${4 + Math.min(row.depth, 30) * 12}px` })}
		><span class="twisty">${row.expandable ? icon(row.expanded ? 'chevron-down' : 'chevron-right') : nothing}</span
		><span class=${row.name === '' ? 'name empty-name' : 'name'}>${row.name === '' ? '(empty)' : name}</span
		>${retained ? html`<span class="kept">${icon('bookmark', 'Retained')}</span>` : nothing}<span class="value">${row.preview === undefined ? nothing : visible(row.preview)}</span
		><span class="figures">${row.rate > 0 ? html`<span class="rate">${rate(row.rate)}</span>` : nothing}${
			row.time === undefined ? nothing : html`<span class="age">${age(row.time, drawn.now)}</span>`
		}<span class="total">${number(row.total)}</span></span
		><button class="actions tool" tabindex="-1" aria-label="Actions" title="Actions">${icon('ellipsis')}</button></div>`;
}
