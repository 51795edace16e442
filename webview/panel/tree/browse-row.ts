import { html, nothing, type TemplateResult } from 'lit';
import type { BrowseNode } from '../../../src/model/contracts/browse';
import type { NodeKind } from '../../../src/protocols/description';
import { number, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { BrowseRow } from './browse-pages';

interface Drawn {
	kinds: Readonly<Record<string, NodeKind>>;
	position: number;
	total: number;
	active: boolean;
	chosen: boolean;
}

/** One row of what the peer has. */
export function browseRow(row: BrowseRow | undefined, drawn: Drawn): TemplateResult {
	const { position, total, active, chosen } = drawn;
	if (!row) return html`<div class="line dim" role="treeitem"></div>`;
	const classes = `line ${row.kind === 'empty' ? 'note' : row.kind}${active ? ' on' : ''}${chosen ? ' chosen' : ''}`;
	return html`<div class=${classes} role="treeitem" id=${`node-${position}`} data-position=${position} title=${tip(row, drawn)}
		aria-level=${row.depth + 1} aria-posinset=${position + 1} aria-setsize=${total} aria-selected=${chosen}
		aria-expanded=${row.kind === 'node' && row.node.expandable ? row.expanded : nothing}
		${place({ 'padding-inline-start': `${4 + Math.min(row.depth, 30) * 12}px` })}>${content(row, drawn)}</div>`;
}

function content(row: BrowseRow, { kinds }: Drawn): TemplateResult {
	switch (row.kind) {
		case 'node': {
			const { node, expanded } = row;
			const kind = kinds[node.kind];
			const drawn = node.bad ? icon('warning', 'Needs attention') : icon(kind?.icon ?? '', kind?.label);
			return html`<span class="twisty">${node.expandable ? icon(expanded ? 'chevron-down' : 'chevron-right') : nothing}</span
				><span class=${node.bad ? 'kind warn' : 'kind'}>${drawn}</span
				><span class="name">${visible(node.name) || '(no name)'}</span><span class="value words">${visible(node.description ?? '')}</span
				><button class="actions tool" tabindex="-1" aria-label="Actions" title="Actions">${icon('ellipsis')}</button>`;
		}
		case 'note':
			return html`<span class="twisty"></span><span class="kind dim">${icon('info')}</span><span class="dim words cut">${visible(row.text)}</span>`;
		case 'failed':
			return html`<span class="twisty"></span><span class="kind bad">${icon('error')}</span><span class="bad cut">${visible(row.failure.message)}</span><span class="again">Try again</span>`;
		case 'empty':
			return html`<span class="twisty"></span><span class="kind dim">${icon('info')}</span><span class="dim words cut">Nothing is listed here.</span>`;
		case 'rest':
			return html`<span class="twisty"></span><span class="again">Show more</span><span class="value words">${number(row.shown)} of ${number(row.total)} are listed</span>`;
		case 'loading':
			return html`<span class="twisty"></span><span class="dim">Asking…</span>`;
	}
}

function tip(row: BrowseRow, { kinds }: Drawn): string {
	switch (row.kind) {
		case 'node':
			return nodeTip(row.node, kinds[row.node.kind]?.label);
		case 'note':
			return visible(row.text);
		case 'failed':
			return [row.failure.message, row.failure.evidence, row.failure.remedy?.text]
				.filter(Boolean)
				.map(String)
				.map(visible)
				.join('\n');
		default:
			return '';
	}
}

function nodeTip({ name, description, properties = [] }: BrowseNode, kind = ''): string {
	const lines = properties.map(({ label, value }) => `${label}: ${value}`);
	return [`${kind} ${name}`.trim(), description ?? '', ...lines].filter(Boolean).map(visible).join('\n');
}
