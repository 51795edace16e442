import { css, html, nothing, type TemplateResult } from 'lit';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';

/** Height of a row. Pixels. */
export const rowHeight = 22;

/** For both trees. */
export const treeStyles = css`
	:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; container-type: inline-size; }
	.bar { display: flex; gap: 4px; align-items: center; padding: 4px 8px; flex: none; }
	.bar input { flex: 1 1 0; }
	.rows { position: relative; flex: 1 1 0; min-height: 0; }
	.none { position: absolute; inset: 0; padding: 12px; text-align: center; line-height: 1.5; }
	.foot { padding: 2px 8px; min-height: 22px; border-top: 1px solid var(--line); font-size: 0.92em; }
	mw-virtual-list { position: absolute; inset: 0; overflow-y: scroll; overflow-x: hidden; overflow-anchor: none; contain: strict; }
	.line { display: flex; align-items: center; height: 22px; padding-inline-end: 4px; position: relative;
		white-space: nowrap; overflow: hidden; cursor: pointer; }
	.line:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	.line.chosen { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, inherit);
		outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
	mw-virtual-list:focus .line.on { color: var(--vscode-list-activeSelectionForeground);
		background: var(--vscode-list-activeSelectionBackground);
		outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); outline-offset: -1px; }
	mw-virtual-list:focus .line.on * { color: inherit; }
	.twisty { flex: none; width: 18px; text-align: center; }
	.name { flex: 0 1 auto; min-width: 3ch; overflow: hidden; text-overflow: ellipsis; }
	.value { flex: 1 1 0; min-width: 0; margin-inline-start: 8px; overflow: hidden; text-overflow: ellipsis;
		font-family: var(--mono); font-size: 0.92em; color: var(--dim); unicode-bidi: plaintext; }
	.buttons { display: none; position: absolute; right: 2px; }
	.line:hover .buttons { display: flex; }
	.line:hover:has(.buttons) { padding-inline-end: 26px; }
	.line:hover:has(.pin) { padding-inline-end: 50px; }
`;

/** Maximum length of a name in a tooltip, in characters. */
const maxTitle = 300;

/** A text for a tooltip: names of topics can have tens of thousands of characters. */
export const shortened = (text: string): string => (text.length > maxTitle ? `${text.slice(0, maxTitle)}…` : text);

export interface TreeLine {
	/** The prefix of the element's id; the position follows it. */
	id: string;
	position: number;
	/** Number of rows in the tree. */
	total: number;
	depth: number;
	title: string;
	/** The accessible name, if it is not the content. */
	label?: string | undefined;
	/** Undefined for a row that cannot be expanded. */
	expanded: boolean | undefined;
	/** The row of the keyboard. */
	active: boolean;
	chosen: boolean;
	style?: string;
}

/** A row with its indentation and twisty. Rows deeper than 30 levels have no further indentation. */
export function treeLine(line: TreeLine, content: TemplateResult): TemplateResult {
	const { position, depth, expanded, chosen } = line;
	const classes = `line ${line.style ?? ''}${line.active ? ' on' : ''}${chosen ? ' chosen' : ''}`;
	const twisty = expanded === undefined ? nothing : icon(expanded ? 'chevron-down' : 'chevron-right');
	return html`<div class=${classes} role="treeitem" id=${`${line.id}-${position}`} data-position=${position}
		title=${line.title} aria-label=${line.label ?? nothing} aria-level=${depth + 1} aria-posinset=${position + 1} aria-setsize=${line.total}
		aria-selected=${chosen} aria-expanded=${expanded ?? nothing}
		${place({ 'padding-inline-start': `${4 + Math.min(depth, 30) * 12}px` })}><span class="twisty">${twisty}</span>${content}</div>`;
}

/** The button at the end of a row that opens its menu. */
export const rowActions = html`<span class="buttons"><button class="actions tool" tabindex="-1" aria-label="Actions" title="Actions">${icon('ellipsis')}</button></span>`;
