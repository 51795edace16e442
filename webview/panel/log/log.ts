import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Row } from '../../../src/model/contracts/message';
import type { Status } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { capital, count } from '../../base/words';
import { isMenuKey, type Menu } from '../../controls/menu';
import '../../controls/menu';
import { positionOf, type VirtualList, type VisibleRange } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import './counters';
import { emptyLog, emptyStyles } from './empty';
import './filter-bar';
import type { Chat } from '../chat/chat';
import { chatStyles } from '../chat/chat-row';
import { edgeStyles } from '../header/subscription-colors';
import { type FilterState, isFiltering, type Place, toLogFilter } from '../saved';
import type { PanelStore } from '../store';
import { drawTimeline } from '../timeline/toggle';
import { logMenu } from './log-menu';
import { LogPages } from './log-pages';
import { logHead, logRow, logStyles } from './log-row';
import { Selection } from './selection';

/** The message log: filter, rows, counters. Follows the newest message until the user scrolls away from it. */
@customElement('mw-log')
export class Log extends LitElement {
	static override styles = [
		shared,
		controls,
		logStyles,
		chatStyles,
		edgeStyles,
		emptyStyles,
		css`
			:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; position: relative; container-type: inline-size; }
			.rows { position: relative; flex: 1 1 0; min-height: 0; }
			.selection { padding: 2px 8px; flex: none; color: var(--dim); border-top: 1px solid var(--line); font-size: 0.92em; }
			.to-end { position: absolute; right: 18px; bottom: 8px; z-index: 1; box-shadow: 0 0 6px var(--vscode-widget-shadow, transparent); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) filter!: FilterState;
	@property({ type: Boolean }) follow = true;
	/** The timeline is shown. */
	@property({ type: Boolean }) timeline = true;
	/** The messages are shown as a chat. */
	@property({ type: Boolean }) chat = false;
	/** The message in the detail, by `seq`. */
	@property({ type: Number }) selected: number | undefined;
	/** The message at the top when the log does not follow the newest. */
	@property({ attribute: false }) anchor: Place | undefined;
	@state() private version = 0;
	@state() private paused = false;
	/** The position of the keyboard. */
	@state() private active: number | undefined;
	@query('mw-virtual-list, mw-chat') private list!: VirtualList | Chat;
	@query('mw-menu') private menu!: Menu;
	private pages!: LogPages;
	/** One past the newest position that was visible, while not following; a paused list ends there. */
	private seen = 0;
	/** A position that was selected before its row arrived. */
	private awaited: number | undefined;
	/** The anchor to restore once the rows are there. */
	private start: Place | undefined;
	private readonly selection = new Selection();
	/** The key being handled extends the selection. */
	private extending = false;

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('store')) {
			this.pages = new LogPages(this.store.remote, this.redraw, (error) => this.store.show(error));
			this.pages.setFilter(toLogFilter(this.filter));
			this.start = this.follow ? undefined : this.anchor;
			if (!this.start) this.follow = true;
		} else if (changed.has('filter')) {
			this.active = undefined;
			this.selection.one(undefined);
			this.setFollow(true);
			this.paused = false;
			this.pages.setFilter(toLogFilter(this.filter));
		} else if (changed.has('status')) {
			this.pages.refresh();
		}
	}

	private readonly redraw = () => {
		if (this.follow && !this.paused) this.seen = this.pages.high;
		if (this.awaited !== undefined && this.pages.row(this.awaited)) this.select(this.awaited);
		this.version++;
		if (this.start && this.pages.searched === 1) void this.restore(this.start);
	};

	/** Scrolls to the anchor of an earlier page, or to the newest message if this session does not have it. */
	private async restore({ seq, time }: Place) {
		this.start = undefined;
		this.seen = this.pages.high;
		const found = await this.pages.find(seq).catch(() => undefined);
		if (found?.row.time === time) this.list.moveTo(found.position);
		else this.toEnd();
	}

	private get end(): number {
		return this.paused ? Math.max(this.pages.low, Math.min(this.seen, this.pages.high)) : this.pages.high;
	}

	private setFollow(follow: boolean) {
		if (this.follow === follow) return;
		this.follow = follow;
		this.seen = this.pages.high;
		this.store.keep({ follow });
	}

	private readonly onScrolled = (atEnd: boolean) => {
		if (!this.paused) this.setFollow(atEnd);
	};

	private readonly onRange = (range: VisibleRange) => {
		this.pages.show(range, this.follow && !this.paused);
		const row = this.follow || this.start ? undefined : this.pages.row(range.from);
		if (!row || row.seq === this.anchor?.seq) return;
		this.anchor = { seq: row.seq, time: row.time };
		this.store.keepAnchor(this.anchor);
	};

	private readonly onActive = (position: number) => {
		if (this.extending) this.selection.to(position);
		else this.selection.one(position);
		this.select(position);
	};

	private readonly onClick = (event: MouseEvent) => {
		const position = positionOf(event);
		if (position === undefined) return;
		const several = event.shiftKey || event.ctrlKey || event.metaKey;
		if (event.shiftKey) this.selection.to(position);
		else if (several) this.selection.toggle(position);
		else this.selection.one(position);
		this.select(position);
		if (!several) this.store.openDetail();
	};

	/** Runs before the list handles the key. */
	private readonly beforeKey = {
		capture: true,
		handleEvent: (event: KeyboardEvent) => {
			this.extending = event.shiftKey;
			if (event.shiftKey && this.selection.size === 0 && this.active !== undefined) this.selection.one(this.active);
		},
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { active } = this;
		if (active === undefined) return;
		if (event.key === 'Enter') this.store.openDetail();
		else if (event.key === ' ' && (event.ctrlKey || event.metaKey)) {
			this.selection.toggle(active);
			this.version++;
		} else if (isMenuKey(event)) void this.openMenu(this.renderRoot.querySelector(`#row-${active}`));
		else return;
		event.preventDefault();
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const position = positionOf(event);
		if (position === undefined) return;
		event.preventDefault();
		if (!this.selection.has(position)) {
			this.selection.one(position);
			this.select(position);
		}
		void this.openMenu(event);
	};

