import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import type { TreeRow } from '../../../src/model/contracts/topic';
import { controls, shared } from '../../base/styles';
import { capital, count } from '../../base/words';
import { isMenuKey, type Menu, type MenuItem } from '../../controls/menu';
import '../../controls/menu';
import { toolButton } from '../../controls/tool-button';
import { positionOf, type VirtualList, type VisibleRange } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import { subscribeItems } from '../node-menu';
import type { Saved } from '../saved';
import type { PanelStore } from '../store';
import { topicRow, topicStyles } from './topic-row';
import { TreePages } from './tree-pages';
import { rowHeight, treeStyles } from './tree-row';

/** Time without typing after which the tree is filtered. Milliseconds. */
const typingPause = 120;

/** The tree of targets that messages were received on or sent to. */
@customElement('mw-topics')
export class Topics extends LitElement {
	static override styles = [shared, controls, treeStyles, topicStyles];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) saved!: Saved['tree'];
	@state() private version = 0;
	/** The position of the keyboard. */
	@state() private active: number | undefined;
	@state() private filter = '';
	@query('mw-virtual-list') private list!: VirtualList;
	@query('mw-menu') private menu!: Menu;
	private pages!: TreePages;
	private selectedId: number | undefined;
	private ticker: ReturnType<typeof setInterval> | undefined;
	private timer: ReturnType<typeof setTimeout> | undefined;

	override connectedCallback() {
		super.connectedCallback();
		// Ages and rates change while no messages arrive.
		this.ticker = setInterval(() => document.hidden || this.version++, 1000);
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

	private choose(position: number, andFilter: boolean) {
		this.active = position;
		const row = this.pages.row(position);
		if (!row) return;
		this.selectedId = row.id;
		if (andFilter) this.store.chooseTopic(row);
		this.keep();
	}

	private toggle(row: TreeRow, open: boolean) {
		this.pages.toggle(row, open);
		this.keep();
	}

	private readonly collapseAll = () => {
		this.pages.collapseAll();
		this.keep();
	};

	private rowOf(event: Event): { row: TreeRow; position: number } | undefined {
		const position = positionOf(event);
		const row = position === undefined ? undefined : this.pages.row(position);
		return row && position !== undefined ? { row, position } : undefined;
	}

	private readonly onClick = (event: MouseEvent) => {
		const hit = this.rowOf(event);
		if (!hit) return;
		const target = event.target as Element;
		if (target.closest('.twisty') && hit.row.expandable) return this.toggle(hit.row, !hit.row.expanded);
		this.choose(hit.position, true);
		if (target.closest('.actions')) this.openMenu(hit.row, event);
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const hit = this.rowOf(event);
		if (!hit) return;
		event.preventDefault();
		this.active = hit.position;
		this.openMenu(hit.row, event);
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { active } = this;
		const row = active === undefined ? undefined : this.pages.row(active);
		if (!row || active === undefined) return;
		if (event.key === 'ArrowRight') {
			if (row.expandable && !row.expanded) this.toggle(row, true);
			else if (row.expanded) this.choose(active + 1, false);
		} else if (event.key === 'ArrowLeft') {
			if (row.expanded && !this.pages.filter) this.toggle(row, false);
			else this.toParent(row);
		} else if (event.key === 'Enter' || event.key === ' ') this.choose(active, true);
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

	private openMenu({ path, below }: TreeRow, at: MouseEvent | Element | null) {
		const { store } = this;
		const { remote, describe } = store;
		const { words, subscription, retained, pattern } = describe;
		const items: MenuItem[] = [{ label: `Copy ${capital(words.target)}`, run: () => store.run(remote.copy(path)) }];
		if (describe.verbs.some((verb) => verb.target !== 'none'))
			items.push({ label: `${words.send} Here`, run: () => store.composeTo({ target: path }) });
		items.push(...subscribeItems(store, { target: path }));
		const all = below > 0 ? pattern?.below?.(path) : undefined;
		// Only for protocols without modes of receiving: those are chosen for the target itself.
		if (subscription && !subscription.modes && all !== undefined)
			items.push({ label: `${words.subscribe} to ${all}`, run: () => store.subscribe({ target: all }) });
		if (retained) items.push({ label: 'Clear Retained…', run: () => store.run(remote.clearRetained(path)) });
		void this.menu.open(items, at, () => this.list.focus());
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

	private bar() {
		const { words, pattern } = this.store.describe;
		const label = `Find ${words.targets}`;
		return html`<div class="bar"><input class="text" spellcheck="false" aria-label=${label} placeholder=${label}
			title=${pattern?.help ?? nothing} .value=${this.filter} @input=${this.onFind}>
			${toolButton('collapse-all', 'Collapse all', this.collapseAll)}</div>`;
	}

	private empty() {
		const { target, targets, messages } = this.store.describe.words;
		const text = this.filter
			? `No ${target} matches.`
			: `The ${targets} of received and sent ${messages} are listed here.`;
		return html`<div class="none dim">${text}</div>`;
	}

	override render() {
		const { pages, active, selectedId } = this;
		const { words, retained: described } = this.store.describe;
		const now = Date.now();
		const retained = described?.flag ?? 0;
		const row = (position: number) =>
			topicRow(pages.row(position), { position, rows: pages.total, now, active, selectedId, retained });
		return html`${this.bar()}
			<div class="rows">${pages.total === 0 ? this.empty() : nothing}
				<mw-virtual-list role="tree" aria-label=${words.targets}
					aria-activedescendant=${active === undefined ? nothing : `topic-${active}`}
					.rowHeight=${rowHeight} .low=${0} .high=${pages.total} .active=${active}
					.version=${`${this.version} ${active}`} .row=${row}
					.onRange=${(range: VisibleRange) => pages.show(range)}
					.onActive=${(position: number) => this.choose(position, false)}
					@click=${this.onClick} @contextmenu=${this.onContextMenu} @keydown=${this.onKey}></mw-virtual-list></div>
			<div class="foot dim">${count(this.status.topics, words.target, words.targets)}</div>
			<mw-menu></mw-menu>`;
	}
}
