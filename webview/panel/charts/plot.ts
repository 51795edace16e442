import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import uPlot from 'uplot';
import { shared } from '../../base/styles';
import { clock } from '../../base/words';
import { align, percent } from './align';
import type { Scale } from './chart-state';
import { plotOptions } from './plot-options';
import { plotStyles } from './plot-styles';
import type { Points } from './points';
import { nearest, precise } from './statistics';

/** A line of a plot. */
export interface PlotLine {
	/** In words, for readers that do not see it. */
	name: string;
	/** Number of its color. */
	color: number;
	points: Points;
}

/** Lines over time. Pointer and arrow keys move a cursor, a click or Enter chooses the message of the point there. */
@customElement('mw-plot')
export class Plot extends LitElement {
	static override styles = [
		shared,
		plotStyles,
		css`
			:host { display: block; min-height: 0; min-width: 0; overflow: hidden; }
			.plot { width: 100%; height: 100%; overflow: hidden; }
			.u-over { cursor: crosshair; }
		`,
	];
	@property({ attribute: false }) lines: readonly PlotLine[] = [];
	@property() scale: Scale = 'shared';
	/** The content in words. */
	@property() summary = '';
	/** Called with the time at the cursor, in milliseconds; undefined without one. */
	@property({ attribute: false }) onTime: (time: number | undefined) => void = () => {};
	/** Called with the line of a message. */
	@property({ attribute: false }) onMessage: (seq: number) => void = () => {};
	@query('.plot') private box!: HTMLElement;
	private plot: uPlot | undefined;
	/** What the options depend on. */
	private look = '';
	private time: number | undefined;
	private readonly resized = new ResizeObserver(() => {
		if (this.plot) this.plot.setSize(this.size);
		else this.requestUpdate();
	});

	/** Colors of the theme are read when the plot is drawn. */
	private readonly themed = new MutationObserver(() => this.plot?.redraw());

	override connectedCallback() {
		super.connectedCallback();
		this.themed.observe(document.documentElement, { attributeFilter: ['style'] });
		this.themed.observe(document.body, { attributeFilter: ['class'] });
		this.resized.observe(this);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.resized.disconnect();
		this.themed.disconnect();
		this.plot?.destroy();
		this.plot = undefined;
	}

	/** The picture, for export. */
	get canvas(): HTMLCanvasElement | undefined {
		return this.plot?.ctx.canvas;
	}

	private get size() {
		return { width: Math.max(80, this.clientWidth), height: Math.max(60, this.clientHeight) };
	}

	private get data() {
		const lines = this.lines.map(({ points: { times, values } }) => ({
			times,
			values: this.scale === 'own' ? percent(values) : values,
		}));
		return align(lines) as uPlot.AlignedData;
	}

	protected override updated(changed: PropertyValues<this>) {
		if (this.clientWidth === 0) return;
		const colors = this.lines.map(({ color }) => color);
		const look = JSON.stringify([colors, this.scale]);
		if (!this.plot || look !== this.look) {
			this.plot?.destroy();
			this.look = look;
			const options = plotOptions({ element: this, ...this.size, colors, scale: this.scale, onTime: this.moved });
			this.plot = new uPlot(options, this.data, this.box);
		} else if (changed.has('lines')) this.plot.setData(this.data);
	}

	private readonly moved = (time: number | undefined) => {
		if (time === this.time) return;
		this.time = time;
		this.onTime(time);
		this.requestUpdate();
	};

	/** Moves the cursor to a point of time in the data. */
	private moveTo(at: number) {
		const { plot } = this;
		const time = plot?.data[0][at];
		if (!plot || time === undefined) return;
		plot.setCursor({ left: plot.valToPos(time, 'x'), top: plot.over.clientHeight / 2 });
	}

	private readonly onKey = (event: KeyboardEvent) => {
		const { plot } = this;
		if (!plot) return;
		const last = plot.data[0].length - 1;
		const at = plot.cursor.idx;
		const by = event.shiftKey ? 10 : 1;
		const clamp = (to: number) => Math.min(last, Math.max(0, to));
		if (event.key === 'ArrowLeft') this.moveTo(clamp((at ?? last + 1) - by));
		else if (event.key === 'ArrowRight') this.moveTo(clamp((at ?? last) + by));
		else if (event.key === 'Home') this.moveTo(0);
		else if (event.key === 'End') this.moveTo(last);
		else if (event.key === 'Enter' && at != null) this.choose();
		else if (event.key === 'Escape' && at != null) plot.setCursor({ left: -10, top: -10 });
		else return;
		event.preventDefault();
		event.stopPropagation();
	};

	/** Chooses the message of the point that is closest to the cursor, of the line that is closest in height. */
	private readonly choose = () => {
		const { plot, time } = this;
		if (!plot || time === undefined) return;
		const top = plot.cursor.top ?? 0;
		const near = this.lines.map((line, at) => {
			const index = plot.cursor.idxs?.[at + 1];
			const value = index == null ? undefined : plot.data[at + 1]?.[index];
			const found = index == null ? undefined : plot.data[0][index];
			const distance = value == null ? Number.POSITIVE_INFINITY : Math.abs(plot.valToPos(value, 'y') - top);
			return { distance, points: line.points, time: found === undefined ? undefined : found * 1000 };
		});
		const best = near.reduce((one, other) => (other.distance < one.distance ? other : one));
		const seq = best.points.seqs[best.points.times.findIndex((one) => Math.abs(one - (best.time ?? 0)) < 0.5)];
		if (seq !== undefined) this.onMessage(seq);
	};

	private valuesAt(time: number): string {
		const values = this.lines.map(({ name, points }) => {
			const at = nearest(points.times, time);
			return at === undefined ? name : `${name} ${precise(points.values[at] as number)}`;
		});
		return values.join(', ');
	}

	override render() {
		const { plot, time, summary } = this;
		const last = Math.max(0, (plot?.data[0].length ?? 1) - 1);
		const text = time === undefined ? summary : `${clock(time)}: ${this.valuesAt(time)}`;
		return html`<div class="plot" role="slider" tabindex="0" aria-label="Time in the chart" aria-valuemin="0" aria-valuemax=${last}
			aria-valuenow=${plot?.cursor.idx ?? last} aria-valuetext=${text} @keydown=${this.onKey} @click=${this.choose}></div>`;
	}
}
