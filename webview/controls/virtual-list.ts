import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { place } from './computed-style';

/** Chromium draws no element taller than 33,554,428 px; beyond this height the scroll bar's position is scaled. Pixels. */
const maxHeight = 30_000_000;

export interface VisibleRange {
	from: number;
	count: number;
}

/** The position of the row that an event comes from: the row's `data-position`. */
export function positionOf(event: Event): number | undefined {
	const row = (event.target as Element).closest<HTMLElement>('[data-position]');
	return row ? Number(row.dataset.position) : undefined;
}

/**
 * Draws the visible rows of a list of any length. Rows have positions from `low` to `high` (exclusive), which may change
 * at any time. `top` is the position at the upper edge, with a fraction; the native scroll bar only steers it. Rows are
 * drawn into the light tree, so that the parent component styles and labels them.
 */
@customElement('mw-virtual-list')
export class VirtualList extends LitElement {
	@property({ type: Number }) low = 0;
	@property({ type: Number }) high = 0;
	/** In pixels. */
	@property({ type: Number }) rowHeight = 22;
	/** Keeps the list at its end while rows are added. */
	@property({ type: Boolean }) stick = false;
	/** The position of the keyboard. */
	@property({ type: Number }) active: number | undefined;
	@property({ attribute: false }) row: (position: number) => TemplateResult = () => html``;
	/** A new value draws the rows again. */
	@property({ attribute: false }) version: unknown;
	/** Called after each draw with the visible rows. */
	onRange: (range: VisibleRange) => void = () => {};
	onActive: (position: number) => void = () => {};
	onScrolled: (atEnd: boolean) => void = () => {};
	@state() private viewport = 0;
	top = 0;
	/** The scroll bar's offset after the last change by this element. */
	private steered = 0;
	private readonly resized = new ResizeObserver(() => {
		const { active } = this;
		const wasVisible = active !== undefined && active >= this.top && active + 1 <= this.top + this.fits;
		this.viewport = this.clientHeight;
		// A row that was just selected stays visible when the pane that shows it takes room from the list.
		if (wasVisible && !this.stick) this.show(active);
	});

	override createRenderRoot() {
		return this;
	}

	override connectedCallback() {
		super.connectedCallback();
		this.tabIndex = 0;
		this.resized.observe(this);
		this.addEventListener('scroll', this.onScroll, { passive: true });
		this.addEventListener('wheel', this.onWheel, { passive: false });
		this.addEventListener('keydown', this.onKey);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.resized.disconnect();
		this.removeEventListener('scroll', this.onScroll);
		this.removeEventListener('wheel', this.onWheel);
		this.removeEventListener('keydown', this.onKey);
	}

	/** Number of rows that fit into the viewport, with a fraction. */
	get fits(): number {
		return this.viewport / this.rowHeight;
	}

	private get last(): number {
		return Math.max(this.low, this.high - this.fits);
	}

	get atEnd(): boolean {
		return this.top >= this.last - 0.05;
	}

	/** Pixels of the list for each pixel of the scroll bar. */
	private get scale(): number {
		const full = (this.high - this.low) * this.rowHeight;
		return full <= maxHeight ? 1 : (full - this.viewport) / (maxHeight - this.viewport);
	}

	private readonly onScroll = () => {
		const now = this.scrollTop;
		if (Math.abs(now - this.steered) < 1) return;
		this.steered = now;
		if (this.clientHeight !== this.viewport) {
			// The browser itself scrolls a list whose size changes, before the resize observer reports it. The rows stay.
			this.viewport = this.clientHeight;
			return this.requestUpdate();
		}
		this.move(this.low + (now * this.scale) / this.rowHeight, false);
	};

	private readonly onWheel = (event: WheelEvent) => {
		if (this.scale === 1 || event.ctrlKey || event.deltaY === 0) return;
		event.preventDefault();
		const pixels = event.deltaMode === 1 ? event.deltaY * this.rowHeight : event.deltaY;
		this.move(this.top + pixels / this.rowHeight);
	};

	private move(top: number, steer = true) {
		this.top = Math.min(Math.max(top, this.low), this.last);
		this.onScrolled(this.atEnd);
		if (steer) this.steer();
		this.requestUpdate();
	}

	/** Moves the scroll bar to the position of `top`. */
	private steer() {
		const to = Math.round(((this.top - this.low) * this.rowHeight) / this.scale);
		if (Math.abs(to - this.steered) < 1) return;
		this.scrollTop = to;
		this.steered = this.scrollTop;
	}

	/** Scrolls a position to the upper edge. */
	moveTo(position: number) {
		this.move(position);
	}

	/** Scrolls as little as needed to make a position visible; `centered`: into the middle if it has to scroll. */
	show(position: number, centered = false) {
		const isVisible = position >= this.top && position + 1 <= this.top + this.fits;
		if (centered && !isVisible) this.move(position - Math.floor(this.fits / 2));
		else if (position < this.top) this.move(position);
		else if (position + 1 > this.top + this.fits) this.move(position + 1 - this.fits);
	}

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.ctrlKey || event.metaKey || event.altKey || this.high <= this.low) return;
		const page = Math.max(1, Math.floor(this.fits) - 1);
		const at = this.active ?? (this.stick ? this.high : Math.ceil(this.top) - 1);
		const to = {
			ArrowDown: at + 1,
			ArrowUp: at - 1,
			PageDown: at + page,
			PageUp: at - page,
			Home: this.low,
			End: this.high - 1,
		}[event.key];
		if (to === undefined) return;
		event.preventDefault();
		const position = Math.min(Math.max(to, this.low), this.high - 1);
		this.show(position);
		this.onActive(position);
	};

	protected override willUpdate() {
		this.top = this.stick ? this.last : Math.min(Math.max(this.top, this.low), this.last);
	}

	protected override updated() {
		this.steer();
		this.announce();
		this.onRange({ from: Math.floor(this.top), count: Math.ceil(this.fits) + 1 });
	}

	/** Names the active row to assistive technology while it is drawn; an id without an element would lose its position. */
	private announce() {
		const row = this.active === undefined ? null : this.querySelector(`[data-position="${this.active}"]`);
		if (row?.id) this.setAttribute('aria-activedescendant', row.id);
		else this.removeAttribute('aria-activedescendant');
	}

	override render() {
		const first = Math.floor(this.top);
		const end = Math.min(this.high, first + Math.ceil(this.fits) + 1);
		const rows = [];
		for (let position = first; position < end; position++) rows.push(this.row(position));
		const full = Math.min((this.high - this.low) * this.rowHeight, maxHeight);
		return html`<div class="vl-window" role="presentation" ${place({
			position: 'sticky',
			top: '0',
			height: `${this.viewport}px`,
			'margin-bottom': `${-this.viewport}px`,
			overflow: 'clip',
		})}><div role="presentation" ${place({ transform: `translateY(${-(this.top - first) * this.rowHeight}px)` })}>${rows}</div></div>
		<div role="presentation" ${place({ height: `${full}px` })}></div>`;
	}
}
