import { html, LitElement, nothing, type PropertyValues, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Timeline as Counts } from '../../../src/model/contracts/message';
import type { Status } from '../../../src/model/contracts/session';
import { Latest } from '../../base/latest-question';
import { shared } from '../../base/styles';
import { place } from '../../controls/computed-style';
import type { FilterState } from '../saved';
import type { PanelStore } from '../store';
import { rangeText, ticks } from './axis';
import { barsOf, padded } from './bars';
import { follow } from './drag';
import { timelineStyles } from './styles';
import { intervalWords, timelineWords } from './words';

/** Minimum time between two requests, and between those while the log is still being counted. Milliseconds. */
const pause = 1000;
const countingPause = 60;
/** Time without a key after which the selection becomes the filter. Milliseconds. */
const keyPause = 250;
/** Fewer intervals are filled up. */
const minIntervals = 40;
/** Pixels. */
const barWidth = 5;
const plotHeight = 26;
const tickWidth = 84;
/** Pixels of a tick and of a character of its label: one that would be cut at the end is left out. */
const [tickLine, tickCharacter] = [4, 6.1];

/** Intervals from the first to the last, both included. */
interface Span {
	first: number;
	last: number;
}

const spanOf = (start: number, end: number): Span => ({ first: Math.min(start, end), last: Math.max(start, end) });

