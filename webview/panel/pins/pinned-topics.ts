import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import type { TreePage, TreeQuery, TreeRow } from '../../../src/model/contracts/topic';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { dateAndClock, number, rate, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { isMenuKey, type Menu } from '../../controls/menu';
import '../../controls/menu';
import { positionOf } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import { chooseTopic } from '../choose-topic';
import type { PanelStore } from '../store';
import { RateHistory, sampleMs } from '../tree/rate-history';
import { sparkline, sparklineStyles } from '../tree/sparkline';
import { topicMenu } from '../tree/topic-menu';
import { topicButtons } from '../tree/topic-row';
import { rowHeight, shortened, treeStyles } from '../tree/tree-row';
import { shortNames } from './pins';

/** Rows that are visible without scrolling. */
const maxVisible = 8;

/** The pinned topics with their latest values and rates. Nothing is drawn or requested while no topic is pinned. */
@customElement('mw-pinned-topics')
export class PinnedTopics extends LitElement {
	static override styles = [
		shared,
		controls,
		treeStyles,
		sparklineStyles,
		css`
			:host { flex: none; border-bottom: 1px solid var(--line); }
			h2 { flex: none; margin: 0; padding: 4px 8px 2px; font-size: 0.92em; font-weight: 600; color: var(--dim); }
			.rows { flex: none; margin-bottom: 4px; }
			.line { padding-inline-start: 8px; }
			.name { max-width: 55%; }
			.value { text-align: end; }
			.value.missing { font-family: inherit; font-style: italic; }
			.figures { flex: none; display: flex; align-items: center; gap: 6px; margin-inline-start: 6px; font-size: 0.92em; color: var(--dim);
				font-variant-numeric: tabular-nums; }
			.rate { min-width: 4ch; text-align: end; }
			@container (max-width: 320px) { .spark { display: none; } }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) paths: readonly string[] = [];
	@state() private version = 0;
	/** The position of the keyboard. */
	@state() private active: number | undefined;
	@query('mw-virtual-list') private list!: HTMLElement | null;
	@query('mw-menu') private menu!: Menu;
	/** By path. Without a row, the topic has no message in this session. */
	private readonly rows = new Map<string, TreeRow>();
	private readonly history = new RateHistory();
	private ticker: ReturnType<typeof setInterval> | undefined;
	private readonly questions = new Latest<TreeQuery, TreePage>(
		(query) => this.store.remote.tree(query),
		({ pinned = [] }, query) => {
			this.rows.clear();
			for (const [at, path] of (query.pinned ?? []).entries()) {
				const row = pinned[at];
				if (row) this.rows.set(path, row);
			}
			this.version++;
		},
		(error) => this.store.show(error),
	);

	override connectedCallback() {
		super.connectedCallback();
		this.ticker = setInterval(() => this.tick(), sampleMs);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		clearInterval(this.ticker);
	}

	private tick() {
		if (document.hidden || this.paths.length === 0) return;
		this.history.sample([...this.rows.values()], Date.now());
		if ([...this.rows.values()].some((row) => row.rate > 0)) this.refresh();
		this.version++;
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('status') || changed.has('paths')) this.refresh();
		if (this.active !== undefined && this.active >= this.paths.length) this.active = undefined;
	}

	private refresh() {
		if (this.paths.length > 0) this.questions.want({ expanded: [], offset: 0, count: 0, pinned: [...this.paths] });
	}

	private choose(position: number) {
		const path = this.paths[position];
		this.active = position;
		if (path !== undefined) chooseTopic(this.store, this.rows.get(path) ?? { path });
	}

	private openMenu(position: number, at: MouseEvent | Element | null) {
		const path = this.paths[position];
		this.active = position;
		if (path === undefined) return;
		const hasBelow = (this.rows.get(path)?.below ?? 0) > 0;
		void this.menu.open(topicMenu(this.store, path, hasBelow), at, () => this.list?.focus());
	}

	private readonly onClick = (event: MouseEvent) => {
		const position = positionOf(event);
		const target = event.target as Element;
		if (position === undefined) return;
		if (target.closest('.pin')) this.store.pins.toggle(this.paths[position] ?? '');
		else if (target.closest('.actions')) this.openMenu(position, event);
		else this.choose(position);
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const position = positionOf(event);
		if (position === undefined) return;
		event.preventDefault();
		this.openMenu(position, event);
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { active } = this;
		const path = active === undefined ? undefined : this.paths[active];
		if (active === undefined || path === undefined) return;
		if (event.key === 'Enter' || event.key === ' ') this.choose(active);
		else if (event.key === 'Delete') this.store.pins.toggle(path);
		else if (isMenuKey(event)) this.openMenu(active, this.renderRoot.querySelector(`#pin-${active}`));
		else return;
		event.preventDefault();
	};

	private row(position: number, name: string) {
		const path = this.paths[position] ?? '';
		const row = this.rows.get(path);
		const isActive = position === this.active;
		const last = row?.time === undefined ? '' : `\nLast: ${dateAndClock(row.time)}`;
		return html`<div class=${isActive ? 'line on' : 'line'} role="treeitem" id=${`pin-${position}`} data-position=${position}
			title=${`${visible(shortened(path))}${last}`} aria-level="1" aria-posinset=${position + 1}
			aria-setsize=${this.paths.length} aria-selected=${isActive}><span class="name">${visible(name)}</span>${this.value(row)}
			<span class="figures">${row ? sparkline(this.history.of(row.id)) : nothing}<span class="rate">${
				row ? rate(row.rate) : nothing
			}</span></span>${topicButtons(true)}</div>`;
	}

	private value(row: TreeRow | undefined) {
		const { message, messages } = this.store.describe.words;
		if (!row) return html`<span class="value missing">no ${message} yet</span>`;
		if (row.preview !== undefined) return html`<span class="value">${visible(row.preview)}</span>`;
		return html`<span class="value missing">${number(row.total)} ${row.total === 1 ? message : messages}</span>`;
	}

	override render() {
		const { paths, active, store } = this;
		if (paths.length === 0) return nothing;
		const names = shortNames(paths, store.describe.separator);
		const label = `Pinned ${store.describe.words.targets}`;
		const height = Math.min(paths.length, maxVisible) * rowHeight;
		return html`<h2 id="label">${label}</h2>
			<div class="rows" ${place({ height: `${height}px` })}><mw-virtual-list role="tree" aria-labelledby="label"
				aria-activedescendant=${active === undefined ? nothing : `pin-${active}`}
				.rowHeight=${rowHeight} .low=${0} .high=${paths.length} .active=${active} .version=${`${this.version} ${active} ${paths}`}
				.row=${(position: number) => this.row(position, names[position] ?? '')}
				.onActive=${(position: number) => {
					this.active = position;
				}}
				@click=${this.onClick} @contextmenu=${this.onContextMenu} @keydown=${this.onKey}></mw-virtual-list></div>
			<mw-menu></mw-menu>`;
	}
}
