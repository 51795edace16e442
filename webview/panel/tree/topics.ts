import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import type { TreeLevel, TreeRow } from '../../../src/model/contracts/topic';
import { controls, shared } from '../../base/styles';
import { isMenuKey, type Menu } from '../../controls/menu';
import '../../controls/menu';
import { positionOf, type VirtualList, type VisibleRange } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import { chooseTopic } from '../choose-topic';
import type { Saved } from '../saved';
import type { PanelStore } from '../store';
import { markStyles } from './match-marks';
import { RateHistory, sampleMs } from './rate-history';
import { sparklineStyles } from './sparkline';
import { topicMenu } from './topic-menu';
import { topicRow, topicStyles } from './topic-row';
import { extent, noTopics, searchBar } from './topic-search';
import { levelsOf, TreePages } from './tree-pages';
import { rowHeight, treeStyles } from './tree-row';

/** Time without typing after which the tree is filtered. Milliseconds. */
const typingPause = 120;

/** The tree of targets that messages were received on or sent to. */
@customElement('mw-topics')
export class Topics extends LitElement {
	static override styles = [shared, controls, treeStyles, topicStyles, markStyles, sparklineStyles];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) saved!: Saved['tree'];
	/** The pinned topics, by path. */
	@property({ attribute: false }) pins: readonly string[] = [];
	@state() private version = 0;
	/** The position of the keyboard. */
	@state() private active: number | undefined;
	/** The level of the active row that the keyboard is on; undefined: the last one. */
	@state() private level: number | undefined;
	@state() private filter = '';
	@query('mw-virtual-list') private list!: VirtualList;
	@query('mw-menu') private menu!: Menu;
	private pages!: TreePages;
	private readonly history = new RateHistory();
	private selectedId: number | undefined;
	private ticker: ReturnType<typeof setInterval> | undefined;
	private timer: ReturnType<typeof setTimeout> | undefined;

	override connectedCallback() {
		super.connectedCallback();
		this.ticker = setInterval(() => this.tick(), sampleMs);
	}

	/** Ages and rates change while no messages arrive. */
	private tick() {
		if (document.hidden || !this.checkVisibility()) return;
		this.history.sample(this.pages.rows, Date.now());
		if (this.pages.rows.some((row) => row.rate > 0)) this.pages.refresh();
		this.version++;
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		clearInterval(this.ticker);
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('store')) {
			const redraw = () => {
				this.version++;
			};
			const failed = (error: unknown) => this.store.show(error);
			this.pages = new TreePages(this.store.remote, this.saved.expanded, redraw, failed);
			this.pages.compact = this.saved.compact ?? true;
			this.setFilter(this.saved.filter);
		}
		if (changed.has('status')) {
			this.pages.refresh();
			void this.pages.reopen(this.status.topics);
		}
	}

	private setFilter(text: string) {
		if (text !== this.filter) this.list?.show(0);
		this.filter = text;
		const isPattern = this.store.describe.pattern?.isPattern(text) ?? false;
		this.pages.filter = text === '' ? undefined : { kind: isPattern ? 'pattern' : 'text', value: text };
		this.pages.refresh();
	}

	private keep() {
		const row = this.active === undefined ? undefined : this.pages.row(this.active);
		const selected = row?.path ?? this.saved.selected;
		const { filter, saved } = this;
		const expanded = this.pages.paths;
		this.store.keep({ tree: { ...saved, filter, expanded, ...(selected === undefined ? {} : { selected }) } });
	}

	private readonly onFind = (event: Event) => {
		const text = (event.target as HTMLInputElement).value;
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			this.setFilter(text);
			this.keep();
		}, typingPause);
	};

	private choose(position: number, andFilter: boolean, level?: number) {
		this.active = position;
		this.level = level;
		const row = this.pages.row(position);
		if (!row) return;
		const chosen = this.levelOf(row);
		this.selectedId = chosen.id;
		if (andFilter) chooseTopic(this.store, chosen);
		this.keep();
	}

	/** The row itself, or the level in it that the keyboard or pointer is on. */
	private levelOf(row: TreeRow): TreeRow | TreeLevel {
		return this.level === undefined ? row : (levelsOf(row)[this.level] ?? row);
	}

	/** Moves to another level of a combined row. */
	private toLevel(row: TreeRow, level: number) {
		const last = levelsOf(row).length - 1;
		if (this.active !== undefined) this.choose(this.active, false, level >= last ? undefined : level);
	}

	private toggle(row: TreeRow, open: boolean) {
		this.pages.toggle(row, open);
		this.keep();
	}

	private readonly collapseAll = () => {
		this.pages.collapseAll();
		this.keep();
	};

	private readonly toggleCompact = () => {
		const compact = !this.pages.compact;
		this.pages.compact = compact;
		this.level = undefined;
		this.pages.refresh();
		this.store.keep({ tree: { ...this.saved, compact } });
	};

	private rowOf(event: Event): { row: TreeRow; position: number; level: number | undefined } | undefined {
		const position = positionOf(event);
		const row = position === undefined ? undefined : this.pages.row(position);
		if (!row || position === undefined) return undefined;
		const level = Number((event.target as Element).closest<HTMLElement>('[data-level]')?.dataset.level ?? Number.NaN);
		return { row, position, level: level < levelsOf(row).length - 1 ? level : undefined };
	}

	private readonly onClick = (event: MouseEvent) => {
		const hit = this.rowOf(event);
		if (!hit) return;
		const target = event.target as Element;
		if (target.closest('.twisty') && hit.row.expandable) return this.toggle(hit.row, !hit.row.expanded);
		if (target.closest('.pin')) return this.store.pins.toggle(hit.row.path);
		this.choose(hit.position, true, hit.level);
		if (target.closest('.actions')) this.openMenu(hit.row, event);
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const hit = this.rowOf(event);
		if (!hit) return;
		event.preventDefault();
		this.active = hit.position;
		this.level = hit.level;
		this.openMenu(hit.row, event);
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { active } = this;
		const row = active === undefined ? undefined : this.pages.row(active);
		if (!row || active === undefined) return;
		const { level } = this;
		const last = levelsOf(row).length - 1;
		if (event.key === 'ArrowRight') {
			if (level !== undefined) this.toLevel(row, level + 1);
			else if (row.expandable && !row.expanded) this.toggle(row, true);
			else if (row.expanded) this.choose(active + 1, false);
		} else if (event.key === 'ArrowLeft') {
			if (row.expanded && !this.pages.filter && level === undefined) this.toggle(row, false);
			else if ((level ?? last) > 0) this.toLevel(row, (level ?? last) - 1);
			else this.toParent(row);
		} else if (event.key === 'Enter' || event.key === ' ') this.choose(active, true, level);
		else if (isMenuKey(event)) this.openMenu(row, this.renderRoot.querySelector(`#topic-${active}`));
		else return;
		event.preventDefault();
	};

	private toParent(row: TreeRow) {
		for (let position = (this.active ?? 0) - 1; position >= this.pages.offset; position--) {
			const above = this.pages.row(position);
			if (above && above.depth < row.depth) {
				this.list.show(position);
				return this.choose(position, false);
			}
		}
	}

	private openMenu(row: TreeRow, at: MouseEvent | Element | null) {
		const chosen = this.levelOf(row);
		void this.menu.open(topicMenu(this.store, chosen.path, chosen !== row || row.below > 0), at, () =>
			this.list.focus(),
		);
	}

	/** Expands the ancestors of a topic and selects it. */
	async reveal(path: string) {
		this.setFilter('');
		const id = await this.pages.open(path).catch((error) => this.store.show(error));
		if (id === undefined) return;
		this.selectedId = id;
		this.version++;
	}

	override focus() {
		this.list.focus();
	}

	override render() {
		const { pages, active, level, selectedId, store } = this;
		const { words, retained: described, separator = '' } = store.describe;
		const searched = pages.filter?.kind === 'text' ? pages.filter.value : '';
		const common = { rows: pages.total, now: Date.now(), active, level, selectedId, separator, searched };
		const retained = described?.flag ?? 0;
		const row = (position: number) => {
			const one = pages.row(position);
			const samples = one ? this.history.of(one.id) : [];
			const pinned = one !== undefined && this.pins.includes(one.path);
			return topicRow(one, { ...common, position, retained, samples, pinned });
		};
		const search = {
			describe: store.describe,
			filter: this.filter,
			compact: pages.compact,
			onFind: this.onFind,
			toggleCompact: this.toggleCompact,
			collapseAll: this.collapseAll,
		};
		return html`${searchBar(search)}
			<div class="rows">${pages.total === 0 ? noTopics(store.describe, this.filter !== '') : nothing}
				<mw-virtual-list role="tree" aria-label=${words.targets}
					aria-activedescendant=${active === undefined ? nothing : `topic-${active}`}
					.rowHeight=${rowHeight} .low=${0} .high=${pages.total} .active=${active}
					.version=${`${this.version} ${active} ${level}`} .row=${row}
					.onRange=${(range: VisibleRange) => pages.show(range)}
					.onActive=${(position: number) => this.choose(position, false)}
					@click=${this.onClick} @contextmenu=${this.onContextMenu} @keydown=${this.onKey}></mw-virtual-list></div>
			${extent(store.describe, this.status.topics, pages.matches)}
			<mw-menu></mw-menu>`;
	}
}
