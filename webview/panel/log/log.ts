import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { count } from '../../base/words';
import type { Menu } from '../../controls/menu';
import '../../controls/menu';
import { middleCutStyles } from '../../controls/middle-cut';
import type { VirtualList, VisibleRange } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import './counters';
import { emptyLog, emptyStyles } from './empty';
import './filter-bar';
import type { Chat } from '../chat/chat';
import { chatStyles } from '../chat/chat-row';
import { edgeStyles } from '../header/subscription-colors';
import { markedStyles, stepMarked } from '../marks/marked';
import { type FilterState, isFiltering, type Place, toLogFilter } from '../saved';
import { hasTargets, type PanelStore } from '../store';
import { drawTimeline } from '../timeline/toggle';
import type { FindBar } from './find/find-bar';
import { type FindHost, LogFind } from './find/log-find';
import { Following, type FollowingHost } from './following';
import { copySelected } from './log-commands';
import { panelKey, rowKey } from './log-keys';
import { logItems, logMenu } from './log-menu';
import { LogPages } from './log-pages';
import { isCrowded, logHead, logStyles, type RowShape } from './log-row';
import { chatRows, type RowsHost, tableRows } from './log-rows';
import { Picking, type PickingHost } from './picking';
import { receiptStyles } from './receipt-cell';
import { selectionText } from './selection-text';

/** The message log: filter, rows, counters. Follows the newest message until the user scrolls away from it. */
@customElement('mw-log')
export class Log extends LitElement implements PickingHost, FindHost, RowsHost, FollowingHost {
	static override styles = [
		shared,
		controls,
		middleCutStyles,
		logStyles,
		chatStyles,
		edgeStyles,
		receiptStyles,
		markedStyles,
		emptyStyles,
		css`
			:host { display: flex; min-height: 0; min-width: 0; position: relative; container-type: inline-size; }
			.log { display: flex; flex-direction: column; flex: 1 1 0; min-height: 0; min-width: 0; }
			.rows { position: relative; flex: 1 1 0; min-height: 0; }
			/* High contrast themes give buttons no background, and rows are below this one. */
			.to-end { position: absolute; right: 18px; bottom: 8px; z-index: 1; background: var(--vscode-button-background, var(--vscode-editor-background));
				box-shadow: 0 0 6px var(--vscode-widget-shadow, transparent); }
			.to-end:hover { background: var(--vscode-button-hoverBackground, var(--vscode-editor-background)); }
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
	@state() version = 0;
	/** The result of the last command, until the selection changes. */
	@state() private result = '';
	@query('mw-find-bar') readonly findBar!: FindBar | null;
	@query('mw-virtual-list, mw-chat') readonly list!: VirtualList | Chat;
	@query('mw-menu') private menu!: Menu;
	pages!: LogPages;
	readonly picking = new Picking(this);
	private readonly following = new Following(this);
	readonly find = new LogFind(this);

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('store')) {
			this.pages = new LogPages(this.store.remote, this.onPage, (error) => this.store.show(error));
			this.pages.setFilter(toLogFilter(this.filter));
			this.following.begin();
		} else if (changed.has('filter')) {
			this.picking.reset();
			this.following.restart();
			this.pages.setFilter(toLogFilter(this.filter));
		} else if (changed.has('status')) {
			this.pages.refresh();
			this.find.refresh();
		}
	}

	private readonly onPage = () => {
		this.following.arrived();
		this.picking.arrived();
		this.version++;
	};

	get end(): number {
		return this.following.end;
	}

	get sticks(): boolean {
		return this.following.sticks;
	}

	stopFollowing() {
		this.following.set(false);
	}

	/** What is selected has changed. */
	changed() {
		this.result = '';
		this.version++;
	}

	redraw() {
		this.version++;
	}

	readonly onScrolled = (atEnd: boolean) => {
		this.following.scrolled(atEnd);
	};

	readonly onRange = (range: VisibleRange) => {
		this.pages.show(range, this.sticks);
		this.following.showed(range);
	};

	readonly onKey = (event: KeyboardEvent) => this.handle(event, rowKey(event, this));

	override connectedCallback() {
		super.connectedCallback();
		window.addEventListener('keydown', this.onPanelKey);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		window.removeEventListener('keydown', this.onPanelKey);
	}

	private readonly onPanelKey = (event: KeyboardEvent) => {
		const isVisible = this.clientHeight > 0;
		if (isVisible && !event.defaultPrevented) this.handle(event, panelKey(event, this.find, this.stepMarked));
	};

	/** From the message in the detail, or from the newest one. */
	private readonly stepMarked = (by: -1 | 1) => {
		const { messages } = this.store.describe.words;
		void stepMarked(this.store, this.selected ?? (by > 0 ? -1 : Number.MAX_SAFE_INTEGER), by).then((found) => {
			if (!found) this.say(`No ${by > 0 ? 'later' : 'earlier'} marked ${messages}`);
		});
	};

	private handle(event: KeyboardEvent, action: (() => void) | undefined) {
		if (!action) return;
		event.preventDefault();
		action();
	}

	/** The editor copies by its menu as well. */
	readonly onCopy = (event: Event) => {
		event.preventDefault();
		this.copy();
	};

	copy() {
		this.store.run(copySelected(this.store, this.pages, this.picking).then(this.say));
	}

	/** Shows the result of a command until the selection changes. False if the log is hidden. */
	readonly say = (text: string): boolean => {
		this.result = text;
		return this.clientHeight > 0;
	};

	readonly onContextMenu = (event: MouseEvent) => {
		if (!this.picking.contextMenu(event)) return;
		event.preventDefault();
		void this.showMenu(event);
	};

	openMenu(position: number) {
		void this.showMenu(this.renderRoot.querySelector(`#row-${position}`));
	}

