import { css, html, nothing, type TemplateResult } from 'lit';
import { capital } from '../base/words';
import { place } from '../controls/computed-style';
import { icon } from '../controls/icons';
import '../controls/split';
import { type Tab, tabList } from '../controls/tabs';
import type { Part } from './saved';
import type { PanelStore } from './store';

export const layoutStyles = css`
	:host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; }
	.columns { display: flex; flex: 1 1 0; min-height: 0; min-width: 0; }
	.columns.down { flex-direction: column; }
	.down > .pane { min-height: 60px; }
	.down > .pane.grow { min-height: 150px; flex: 1 0 150px; }
	.pane { display: flex; min-width: 0; min-height: 0; overflow: hidden; }
	.pane > * { flex: 1 1 0; }
	[role='tabpanel'] { flex: 1 1 0; }
	[role='tablist'] { display: flex; gap: 2px; padding: 0 6px; flex: none; border-bottom: 1px solid var(--line); }
	[role='tab'] { padding: 5px 8px; border: 0; border-bottom: 1px solid transparent; background: none; font: inherit; cursor: pointer;
		color: var(--vscode-panelTitle-inactiveForeground, var(--dim)); }
	[role='tab'][aria-selected='true'] { color: var(--vscode-panelTitle-activeForeground, inherit);
		border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder)); }
	.compose-head { display: flex; align-items: center; flex: none; padding: 0 6px; border-top: 1px solid var(--line);
		background: var(--vscode-sideBarSectionHeader-background, transparent); }
	.fold { display: flex; align-items: center; gap: 2px; height: 22px; padding: 0 4px; border: 0; background: none; cursor: pointer;
		color: var(--vscode-sideBarSectionHeader-foreground, inherit); font: inherit; font-weight: 600; }
`;

/** The size of the panel. Pixels. */
interface Area {
	clientWidth: number;
	clientHeight: number;
}

type Parts = Record<Part, TemplateResult>;

const clamp = (value: number, low: number, high: number) =>
	Math.round(Math.min(Math.max(value, low), Math.max(low, high)));

/** Arranges the parts in three columns, in two, or one at a time behind tabs, with the compose form below the columns. */
export function drawLayout(store: PanelStore, area: Area): TemplateResult {
	const { saved, status, selected, profile, describe } = store;
	const parts: Parts = {
		topics: html`<mw-tree .store=${store} .status=${status} .saved=${saved.tree}
			.pins=${store.pins.paths}></mw-tree>`,
		messages: saved.view
			? html`<mw-topology .store=${store} .status=${status}></mw-topology>`
			: html`<mw-log .store=${store} .status=${status} .filter=${saved.filter} .follow=${saved.follow}
			.anchor=${saved.anchor} .selected=${selected}></mw-log>`,
		detail: html`<mw-detail .store=${store} .status=${status} .seq=${selected}
			.chosen=${new Map(saved.decodings)}></mw-detail>`,
		compose: html`<mw-compose .store=${store} .status=${status} .production=${profile.production === true}
			.draft=${saved.draft} .attached=${store.attached} .history=${saved.history} .repeatMs=${saved.repeatMs}></mw-compose>`,
	};
	// A flat list with a single target needs no column.
	const hasTree = describe.browse !== undefined || describe.separator !== undefined || status.topics > 1;
	return store.width === 'narrow' ? narrow(store, parts, hasTree) : columns(store, area, parts, hasTree);
}

function narrow(store: PanelStore, parts: Parts, hasTree: boolean): TemplateResult {
	const { words, browse } = store.describe;
	const tabs: Tab<Part>[] = [
		...(hasTree ? [{ id: 'topics' as const, label: browse?.label ?? capital(words.targets) }] : []),
		{ id: 'messages', label: capital(words.messages) },
		{ id: 'detail', label: 'Detail' },
		{ id: 'compose', label: words.send },
	];
	const { tab } = store.saved.layout;
	const pane = ({ id }: Tab<Part>) => html`<div class="pane" role="tabpanel" ?hidden=${id !== tab}>${parts[id]}</div>`;
	// Hidden parts stay in the page, so that they keep their scroll position and what is typed.
	return html`${tabList('Parts of the panel', tabs, tab, (id) => store.layout({ tab: id }))}${tabs.map(pane)}`;
}

const split = (orientation: 'vertical' | 'horizontal', label: string, move: (by: number) => void) =>
	html`<mw-split .orientation=${orientation} aria-label=${label} .onMove=${move}></mw-split>`;

function columns(store: PanelStore, area: Area, parts: Parts, hasTree: boolean): TemplateResult {
	const { layout } = store.saved;
	const wide = store.width === 'wide';
	const { clientWidth: width, clientHeight: height } = area;
	const tree = clamp(layout.tree, 140, width * 0.5);
	const compose = clamp(layout.compose, 120, height * 0.6);
	const between = height - (layout.composeOpen ? compose : 0) - 110;
	const side = wide ? clamp(layout.detail, 220, width * 0.6) : clamp(layout.detail, 100, between * 0.5);
	const moveTree = (by: number) => store.layout({ tree: tree + by });
	const moveDetail = (by: number) => store.layout({ detail: side - by });
	const moveCompose = (by: number) => store.layout({ compose: compose - by });
	const treePane = () =>
		html`<div class="pane" ${place({ flex: `0 0 ${tree}px` })}>${parts.topics}</div>
			${split('vertical', 'Width of the tree', moveTree)}`;
	const detailPane = () =>
		html`${split(wide ? 'vertical' : 'horizontal', 'Size of the detail', moveDetail)}
			<div class="pane" ${place({ flex: wide ? `0 0 ${side}px` : `0 1 ${side}px` })}>${parts.detail}</div>`;
	return html`<div class="columns">${hasTree ? treePane() : nothing}
			<div class=${wide ? 'columns grow' : 'columns down grow'}><div class="pane grow">${parts.messages}</div>
			${store.selected === undefined || store.saved.view ? nothing : detailPane()}</div>
		</div>
		${layout.composeOpen ? split('horizontal', 'Height of the compose form', moveCompose) : nothing}
		<div class="compose-head"><button class="fold" aria-expanded=${layout.composeOpen}
			@click=${() => store.layout({ composeOpen: !layout.composeOpen })}>
			${icon(layout.composeOpen ? 'chevron-down' : 'chevron-right')} ${store.describe.words.send}</button></div>
		${layout.composeOpen ? html`<div class="pane" ${place({ flex: `0 0 ${compose}px` })}>${parts.compose}</div>` : nothing}`;
}