/** The throughput of the whole log over time. A span that is dragged over it, or chosen by keys, filters the log. */
@customElement('mw-timeline')
export class Timeline extends LitElement {
	static override styles = [shared, timelineStyles];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) filter!: FilterState;
	@state() private counts: Counts | undefined;
	@state() private width = 0;
	/** The interval under the pointer or of the keyboard. */
	@state() private cursor: number | undefined;
	/** Start of a cursor that is moved by keys, as a time, since intervals change. */
	private keyTime: number | undefined;
	/** The interval where Shift and an arrow key began. */
	private keySpanStart: number | undefined;
	/** The span that is being dragged or extended by keys. */
	@state() private span: Span | undefined;
	@query('.brush') private brush!: HTMLElement | null;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private keyTimer: ReturnType<typeof setTimeout> | undefined;
	private last = Number.NEGATIVE_INFINITY;
	private readonly questions = new Latest<number, Counts>(
		(intervals) => this.store.remote.timeline(intervals),
		(counts) => this.take(padded(counts, minIntervals)),
		(error) => this.store.show(error),
	);
	private readonly resized = new ResizeObserver(() => {
		if (this.clientWidth === this.width) return;
		this.width = this.clientWidth;
		this.soon();
	});

	override connectedCallback() {
		super.connectedCallback();
		this.resized.observe(this);
		this.soon();
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.resized.disconnect();
		clearTimeout(this.timer);
		clearTimeout(this.keyTimer);
		this.timer = undefined;
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('status') && changed.get('status')?.revision !== this.status.revision) this.soon();
	}

	private soon(wait = pause) {
		this.timer ??= setTimeout(
			() => {
				this.timer = undefined;
				// A hidden part has no width; it asks again when it gets one.
				if (this.clientWidth === 0) return;
				this.last = performance.now();
				this.questions.want(Math.min(300, Math.max(20, Math.floor(this.clientWidth / barWidth))));
			},
			Math.max(0, this.last + wait - performance.now()),
		);
	}

	private take(counts: Counts) {
		// The numbers of a selection belong to the intervals that are drawn.
		if (this.span) return this.soon();
		const moved = counts.from !== this.counts?.from || counts.step !== this.counts?.step;
		// Numbers of intervals have another meaning now.
		if (moved) this.cursor = this.keyTime === undefined ? undefined : this.cursorIn(counts);
		this.counts = counts;
		if (counts.counted < 1) this.soon(countingPause);
	}

	private cursorIn({ from, step, received }: Counts): number {
		const at = Math.floor(((this.keyTime ?? from) - from) / step);
		return Math.min(Math.max(at, 0), Math.max(0, received.length - 1));
	}

	private get size(): number {
		return this.counts?.received.length ?? 0;
	}

	private timeAt(interval: number): number {
		const { from = 0, step = 1 } = this.counts ?? {};
		return from + interval * step;
	}

	private intervalAt(event: PointerEvent): number {
		const box = this.brush?.getBoundingClientRect();
		if (!box) return 0;
		const at = Math.floor(((event.clientX - box.left) / box.width) * this.size);
		return Math.min(Math.max(at, 0), this.size - 1);
	}

	private apply(span: Span | undefined) {
		const { filter, store } = this;
		clearTimeout(this.keyTimer);
		this.span = undefined;
		const { from: _, to: __, ...rest } = filter;
		store.keep({
			filter: span ? { ...rest, from: this.timeAt(span.first), to: this.timeAt(span.last + 1) } : rest,
		});
	}

	private readonly onDown = (event: PointerEvent) => {
		if (event.button !== 0 || this.size === 0) return;
		follow(event, {
			at: (event) => this.intervalAt(event),
			move: (start, end) => {
				this.span = spanOf(start, end);
			},
			end: (span) => {
				this.span = undefined;
				if (span) this.apply(spanOf(...span));
			},
		});
	};

	private readonly onHover = (event: PointerEvent) => {
		this.keyTime = undefined;
		this.cursor = this.size > 0 ? this.intervalAt(event) : undefined;
	};

	private readonly onLeave = () => {
		if (this.keyTime === undefined) this.cursor = undefined;
	};

	private readonly onFocus = () => {
		if (this.size > 0 && this.brush?.matches(':focus-visible')) this.moveTo(this.cursor ?? this.size - 1);
	};

	private readonly onBlur = () => {
		this.keyTime = undefined;
		this.cursor = undefined;
	};

	private moveTo(interval: number) {
		this.cursor = Math.min(Math.max(interval, 0), this.size - 1);
		this.keyTime = this.timeAt(this.cursor);
	}

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.ctrlKey || event.metaKey || event.altKey || this.size === 0) return;
		const at = this.cursor ?? this.size - 1;
		const page = Math.max(1, Math.round(this.size / 10));
		const to = {
			ArrowLeft: at - 1,
			ArrowRight: at + 1,
			ArrowDown: at - 1,
			ArrowUp: at + 1,
			PageDown: at - page,
			PageUp: at + page,
			Home: 0,
			End: this.size - 1,
		}[event.key];
		if (to !== undefined) {
			const start = this.cursor === undefined || !event.shiftKey ? undefined : (this.keySpanStart ?? at);
			this.moveTo(to);
			this.keySpanStart = start;
			if (start !== undefined && this.cursor !== undefined) this.extend(start, this.cursor);
		} else if (event.key === 'Enter' || event.key === ' ') this.apply(this.span ?? { first: at, last: at });
		else if (event.key === 'Escape' && this.isFiltered) this.apply(undefined);
		else return;
		event.preventDefault();
		event.stopPropagation();
	};

	private extend(start: number, end: number) {
		const span = spanOf(start, end);
		this.span = span;
		clearTimeout(this.keyTimer);
		this.keyTimer = setTimeout(() => this.apply(span), keyPause);
	}

	private get isFiltered(): boolean {
		return this.filter.from !== undefined || this.filter.to !== undefined;
	}

	/** The chosen span as shares of the width, 0 to 1. */
	private chosen(): { start: number; end: number } | undefined {
		const { size, span, filter } = this;
		if (size === 0) return undefined;
		if (span) return { start: span.first / size, end: (span.last + 1) / size };
		if (!this.isFiltered) return undefined;
		const share = (time: number) =>
			Math.min(1, Math.max(0, (time - this.timeAt(0)) / (this.timeAt(size) - this.timeAt(0))));
		return { start: share(filter.from ?? 0), end: share(filter.to ?? Number.POSITIVE_INFINITY) };
	}

	private shade() {
		const chosen = this.chosen();
		if (!chosen) return nothing;
		const { width } = this;
		const [start, end] = [Math.round(chosen.start * width), Math.round(chosen.end * width)];
		return html`<div class="shade" ${place({ left: '0', width: `${start}px` })}></div>
			<div class="chosen" ${place({ left: `${start}px`, width: `${Math.max(2, end - start)}px` })}></div>
			<div class="shade" ${place({ left: `${end}px`, width: `${Math.max(0, width - end)}px` })}></div>`;
	}

	private hint() {
		const { cursor, size, width, counts } = this;
		if (cursor === undefined || !counts || cursor >= size) return nothing;
		const span = this.span ?? { first: cursor, last: cursor };
		const middle = ((cursor + 0.5) / size) * width;
		const right = middle > width / 2;
		const text = rangeText(this.timeAt(span.first), this.timeAt(span.last + 1));
		return html`<div class="cursor" ${place({ left: `${Math.round(middle)}px` })}></div>
			<div class="hint" ${place({ left: right ? 'auto' : `${Math.round(middle)}px`, right: right ? `${Math.round(width - middle)}px` : 'auto' })}
				>${text}${this.span ? nothing : html`<br><span class="dim">${intervalWords(counts, cursor)}</span>`}</div>`;
	}

	override render() {
		const { counts, width, size, cursor } = this;
		if (!counts || size === 0 || width === 0) return html`<div class="plot"></div><div class="axis"></div>`;
		const bars = barsOf(counts, width, plotHeight);
		const [from, to] = [this.timeAt(0), this.timeAt(size)];
		const at = cursor ?? size - 1;
		return html`<div class="plot"><svg role="img" aria-label=${timelineWords(counts, this.store.describe.words)}
				width=${width} height=${plotHeight} viewBox=${`0 0 ${width} ${plotHeight}`}>
				${(['received', 'sent', 'failed', 'marked'] as const).map((kind) => svg`<path class=${kind} d=${bars[kind]}></path>`)}</svg>
			${this.shade()}${this.hint()}
			<div class="brush" tabindex="0" role="slider" aria-label="Time" aria-valuemin="0" aria-valuemax=${size - 1}
				aria-valuenow=${at} aria-valuetext=${`${rangeText(this.timeAt(at), this.timeAt(at + 1))}: ${intervalWords(counts, at)}`}
				aria-description="Arrow keys read the timeline, Shift and arrow keys select a time for the filter, Escape shows all times."
				@pointerdown=${this.onDown} @pointermove=${this.onHover} @pointerleave=${this.onLeave}
				@keydown=${this.onKey} @focus=${this.onFocus} @blur=${this.onBlur}></div></div>
			<div class="axis" aria-hidden="true">${ticks(from, to, Math.floor(width / tickWidth)).map(({ time, label }) => {
				const left = Math.round(((time - from) / (to - from)) * width);
				const room = width - left - tickLine;
				return room < label.length * tickCharacter
					? nothing
					: html`<span ${place({ left: `${left}px` })}>${label}</span>`;
			})}</div>`;
	}
}
