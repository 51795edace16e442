import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Row } from '../../../src/model/contracts/message';
import type { VisibleRange } from '../../controls/virtual-list';
import type { PanelStore } from '../store';
import { chatRow, type Turn } from './chat-row';
import { SaidCache } from './said-cache';

/** Rows that are added when the user scrolls towards an end of those that are drawn, and the most that are drawn. */
const moreRows = 60;
const maxRows = 240;
/** Distance from an end at which more rows are added. Pixels. */
const edge = 500;
/** The lowest row with its gap. Pixels. */
const minHeight = 24;
/** Rows that a page key moves by. */
const pageRows = 8;

/**
 * The log as a chat. Draws a part of the view around the visible messages, which grows while the user scrolls; its scroll bar
 * stands for that part. Used by the log in place of its list, with the same properties and events; rows are drawn into the light
 * tree of the log, which styles them.
 */
@customElement('mw-chat')
export class Chat extends LitElement {
	@property({ attribute: false }) store!: PanelStore;
	@property({ type: Number }) low = 0;
	@property({ type: Number }) high = 0;
	/** Keeps the chat at its end while messages arrive. */
	@property({ type: Boolean }) stick = false;
	@property({ type: Number }) active: number | undefined;
	@property({ attribute: false }) rowAt: (position: number) => Row | undefined = () => undefined;
	@property({ attribute: false }) isSelected: (position: number, row: Row) => boolean = () => false;
	/** A new value draws the rows again. */
	@property({ attribute: false }) version: unknown;
	onRange: (range: VisibleRange) => void = () => {};
	onActive: (position: number) => void = () => {};
	onScrolled: (atEnd: boolean) => void = () => {};
	/** The rows that are drawn. */
	private first = 0;
	private end = 0;
	/** A row that is brought into view after the next draw, and where. */
	private wanted: { position: number; block: ScrollLogicalPosition } | undefined;
	/** The row at the upper edge before a draw, and its distance from there in pixels. */
	private kept: { position: number; top: number } | undefined;
	private said!: SaidCache;
	/** The row of the keyboard was visible after the last draw or scroll. */
	private activeVisible = false;
	private readonly resized = new ResizeObserver(() => {
		// A row that was just selected stays visible when the pane that shows it takes room from the chat.
		if (this.activeVisible && !this.stick && this.active !== undefined) this.show(this.active);
		else this.requestUpdate();
	});

	override createRenderRoot() {
		return this;
	}

	override connectedCallback() {
		super.connectedCallback();
		this.tabIndex = 0;
		this.resized.observe(this);
		this.addEventListener('scroll', this.onScroll, { passive: true });
		this.addEventListener('keydown', this.onKey);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.resized.disconnect();
		this.removeEventListener('scroll', this.onScroll);
		this.removeEventListener('keydown', this.onKey);
	}

	private readonly onScroll = () => {
		const below = this.scrollHeight - this.clientHeight - this.scrollTop;
		this.onScrolled(this.end >= this.high && below < 4);
		this.activeVisible = this.active !== undefined && this.isVisible(this.active);
		if ((this.scrollTop < edge && this.first > this.low) || (below < edge && this.end < this.high))
			this.requestUpdate();
	};

	/** Position of the first visible row. */
	get top(): number {
		return this.topRow()?.position ?? this.first;
	}

	/** Scrolls a position to the upper edge. */
	moveTo(position: number) {
		this.bring(position, 'start');
	}

	/** Scrolls as little as needed to make a position visible; `centered`: into the middle if it has to scroll. */
	show(position: number, centered = false) {
		this.bring(position, centered && !this.isVisible(position) ? 'center' : 'nearest');
	}

	private isVisible(position: number): boolean {
		const box = this.elementOf(position)?.getBoundingClientRect();
		const own = this.getBoundingClientRect();
		return box !== undefined && box.top >= own.top && box.bottom <= own.bottom;
	}

	private bring(position: number, block: ScrollLogicalPosition) {
		this.wanted = { position, block };
		// Following ends at once: the row may have to be loaded before it can be scrolled to.
		if (this.stick && position < this.high - 1 && !this.isVisible(position)) this.onScrolled(false);
		if (position < this.first || position >= this.end) {
			this.first = position - moreRows;
			this.end = position + moreRows;
		}
		this.requestUpdate();
	}

