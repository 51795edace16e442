import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { emit, emitFailure } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import type { VirtualList, VisibleRange } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import { count } from '../../base/words';
import './counters';
import { emptyLog, emptyStyles } from './empty';
import './filter-bar';
import type { Menu } from '../../controls/menu';
import { logMenu } from './log-menu';
import { LogPages } from './log-pages';
import { capital, logHead, logRow, logStyles } from './log-row';
import '../../controls/menu';
import { type FilterState, isFiltering, type Place, toLogFilter } from '../saved';
import type { Session } from '../session';
import { Picked } from './selection';

/** The message log: filter, rows, counters. Follows the newest message until the user scrolls away from it. */
@customElement('mw-log')
export class Log extends LitElement {
	static override styles = [
		shared,
		controls,
		logStyles,
		emptyStyles,
		css`
			:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; position: relative; container-type: inline-size; }
			.rows { position: relative; flex: 1 1 0; min-height: 0; }
			.picked { padding: 2px 8px; flex: none; color: var(--dim); border-top: 1px solid var(--line); font-size: 0.92em; }
			.to-end { position: absolute; right: 18px; bottom: 8px; z-index: 1; box-shadow: 0 0 6px var(--vscode-widget-shadow, transparent); }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) filter!: FilterState;
	@property({ type: Boolean }) follow = true;
	@property({ type: Number }) selected: number | undefined;
	/** Where to start, when not at the newest. */
	@property({ attribute: false }) anchor: Place | undefined;
	@state() private version = 0;
	@state() private paused = false;
	@state() private active: number | undefined;
	@query('mw-virtual-list') private list!: VirtualList;
	pages!: LogPages;
	/** One past the newest position that the user has seen, while not following; while paused the list ends there. */
	private seen = 0;
	/** Selected before its row has come. */
	private jumped: number | undefined;
	private start: Place | undefined;
	private readonly picked = new Picked();
	/** The key that is being handled extends the choice. */
	private extending = false;
	@query('mw-menu') private menu!: Menu;

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('session')) {
			this.pages = new LogPages(this.session.remote, this.redraw, (error) => emitFailure(this, error));
			this.pages.setFilter(toLogFilter(this.filter));
			this.start = this.follow ? undefined : this.anchor;
			if (!this.start) this.follow = true;
		} else if (changed.has('filter')) {
			this.active = undefined;
			this.picked.one(undefined);
			this.setFollow(true);
			this.paused = false;
			this.pages.setFilter(toLogFilter(this.filter));
		} else if (changed.has('status')) {
			this.pages.refresh();
		}
	}

	private readonly redraw = () => {
		if (this.follow && !this.paused) this.seen = this.pages.high;
		if (this.jumped !== undefined && this.pages.row(this.jumped)) this.select(this.jumped);
		this.version++;
		if (this.start && this.pages.searched === 1) void this.restore(this.start);
	};

	/** Back to where the user was; a session that does not know the message starts at its newest. */
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
		emit(this, 'mw-follow', follow);
	}

	private readonly onScrolled = (event: CustomEvent<{ atEnd: boolean }>) => {
		if (!this.paused) this.setFollow(event.detail.atEnd);
	};

	private readonly onRange = (event: CustomEvent<VisibleRange>) => {
		this.pages.show(event.detail, this.follow && !this.paused);
		const row = this.follow || this.start ? undefined : this.pages.row(event.detail.from);
		if (row && row.seq !== this.anchor?.seq) {
			this.anchor = { seq: row.seq, time: row.time };
			emit(this, 'mw-anchor', this.anchor);
		}
	};

	private readonly onActive = (event: CustomEvent<number>) => {
		if (this.extending) this.picked.to(event.detail);
		else this.picked.one(event.detail);
		this.select(event.detail);
	};

	private hit(event: Event): number | undefined {
		const row = (event.target as Element).closest<HTMLElement>('[data-position]');
		return row ? Number(row.dataset.position) : undefined;
	}

	private readonly onClick = (event: MouseEvent) => {
		const position = this.hit(event);
		if (position === undefined) return;
		const several = event.shiftKey || event.ctrlKey || event.metaKey;
		if (event.shiftKey) this.picked.to(position);
		else if (several) this.picked.toggle(position);
		else this.picked.one(position);
		this.select(position);
		if (!several) emit(this, 'mw-open');
	};

	/** Before the list handles the key. */
	private readonly beforeKey = {
		capture: true,
		handleEvent: (event: KeyboardEvent) => {
			this.extending = event.shiftKey;
			if (event.shiftKey && this.picked.size === 0 && this.active !== undefined) this.picked.one(this.active);
		},
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { active } = this;
		if (active === undefined) return;
		if (event.key === 'Enter') emit(this, 'mw-open');
		else if (event.key === ' ' && (event.ctrlKey || event.metaKey)) {
			this.picked.toggle(active);
			this.version++;
		} else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
			const box = this.renderRoot.querySelector(`#row-${active}`)?.getBoundingClientRect();
			void this.openMenu(box?.left ?? 0, box?.bottom ?? 0);
		} else return;
		event.preventDefault();
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const position = this.hit(event);
		if (position === undefined) return;
		event.preventDefault();
		if (!this.picked.has(position)) {
			this.picked.one(position);
			this.select(position);
		}
		void this.openMenu(event.clientX, event.clientY);
	};

	private async openMenu(x: number, y: number) {
		try {
			const seqs = await this.pages.seqs(this.picked.all);
			const items = await logMenu(this, this.session, seqs);
			if (items.length > 0) await this.menu.open(items, x, y, () => this.list.focus());
		} catch (error) {
			emitFailure(this, error);
		}
	}

	select(position: number) {
		this.active = position;
		const row = this.pages.row(position);
		this.jumped = row ? undefined : position;
		if (row) emit(this, 'mw-select', { seq: row.seq, time: row.time });
	}

	/** Goes to a message, if the view has it. */
	async showSeq(seq: number) {
		const found = await this.pages.find(seq).catch(() => undefined);
		if (!found) return;
		this.setFollow(false);
		this.list.show(found.position);
		this.active = found.position;
		this.picked.one(found.position);
	}

	/** Goes to the next or previous message of the view. */
	step(by: -1 | 1) {
		if (this.active === undefined) return;
		const to = this.active + by;
		if (to < this.pages.low || to >= this.end) return;
		this.list.show(to);
		this.picked.one(to);
		this.select(to);
	}

	readonly toEnd = () => {
		this.paused = false;
		this.setFollow(true);
		this.version++;
	};

	private togglePause() {
		if (this.paused) return this.toEnd();
		this.seen = this.pages.high;
		this.paused = true;
	}

	override focus() {
		this.list.focus();
	}

	override render() {
		const { pages, session, status } = this;
		const missed = pages.high - this.seen;
		const away = !this.follow || this.paused;
		const empty = pages.high <= pages.low;
		return html`
			<mw-filter-bar .session=${session} .filter=${this.filter} .paused=${this.paused} .searched=${pages.searched}
				@mw-pause=${() => this.togglePause()}></mw-filter-bar>
			${logHead(session.describe)}
			<div class="rows" @keydown=${this.beforeKey}>
				${empty ? emptyLog(session, status, isFiltering(this.filter), pages.searched, this) : nothing}
				<mw-virtual-list role="grid" aria-multiselectable="true" aria-label=${capital(session.describe.words.messages)} aria-rowcount=${this.end - pages.low}
					aria-activedescendant=${this.active === undefined ? nothing : `row-${this.active}`}
					.low=${pages.low} .high=${this.end} .stick=${this.follow && !this.paused} .active=${this.active} .version=${`${this.version} ${this.selected} ${this.active} ${this.picked.size}`}
					.row=${(position: number) => logRow(session.describe, pages, position, this.selected, this.picked)}
					@mw-scrolled=${this.onScrolled} @mw-range=${this.onRange} @mw-active=${this.onActive} @keydown=${this.onKey} @click=${this.onClick} @contextmenu=${this.onContextMenu}></mw-virtual-list>
				${away && !empty ? html`<vscode-button class="to-end" @click=${this.toEnd}>${missed > 0 ? `${count(missed, `new ${session.describe.words.message}`, `new ${session.describe.words.messages}`)} ↓` : 'To the newest ↓'}</vscode-button>` : nothing}
			</div>
			<mw-counters .status=${status} .shown=${pages.high - pages.low} .filtering=${isFiltering(this.filter)} .searched=${pages.searched}
				.paused=${this.paused}></mw-counters>${this.picked.size > 1 ? html`<div class="picked" role="status">${count(this.picked.size, 'line is chosen', 'lines are chosen')}: right-click, or Shift+F10, for what can be done with them</div>` : nothing}<mw-menu></mw-menu>`;
	}
}
