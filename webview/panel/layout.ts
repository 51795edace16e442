import { html, nothing, type TemplateResult } from 'lit';
import { place } from '../controls/computed-style';
import { icon } from '../controls/icons';
import type { Panel } from './app';
import { capital } from './log/log-row';
import type { Tab } from './saved';
import type { Session } from './session';

const clamp = (value: number, low: number, high: number) =>
	Math.round(Math.min(Math.max(value, low), Math.max(low, high)));

/** Where the parts stand: three columns, two, or one at a time behind tabs; the compose form below them. */
export function drawLayout(panel: Panel, session: Session): TemplateResult {
	const { saved, status } = panel;
	const { layout } = saved;
	const parts = {
		topics: html`<mw-tree .session=${session} .status=${status} .saved=${saved.tree}></mw-tree>`,
		messages: html`<mw-log .session=${session} .status=${status} .filter=${saved.filter} .follow=${saved.follow} .anchor=${saved.anchor} .selected=${panel.selected}></mw-log>`,
		detail: html`<mw-detail .session=${session} .status=${status} .seq=${panel.selected} .chosen=${new Map(saved.decodings)}></mw-detail>`,
		compose: html`<mw-compose .session=${session} .production=${panel.profile.production === true} .status=${status} .draft=${saved.draft} .history=${saved.history} .repeatMs=${saved.repeatMs}></mw-compose>`,
	};
	// A flat list of one target is not worth a column.
	const { browse, separator } = session.describe;
	const hasTree = browse !== undefined || separator !== undefined || status.topics > 1;
	return panel.kind === 'narrow'
		? narrow(panel, session, parts, hasTree)
		: columns(panel, layout, session, parts, hasTree);
}

type Parts = Record<Tab, TemplateResult>;

function narrow(panel: Panel, session: Session, parts: Parts, hasTree: boolean): TemplateResult {
	const { words } = session.describe;
	const names: [Tab, string][] = [
		...(hasTree ? [['topics', session.describe.browse?.label ?? capital(words.targets)] satisfies [Tab, string]] : []),
		['messages', capital(words.messages)],
		['detail', 'Detail'],
		['compose', words.send],
	];
	const { tab } = panel.saved.layout;
	const onKey = (event: KeyboardEvent) => {
		const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (!by) return;
		const at = names.findIndex(([name]) => name === tab);
		const to = names[(at + by + names.length) % names.length]?.[0];
		if (to) panel.layout({ tab: to });
		requestAnimationFrame(() => panel.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
	};
	// Every part stays in the page, so that it keeps its scroll position and what is typed.
	return html`<div class="tabs" role="tablist" @keydown=${onKey}>${names.map(
		([name, label]) =>
			html`<button role="tab" aria-selected=${name === tab} tabindex=${name === tab ? 0 : -1} @click=${() => panel.layout({ tab: name })}>${label}</button>`,
	)}</div>${names.map(([name]) => html`<div class="pane" role="tabpanel" ?hidden=${name !== tab}>${parts[name]}</div>`)}`;
}

function columns(
	panel: Panel,
	layout: Panel['saved']['layout'],
	session: Session,
	parts: Parts,
	hasTree: boolean,
): TemplateResult {
	const wide = panel.kind === 'wide';
	const { clientWidth: width, clientHeight: height } = panel;
	const tree = clamp(layout.tree, 140, width * 0.5);
	const compose = clamp(layout.compose, 120, height * 0.6);
	const between = height - (layout.composeOpen ? compose : 0) - 110;
	// Without a chosen message the log has the room.
	const side = wide ? clamp(layout.detail, 220, width * 0.6) : clamp(layout.detail, 100, between * 0.5);
	const split = (orientation: 'vertical' | 'horizontal', label: string, move: (by: number) => void) =>
		html`<mw-split .orientation=${orientation} aria-label=${label} @mw-move=${(event: CustomEvent<number>) => move(event.detail)}></mw-split>`;
	const toggle = () => panel.layout({ composeOpen: !layout.composeOpen });
	return html`<div class="columns">
			${hasTree ? html`<div class="pane" ${place({ flex: `0 0 ${tree}px` })}>${parts.topics}</div>${split('vertical', 'Width of the tree', (by) => panel.layout({ tree: tree + by }))}` : nothing}
			<div class=${wide ? 'columns grow' : 'columns down grow'}><div class="pane grow">${parts.messages}</div>
			${
				panel.selected === undefined
					? nothing
					: html`${split(wide ? 'vertical' : 'horizontal', 'Size of the detail', (by) => panel.layout({ detail: side - by }))}
			<div class="pane" ${place({ flex: wide ? `0 0 ${side}px` : `0 1 ${side}px` })}>${parts.detail}</div>`
			}</div>
		</div>
		${layout.composeOpen ? split('horizontal', 'Height of the compose form', (by) => panel.layout({ compose: compose - by })) : nothing}
		<div class="compose-head"><button class="fold" aria-expanded=${layout.composeOpen} @click=${toggle}>${icon(layout.composeOpen ? 'chevron-down' : 'chevron-right')} ${session.describe.words.send}</button></div>
		${layout.composeOpen ? html`<div class="pane" ${place({ flex: `0 0 ${compose}px` })}>${parts.compose}</div>` : nothing}`;
}