	private async openMenu(at: MouseEvent | Element | null) {
		try {
			const items = await logMenu(this.store, await this.pages.seqs(this.selection.all));
			if (items.length > 0) await this.menu.open(items, at, () => this.list.focus());
		} catch (error) {
			this.store.show(error);
		}
	}

	private select(position: number) {
		this.active = position;
		const row = this.pages.row(position);
		this.awaited = row ? undefined : position;
		if (row) this.store.select(row.seq, row.time);
	}

	/** Scrolls to a message if the view contains it. */
	async showSeq(seq: number) {
		const found = await this.pages.find(seq).catch(() => undefined);
		if (!found) return;
		this.setFollow(false);
		this.list.show(found.position);
		this.active = found.position;
		this.selection.one(found.position);
	}

	/** Selects the next or previous message of the view. */
	step(by: -1 | 1) {
		if (this.active === undefined) return;
		const to = this.active + by;
		if (to < this.pages.low || to >= this.end) return;
		this.list.show(to);
		this.selection.one(to);
		this.select(to);
	}

	private readonly toEnd = () => {
		this.paused = false;
		this.setFollow(true);
		this.version++;
	};

	private readonly togglePause = () => {
		if (this.paused) return this.toEnd();
		this.seen = this.pages.high;
		this.paused = true;
	};

	override focus() {
		this.list.focus();
	}

	private row(position: number) {
		const row = this.pages.row(position);
		const selected = this.selection.has(position) || (row !== undefined && row.seq === this.selected);
		const edge = this.store.colors.edge(row);
		return logRow(this.store.describe, row, { position, index: position - this.pages.low + 1, selected, edge });
	}

	private rows() {
		const { pages, active, selected, selection } = this;
		if (this.chat) return this.chatRows();
		return html`<mw-virtual-list role="grid" aria-multiselectable="true"
			aria-label=${capital(this.store.describe.words.messages)} aria-rowcount=${this.end - pages.low}
			aria-activedescendant=${active === undefined ? nothing : `row-${active}`}
			.low=${pages.low} .high=${this.end} .stick=${this.follow && !this.paused} .active=${active}
			.version=${`${this.version} ${selected} ${active} ${selection.size}`}
			.row=${(position: number) => this.row(position)}
			.onScrolled=${this.onScrolled} .onRange=${this.onRange} .onActive=${this.onActive}
			@keydown=${this.onKey} @click=${this.onClick} @contextmenu=${this.onContextMenu}></mw-virtual-list>`;
	}

	private chatRows() {
		const { pages, active, selected, selection } = this;
		return html`<mw-chat role="listbox" aria-multiselectable="true"
			aria-label=${capital(this.store.describe.words.messages)}
			.store=${this.store} .low=${pages.low} .high=${this.end} .stick=${this.follow && !this.paused} .active=${active}
			.version=${`${this.version} ${selected} ${active} ${selection.size}`}
			.rowAt=${(position: number) => pages.row(position)}
			.isSelected=${(position: number, row: Row) => selection.has(position) || row.seq === selected}
			.onScrolled=${this.onScrolled} .onRange=${this.onRange} .onActive=${this.onActive}
			@keydown=${this.onKey} @click=${this.onClick} @contextmenu=${this.onContextMenu}></mw-chat>`;
	}

	private toEndButton() {
		const { message, messages } = this.store.describe.words;
		const missed = this.pages.high - this.seen;
		const label = missed > 0 ? count(missed, `new ${message}`, `new ${messages}`) : 'Jump to newest';
		return html`<vscode-button class="to-end" @click=${this.toEnd}>${label} ↓</vscode-button>`;
	}

	private selectionBar() {
		const { size } = this.selection;
		if (size < 2) return nothing;
		const { message, messages } = this.store.describe.words;
		return html`<div class="selection" role="status">${count(size, message, messages)} selected</div>`;
	}

	override render() {
		const { pages, store, paused } = this;
		const empty = pages.high <= pages.low;
		const filtering = isFiltering(this.filter);
		return html`
			<mw-filter-bar .store=${store} .filter=${this.filter} .paused=${paused} .searched=${pages.searched}
				.timeline=${this.timeline} .chat=${this.chat} .onPause=${this.togglePause}></mw-filter-bar>
			${this.timeline ? drawTimeline(store, this.status, this.filter) : nothing}
			${this.chat ? nothing : logHead(store.describe)}
			<div class="rows" @keydown=${this.beforeKey}>
				${empty ? emptyLog(store, filtering, pages.searched) : nothing}
				${this.rows()}
				${(!this.follow || paused) && !empty ? this.toEndButton() : nothing}
			</div>
			<mw-counters .status=${this.status} .shown=${pages.high - pages.low} .filtering=${filtering}
				.searched=${pages.searched} .paused=${paused}></mw-counters>
			${this.selectionBar()}<mw-menu></mw-menu>`;
	}
}
