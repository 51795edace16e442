import { css, html, type TemplateResult } from 'lit';
import type { BrowseNode } from '../../../src/model/contracts/browse';
import type { Action, NodeKind } from '../../../src/protocols/description';
import { number, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import type { PanelStore } from '../store';
import type { BrowseRow } from './browse-pages';
import { matchesIn, withMarks } from './match-marks';
import { rowActions, shortened, treeLine } from './tree-row';

export const browseStyles = css`
	.kind { flex: none; width: 20px; color: var(--dim); }
	.words { font-family: inherit; }
	.again { color: var(--vscode-textLink-foreground); margin-inline: 6px; white-space: nowrap; }
	button.inline { flex: none; width: 20px; height: 20px; padding: 0; }
	button.inline:last-of-type { margin-inline-end: 22px; }
	.line.note { cursor: default; }
	.extent { display: flex; flex-wrap: wrap; gap: 2px 8px; line-height: 1.4; }
`;

interface Drawn {
	kinds: Readonly<Record<string, NodeKind>>;
	position: number;
	/** Number of rows in the tree. */
	total: number;
	active: boolean;
	/** The text that the tree is filtered by; empty for none. */
	searched: string;
	/** Of the protocol; the inline ones have a button on the rows of their nodes. */
	actions: readonly Action[];
}

/** One row of the browse tree. */
export function browseRow(
	row: BrowseRow | undefined,
	{ kinds, position, total, active, searched, actions }: Drawn,
): TemplateResult {
	if (!row) return html`<div class="line dim" role="treeitem"></div>`;
	const kind = row.kind === 'node' ? kinds[row.node.kind] : undefined;
	const line = {
		id: 'node',
		position,
		total,
		depth: row.depth,
		title: tip(row, kind?.label),
		expanded: row.kind === 'node' && row.node.expandable ? row.expanded : undefined,
		active,
		chosen: active,
		style: row.kind === 'empty' ? 'note' : row.kind,
	};
	return treeLine(line, content(row, kind, searched, actions));
}

function content(
	row: BrowseRow,
	kind: NodeKind | undefined,
	searched: string,
	actions: readonly Action[],
): TemplateResult {
	switch (row.kind) {
		case 'node':
			return nodeContent(row.node, kind, searched, actions);
		case 'note':
			return note(visible(row.text.split('\n')[0] ?? ''));
		case 'empty':
			return note('Nothing is listed here.');
		case 'failed':
			return html`<span class="kind bad">${icon('error')}</span>
				<span class="bad cut">${visible(row.failure.message)}</span><span class="again">Try again</span>`;
		case 'rest':
			return html`<span class="again">Show more</span>
				<span class="value words">${number(row.shown)} of ${number(row.total)} are listed</span>`;
		case 'loading':
			return html`<span class="dim">Loading…</span>`;
	}
}

const note = (text: string) =>
	html`<span class="kind dim">${icon('info')}</span><span class="dim words cut">${text}</span>`;

function nodeContent(
	{ name, description, bad, kind: id }: BrowseNode,
	kind: NodeKind | undefined,
	searched: string,
	actions: readonly Action[],
): TemplateResult {
	const own = actions.filter(({ inline, on }) => inline && on.nodes?.includes(id));
	const image = bad ? icon('warning', 'Needs attention') : icon(kind?.icon ?? '', kind?.label);
	return html`<span class=${bad ? 'kind warn' : 'kind'}>${image}</span>
		<span class="name">${name === '' ? '(no name)' : withMarks(name, matchesIn(name, searched))}</span>
		<span class="value words">${visible(description ?? '')}</span>${own.map(inlineButton)}${rowActions}`;
}

/** Reached by the keyboard in the menu of the row. */
const inlineButton = ({ id, label, icon: image = '' }: Action) =>
	html`<button class="tool inline" tabindex="-1" data-action=${id} aria-label=${label} title=${label}>${icon(image)}</button>`;

/** The action of the button that contains this element. */
export function actionAt({ describe }: PanelStore, element: Element): Action | undefined {
	const id = element.closest<HTMLElement>('[data-action]')?.dataset.action;
	return describe.actions?.find((action) => action.id === id);
}

function tip(row: BrowseRow, kind = ''): string {
	switch (row.kind) {
		case 'node': {
			const { name, description, properties = [] } = row.node;
			const lines = properties.map(({ label, value }) => `${label}: ${value}`);
			return [`${kind} ${shortened(name)}`.trim(), description ?? '', ...lines].filter(Boolean).map(visible).join('\n');
		}
		case 'note':
			return row.text.split('\n').map(visible).join('\n');
		case 'failed': {
			const { message, evidence, remedy } = row.failure;
			return [message, evidence, remedy?.text].flatMap((line) => (line ? visible(line) : [])).join('\n');
		}
		default:
			return '';
	}
}
