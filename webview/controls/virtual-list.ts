import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { emit } from '../base/emit';
import { place } from './computed-style';

/** Chromium draws no element taller than 33,554,428 px; beyond this the scroll bar's position is scaled. */
const tallest = 30_000_000;

export interface VisibleRange {
	from: number;
	count: number;
}

/**
 * Draws the visible ones of any number of rows. The rows have positions from `low` up to `high`, which may change at
 * any time; `top` (a position, with a fraction) is where the window stands, and the native scroll bar only steers it.
 * Drawn into the light tree: the component above styles the rows and names them.
 */
@customElement('mw-virtual-list')
export class VirtualList extends LitElement {
	@property({ type: Number }) low = 0;
	@property({ type: Number }) high = 0;
	/** In pixels. */
	@property({ type: Number }) rowHeight = 22;
	/** Stay at the end while rows are added. */
	@property({ type: Boolean }) stick = false;
	/** The position that the keyboard is on. */
	@property({ type: Number }) active: number | undefined;
	@property({ attribute: false }) row: (position: number) => TemplateResult = () => html``;
	/** Anything that the rows are drawn from; a new value draws them again. */
	@property({ attribute: false }) version: unknown;
	@state() private viewport = 0;
	top = 0;
	private known = 0;
	private readonly resized = new ResizeObserver(() => {
		this.viewport = this.clientHeight;
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

	/** Rows that fit, with a fraction. */
	get fits(): number {
		return this.viewport / this.rowHeight;
	}

	private get last(): number {
		return Math.max(this.low, this.high - this.fits);
	}

	get atEnd(): boolean {
		return this.top >= this.last - 0.05;
	}

	/** How many pixels of the list one pixel of the scroll bar stands for. */
	private get scale(): number {
		const full = (this.high - this.low) * this.rowHeight;
		return full <= tallest ? 1 : (full - this.viewport) / (tallest - this.viewport);
	}

	private readonly onScroll = () => {
		const now = this.scrollTop;
		if (Math.abs(now - this.known) < 1) return;
		// A list that has grown was scrolled back by the browser, before its new height is told.
		this.viewport = this.clientHeight;
		this.known = now;
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
		emit(this, 'mw-scrolled', { atEnd: this.atEnd });
		if (steer) this.steer();
		this.requestUpdate();
	}

	/** Brings the scroll bar to where the window stands. */
	private steer() {
		const to = Math.round(((this.top - this.low) * this.rowHeight) / this.scale);
		if (Math.abs(to - this.known) < 1) return;
		this.scrollTop = to;
		this.known = this.scrollTop;
	}

	/** Puts a position at the top. */
	moveTo(position: number) {
		this.move(position);
	}

	show(position: number) {
		if (position < this.top) this.move(position);
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
		emit(this, 'mw-active', position);
	};

	protected override willUpdate() {
		this.top = this.stick ? this.last : Math.min(Math.max(this.top, this.low), this.last);
	}

	protected override updated() {
		this.steer();
		const range: VisibleRange = { from: Math.floor(this.top), count: Math.ceil(this.fits) + 1 };
		emit(this, 'mw-range', range);
	}

	override render() {
		const first = Math.floor(this.top);
		const end = Math.min(this.high, first + Math.ceil(this.fits) + 1);
		const rows = [];
		for (let position = first; position < end; position++) rows.push(this.row(position));
		const full = Math.min((this.high - this.low) * this.rowHeight, tallest);
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
