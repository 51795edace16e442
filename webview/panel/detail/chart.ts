import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import type { Series } from '../../../src/model/contracts/message';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { count, tick, visible } from '../../base/words';
import type { PanelStore } from '../store';

/** Maximum number of points. */
const maxPoints = 500;
/** Minimum time between two drawings. Milliseconds. */
const drawPause = 500;
/** Pixels. */
const height = 140;

const short = (value: number) => String(Number(value.toPrecision(6)));

/** The numbers at one path of the messages on a target, over time. */
@customElement('mw-chart')
export class Chart extends LitElement {
	static override styles = [
		shared,
		controls,
		// The rules of uPlot's own style sheet for the parts that are used: a style sheet of the document does not reach a shadow root.
		css`
			:host { display: block; }
			select { flex: none; max-width: 60%; }
			.plot { height: 150px; overflow: hidden; }
			.uplot, .uplot * { box-sizing: border-box; }
			.uplot { width: min-content; }
			.u-wrap { position: relative; user-select: none; }
			.u-over, .u-under { position: absolute; }
			.u-under { overflow: hidden; }
			.uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
			.u-axis { position: absolute; }
			.u-select { position: absolute; pointer-events: none; background: var(--vscode-editor-selectionBackground); }
			.u-cursor-x, .u-cursor-y { position: absolute; left: 0; top: 0; pointer-events: none; }
			.u-hz .u-cursor-x { height: 100%; border-right: 1px dashed var(--dim); }
			.u-hz .u-cursor-y { width: 100%; border-bottom: 1px dashed var(--dim); }
			.u-cursor-pt { position: absolute; top: 0; left: 0; border-radius: 50%; pointer-events: none; }
			.u-off { display: none; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ type: Number }) seq!: number;
	@property({ attribute: false }) paths: readonly string[] = [];
	/** A new value reports that messages may have arrived. */
	@property({ attribute: false }) revision: unknown;
	@state() private path = '';
	/** The values in words. */
	@state() private summary = '';
	@query('.plot') private plot!: HTMLElement;
	private chart: uPlot | undefined;
	private last = 0;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private readonly questions = new Latest<{ seq: number; path: string }, Series>(
		({ seq, path }) => this.store.remote.series(seq, path, maxPoints),
		(series) => this.draw(series),
		(error) => this.store.show(error),
	);
	private readonly resized = new ResizeObserver(() => this.chart?.setSize({ width: this.clientWidth, height }));

	override connectedCallback() {
		super.connectedCallback();
		this.resized.observe(this);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.resized.disconnect();
		clearTimeout(this.timer);
		this.timer = undefined;
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!this.paths.includes(this.path)) this.path = this.paths[0] ?? '';
		if (changed.has('revision') || changed.has('seq') || changed.has('path' as keyof Chart)) this.soon();
	}

	private soon() {
		this.timer ??= setTimeout(
			() => {
				this.timer = undefined;
				this.last = performance.now();
				this.questions.want({ seq: this.seq, path: this.path });
			},
			Math.max(0, this.last + drawPause - performance.now()),
		);
	}

	private draw({ times, values, cut }: Series) {
		const latest = values.at(-1);
		this.summary =
			latest === undefined
				? 'no numbers'
				: `latest ${short(latest)}, lowest ${short(Math.min(...values))}, highest ${short(Math.max(...values))}, ${count(values.length, 'point', 'points')}`;
		if (cut) this.summary += ` (${cut})`;
		const data: uPlot.AlignedData = [times.map((time) => time / 1000), values];
		if (this.chart) this.chart.setData(data);
		else this.chart = this.create(data);
	}

	private create(data: uPlot.AlignedData): uPlot {
		const color = (name: string, other: string) => getComputedStyle(this).getPropertyValue(name).trim() || other;
		const stroke = () => color('--vscode-foreground', '#888');
		const grid = { stroke: () => color('--vscode-editorIndentGuide-background1', '#8884'), width: 1, dash: [2, 3] };
		return new uPlot(
			{
				width: this.clientWidth,
				height,
				legend: { show: false },
				cursor: { drag: { x: false, y: false } },
				series: [{}, { stroke: () => color('--vscode-charts-blue', '#3794ff'), width: 1.5, points: { size: 4 } }],
				axes: [
					{ stroke, grid, ticks: grid, size: 28 },
					{
						stroke,
						grid,
						ticks: grid,
						// Fits the longest number.
						size: (_, values) => 24 + 7.5 * Math.max(4, ...(values ?? []).map((one) => one.length)),
						values: (_, values, _axis, _space, step) => values.map((one) => tick(one, step)),
					},
				],
			},
			data,
			this.plot,
		);
	}

	private choice() {
		const label = (path: string) => (path === '' ? 'payload' : visible(path));
		if (this.paths.length < 2) return html`<span>${label(this.path)}</span>`;
		const change = (event: Event) => {
			this.path = this.paths[(event.target as HTMLSelectElement).selectedIndex] ?? '';
		};
		return html`<select aria-label="Number to draw" @change=${change}>${this.paths.map(
			(path) => html`<option .selected=${path === this.path}>${label(path)}</option>`,
		)}</select>`;
	}

	override render() {
		const { summary } = this;
		return html`<div class="row">${this.choice()}<span class="dim cut" title=${summary}>${summary}</span></div>
			<div class="plot" role="img" aria-label=${summary}></div>`;
	}
}