	private async showMenu(at: MouseEvent | Element | null) {
		try {
			const items = await logMenu(this.store, await this.pages.seqs(this.picking.selection.sorted), this.say);
			if (items.length > 0) await this.menu.open(items, at, () => this.list.focus());
		} catch (error) {
			this.store.show(error);
		}
	}

	private readonly openLogMenu = (at: HTMLElement) =>
		void this.menu.open(logItems(this.store, this.find, this.picking, this.stepMarked), at, () => at.focus());

	openDetail() {
		this.store.openDetail();
	}

	/** Scrolls to a message if the view contains it. */
	async showSeq(seq: number) {
		const found = await this.pages.find(seq).catch(() => undefined);
		if (!found) return;
		this.stopFollowing();
		this.list.show(found.position);
		// Scrolling to the end follows.
		this.stopFollowing();
		this.picking.point(found.position);
	}

	/** Selects the next or previous message of the view. */
	step(by: -1 | 1) {
		const { active } = this.picking;
		if (active === undefined) return;
		const to = active + by;
		if (to < this.pages.low || to >= this.end) return;
		this.list.show(to);
		this.picking.pickOnly(to);
	}

	toEnd() {
		this.following.toEnd();
	}

	private readonly togglePause = () => this.following.togglePause();

	override focus() {
		this.list.focus();
	}

	private get shape(): RowShape {
		const { store, find } = this;
		return {
			describe: store.describe,
			hasTargets: hasTargets(store.describe, this.status),
			finding: find.isOpen,
			show: (seq) => store.showMessage(seq),
		};
	}

	private toEndButton() {
		const { message, messages } = this.store.describe.words;
		const { missed } = this.following;
		const label = this.store.recording
			? 'Jump to end'
			: missed > 0
				? count(missed, `new ${message}`, `new ${messages}`)
				: 'Jump to newest';
		return html`<vscode-button class="to-end" @click=${() => this.toEnd()}>${label} ↓</vscode-button>`;
	}

	override render() {
		const { pages, store, shape } = this;
		const { paused } = this.following;
		const empty = pages.high <= pages.low;
		// A search that has ended early does not go on.
		const searched = pages.problem === undefined ? pages.searched : 1;
		const filtering = isFiltering(this.filter);
		return html`<div class=${isCrowded(store.describe) ? 'log crowded' : 'log'}>
			<mw-filter-bar .store=${store} .filter=${this.filter} .paused=${paused} .searched=${searched}
				.timeline=${this.timeline} .chat=${this.chat} .failure=${pages.problem}
				.onPause=${this.togglePause} .onFind=${this.find.open} .onMenu=${this.openLogMenu}></mw-filter-bar>
			${this.timeline ? drawTimeline(store, this.status, this.filter) : nothing}
			${this.find.bar()}
			${this.chat ? nothing : logHead(shape)}
			<div class="rows" @keydown=${this.picking.beforeKey}>
				${empty ? emptyLog(store, filtering, searched) : nothing}
				${this.chat ? chatRows(this) : tableRows(this, shape)}
				${!this.sticks && !empty ? this.toEndButton() : nothing}
			</div>
			<mw-counters has=${this.store.recording ? 'shown' : 'kept'} .store=${store} .filter=${this.filter} .status=${this.status} .shown=${pages.high - pages.low - pages.notes} .filtering=${filtering}
				.searched=${searched} .paused=${paused}
				.selection=${selectionText(store.describe.words, this.picking.selection, this.result)}></mw-counters></div><mw-menu></mw-menu>`;
	}
}
