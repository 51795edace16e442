import { css, html, nothing, type TemplateResult } from 'lit';
import { capital } from '../base/words';
import { place } from '../controls/computed-style';
import { icon } from '../controls/icons';
import type { PaneSize } from '../controls/split';
import '../controls/split';
import { type Tab, tabList } from '../controls/tabs';
import { isChat } from './chat/toggle';
import type { Part } from './saved';
import type { PanelStore } from './store';

export const layoutStyles = css`
	:host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; }
	main { display: flex; flex-direction: column; flex: 1 1 0; min-height: 0; min-width: 0; }
	.top, .compose { display: flex; flex-direction: column; flex: none; }
	.top { max-height: 80vh; }
	.columns { display: flex; flex: 1 1 0; min-height: 0; min-width: 0; }
	.columns.down { flex-direction: column; }
	.down > .pane { min-height: 60px; }
	.down > .pane.grow { min-height: 150px; flex: 1 0 150px; }
	.pane { display: flex; min-width: 0; min-height: 0; overflow: hidden; }
	.pane > * { flex: 1 1 0; }
	.stack { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
	.stack > mw-tree { flex: 1 1 0; }
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

/** Without a way to send, as in a recording, there is nothing to compose. */
export const canSend = ({ describe }: PanelStore): boolean => describe.verbs.length > 0;

/** Pixels. Below this height the compose form takes at most a third of the panel, so that the log keeps its rows. */
const lowHeight = 700;

const clamp = (value: number, low: number, high: number) =>
	Math.round(Math.min(Math.max(value, low), Math.max(low, high)));

/** Arranges the parts in three columns, in two, or one at a time behind tabs, with the compose form below the columns. */
export function drawLayout(store: PanelStore, area: Area): TemplateResult {
	const { saved, status, selected, profile, describe } = store;
	const parts: Parts = {
		topics: html`<div class="stack"><mw-tree .store=${store} .status=${status} .saved=${saved.tree}
			.pins=${store.pins.paths}></mw-tree>${
				store.charts.isEmpty
					? nothing
					: html`<mw-charts .store=${store} .status=${status} .charts=${store.charts.state}></mw-charts>`
			}</div>`,
		messages: saved.view
			? html`<mw-topology .store=${store} .status=${status}></mw-topology>`
			: html`<mw-log .store=${store} .status=${status} .filter=${saved.filter} .follow=${saved.follow}
			.anchor=${saved.anchor} .selected=${selected} .timeline=${saved.timeline !== false} .chat=${isChat(store)}></mw-log>`,
		detail: html`<mw-detail .store=${store} .status=${status} .seq=${selected}
			.chosen=${new Map(saved.decodings)}></mw-detail>`,
		compose: html`<mw-compose .store=${store} .status=${status} .production=${profile.production === true}
			.draft=${saved.draft} .attached=${store.compose.attached} .history=${saved.history} .repeatMs=${saved.repeatMs}></mw-compose>`,
	};
	// A flat list with a single target needs no column.
	const hasTree =
		describe.browse !== undefined || describe.separator !== undefined || status.topics > 1 || !store.charts.isEmpty;
	return store.width === 'narrow' ? narrow(store, parts, hasTree) : columns(store, area, parts, hasTree);
}

function narrow(store: PanelStore, parts: Parts, hasTree: boolean): TemplateResult {
	const { words, browse } = store.describe;
	const tabs: Tab<Part>[] = [
		...(hasTree ? [{ id: 'topics' as const, label: browse?.label ?? capital(words.targets) }] : []),
		{ id: 'messages', label: capital(words.messages) },
		{ id: 'detail', label: 'Detail' },
		...(canSend(store) ? [{ id: 'compose' as const, label: 'Compose' }] : []),
	];
	const { tab } = store.saved.layout;
	const pane = ({ id, label }: Tab<Part>) =>
		html`<div class="pane" role="tabpanel" aria-label=${label} data-part=${id} ?hidden=${id !== tab}>${parts[id]}</div>`;
	// Hidden parts stay in the page, so that they keep their scroll position and what is typed.
	return html`${tabList('Parts of the panel', tabs, tab, (id) => store.layout({ tab: id }))}${tabs.map(pane)}`;
}

const split = (
	orientation: 'vertical' | 'horizontal',
	label: string,
	size: PaneSize,
	onSize: (size: number) => void,
	trailing = true,
) =>
	html`<mw-split .orientation=${orientation} aria-label=${label} .size=${size} .trailing=${trailing} .onSize=${onSize}></mw-split>`;

/** A part of the panel as a landmark. `flex`: its place among its neighbors. */
const landmark = (part: Part, label: string, flex: string, content: TemplateResult) =>
	html`<div class="pane" role="region" aria-label=${label} data-part=${part} ${place({ flex })}>${content}</div>`;

function columns(store: PanelStore, area: Area, parts: Parts, hasTree: boolean): TemplateResult {
	const { layout } = store.saved;
	const { words, browse } = store.describe;
	const wide = store.width === 'wide';
	const { clientWidth: width, clientHeight: height } = area;
	const limited = (value: number, min: number, max: number): PaneSize => ({
		value: clamp(value, min, max),
		min,
		max: Math.max(min, Math.round(max)),
	});
	const tree = limited(layout.tree, 140, width * 0.5);
	const compose = limited(layout.compose, 120, height < lowHeight ? height / 3 : height * 0.6);
	const between = height - (canSend(store) && layout.composeOpen ? compose.value : 0) - 110;
	const side = wide ? limited(layout.detail, 220, width * 0.6) : limited(layout.detail, 100, between * 0.5);
	const treeLabel = browse?.label ?? capital(words.targets);
	const treePane = () =>
		html`${landmark('topics', treeLabel, `0 0 ${tree.value}px`, parts.topics)}
			${split('vertical', 'Width of the tree', tree, (size) => store.layout({ tree: size }), false)}`;
	const detailPane = () =>
		html`${split(wide ? 'vertical' : 'horizontal', 'Size of the detail', side, (size) => store.layout({ detail: size }))}
			${landmark('detail', 'Detail', wide ? `0 0 ${side.value}px` : `0 1 ${side.value}px`, parts.detail)}`;
	return html`<div class="columns">${hasTree ? treePane() : nothing}
			<div class=${wide ? 'columns grow' : 'columns down grow'}>
				<div class="pane grow" role="region" aria-label=${capital(words.messages)} data-part="messages">${parts.messages}</div>
			${store.selected === undefined || store.saved.view ? nothing : detailPane()}</div>
		</div>
		${canSend(store) && layout.composeOpen ? split('horizontal', 'Height of the compose form', compose, (size) => store.layout({ compose: size })) : nothing}
		${canSend(store) ? composePane(store, compose, parts.compose) : nothing}`;
}

/** The compose form below its heading, which folds it. An open form grows up to its limit while it needs more room. */
function composePane(store: PanelStore, size: PaneSize, content: TemplateResult): TemplateResult {
	const { composeOpen } = store.saved.layout;
	const room = { 'min-height': `${size.value}px`, 'max-height': `${size.max}px` };
	return html`<div class="compose" role="region" aria-label="Compose" data-part="compose">
		<div class="compose-head"><button class="fold" aria-expanded=${composeOpen}
			@click=${() => store.layout({ composeOpen: !composeOpen })}>
			${icon(composeOpen ? 'chevron-down' : 'chevron-right')} Compose</button></div>
		${composeOpen ? html`<div class="pane" ${place(room)}>${content}</div>` : nothing}</div>`;
}