	private elementOf(position: number): HTMLElement | null {
		return this.querySelector(`[data-position="${position}"]`);
	}

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.ctrlKey || event.metaKey || event.altKey || this.high <= this.low) return;
		const at = this.active ?? (this.stick ? this.high : (this.topRow()?.position ?? this.first) - 1);
		const to = {
			ArrowDown: at + 1,
			ArrowUp: at - 1,
			PageDown: at + pageRows,
			PageUp: at - pageRows,
			Home: this.low,
			End: this.high - 1,
		}[event.key];
		if (to === undefined) return;
		event.preventDefault();
		const position = Math.min(Math.max(to, this.low), this.high - 1);
		this.show(position);
		this.onActive(position);
	};

	/** The first row that is not above the upper edge, and its distance from there. */
	private topRow(): { position: number; top: number } | undefined {
		const edge = this.getBoundingClientRect().top;
		for (const element of this.querySelectorAll<HTMLElement>('[data-position]')) {
			const box = element.getBoundingClientRect();
			if (box.bottom > edge) return { position: Number(element.dataset.position), top: box.top - edge };
		}
		return undefined;
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('store'))
			this.said = new SaidCache(
				this.store.remote,
				() => this.requestUpdate(),
				(error) => this.store.show(error),
			);
		this.kept = this.stick || this.wanted ? undefined : this.topRow();
		this.place();
	}

	/** Decides which rows are drawn. */
	private place() {
		const { low, high } = this;
		if (this.stick && !this.wanted) {
			this.end = high;
			this.first = high - Math.ceil(this.clientHeight / minHeight) - 8;
		} else if (this.kept) {
			const below = this.scrollHeight - this.clientHeight - this.scrollTop;
			if (this.scrollTop < edge) this.first -= moreRows;
			if (below < edge) this.end += moreRows;
			if (this.end - this.first > maxRows) {
				if (this.scrollTop < below) this.end = this.first + maxRows;
				else this.first = this.end - maxRows;
			}
		}
		this.end = Math.min(high, this.end);
		this.first = Math.min(Math.max(low, this.first), Math.max(low, this.end - 1));
		if (this.end <= this.first) this.end = Math.min(high, this.first + moreRows);
	}

	protected override updated() {
		const { wanted, kept } = this;
		this.wanted = undefined;
		const drawn = kept && this.elementOf(kept.position);
		if (wanted) this.elementOf(wanted.position)?.scrollIntoView({ block: wanted.block });
		else if (this.stick) this.scrollTop = this.scrollHeight;
		else if (kept && drawn)
			this.scrollTop += drawn.getBoundingClientRect().top - this.getBoundingClientRect().top - kept.top;
		const row = this.active === undefined ? null : this.elementOf(this.active);
		if (row) this.setAttribute('aria-activedescendant', row.id);
		else this.removeAttribute('aria-activedescendant');
		this.activeVisible = this.active !== undefined && this.isVisible(this.active);
		this.onRange({ from: this.first, count: this.end - this.first });
		this.said.want(this.drawn.flatMap((position) => this.rowAt(position)?.seq ?? []));
	}

	private get drawn(): number[] {
		return Array.from({ length: Math.max(0, this.end - this.first) }, (_, at) => this.first + at);
	}

	private turn(position: number): Turn | undefined {
		const row = position < this.low ? undefined : this.rowAt(position);
		return row && { row, said: this.said.get(row.seq) };
	}

	/** The target of a message, where it is not clear from the filter or because there is only one. */
	private target({ target }: Row): string {
		const { status, saved } = this.store;
		return status.topics > 1 && saved.filter.target?.value !== target ? target : '';
	}

	private draw(position: number): TemplateResult {
		const turn = this.turn(position);
		if (!turn) return html`<div class="aside" data-position=${position}>…</div>`;
		return chatRow(turn, {
			position,
			index: position - this.low + 1,
			selected: this.isSelected(position, turn.row),
			before: this.turn(position - 1),
			target: this.target(turn.row),
			showAll: () => {
				this.store.select(turn.row.seq, turn.row.time);
				this.store.openDetail();
			},
		});
	}

	override render() {
		return html`<div class="talk" role="presentation">${this.drawn.map((position) => this.draw(position))}</div>`;
	}
}
