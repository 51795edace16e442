import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ChartField } from '../../../src/model/contracts/message';
import { controls, shared } from '../../base/styles';
import { clock, count } from '../../base/words';
import { icon } from '../../controls/icons';
import { maxFields } from '../charts/chart-state';
import { lineSummary, pathLabel } from '../charts/legend';
import type { PlotLine } from '../charts/plot';
import { PointLoader, type Points } from '../charts/points';
import { nearest, precise, short, statistics } from '../charts/statistics';
import type { PanelStore } from '../store';
import '../charts/plot';

/** The numbers at one path of the messages on a target, over time. */
@customElement('mw-chart')
export class Chart extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; }
			select { flex: 0 1 auto; max-width: 60%; }
			.row { flex-wrap: wrap; }
			mw-plot { height: 150px; }
			.values { display: flex; flex-wrap: wrap; gap: 0 14px; min-height: 1.5em; margin-top: 2px; color: var(--dim);
				font-variant-numeric: tabular-nums; line-height: 1.5; }
			b { color: var(--vscode-foreground); font-weight: 600; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	/** The target and direction of the message. */
	@property() target = '';
	@property() way: 'in' | 'out' = 'in';
	@property({ attribute: false }) paths: readonly string[] = [];
	/** A new value reports that messages may have arrived. */
	@property({ attribute: false }) revision: unknown;
	/** A new value reports that the pinned chart has changed. */
	@property({ attribute: false }) pinned: unknown;
	@state() private path = '';
	/** The time at the cursor. */
	@state() private time: number | undefined;
	private loader: PointLoader | undefined;
	/** The same until the points change. */
	private lines: PlotLine[] = [];

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.loader?.stop();
	}

	private get field(): ChartField {
		const { target, way, path } = this;
		return { target, way, path };
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!this.paths.includes(this.path)) this.path = this.paths[0] ?? '';
		this.loader ??= new PointLoader(
			this.store.remote,
			() => this.requestUpdate(),
			(error) => this.store.show(error),
		);
		const own = changed as Map<PropertyKey, unknown>;
		if (['revision', 'target', 'way', 'path'].some((name) => own.has(name))) this.loader.want([this.field]);
	}

	private choice() {
		if (this.paths.length < 2) return html`<span>${pathLabel(this.path)}</span>`;
		const change = (event: Event) => {
			this.path = this.paths[(event.target as HTMLSelectElement).selectedIndex] ?? '';
		};
		return html`<select aria-label="Number to draw" @change=${change}>${this.paths.map(
			(path) => html`<option .selected=${path === this.path}>${pathLabel(path)}</option>`,
		)}</select>`;
	}

	private pinButton() {
		const { charts } = this.store;
		const { field } = this;
		const isPinned = charts.has(field);
		const isFull = !isPinned && charts.isFull;
		const title = isFull
			? `The pinned chart has ${maxFields} fields. Remove one first.`
			: isPinned
				? 'Remove from the pinned chart'
				: 'Keep this number in the chart below the tree';
		return html`<button class="tool" title=${title} aria-pressed=${isPinned} ?disabled=${isFull}
			@click=${() => (isPinned ? charts.remove(field) : charts.add(field))}>${icon(isPinned ? 'pinned' : 'pin')} Pin to Chart</button>`;
	}

	private words(points: Points) {
		const numbers = statistics(points);
		if (!numbers) return html`<span>No numbers in the log.</span>`;
		const { latest, lowest, highest } = numbers;
		if (numbers.count === 1)
			return html`<b>${short(latest)}</b><span>1 point – the chart starts with the next message</span>`;
		const at = this.time === undefined ? undefined : nearest(points.times, this.time);
		if (at !== undefined)
			return html`<b>${precise(points.values[at] as number)}</b><span>${clock(points.times[at] as number)}</span>`;
		return html`<span>latest <b>${short(latest)}</b></span><span>min ${short(lowest)}</span><span>max ${short(highest)}</span>
			<span>${count(numbers.count, 'point', 'points')}</span>${points.cut ? html`<span>${points.cut}</span>` : nothing}`;
	}

	override render() {
		const points = this.loader?.of(this.field);
		if (points && points !== this.lines[0]?.points) this.lines = [{ name: pathLabel(this.path), color: 0, points }];
		const hasLine = points !== undefined && points.values.length > 1;
		const name = pathLabel(this.path);
		const moved = (time: number | undefined) => {
			this.time = time;
		};
		const plot = () => html`<mw-plot .lines=${this.lines} .summary=${lineSummary(name, points)}
			.onTime=${moved} .onMessage=${(seq: number) => this.store.showMessage(seq)}></mw-plot>`;
		return html`<div class="row">${this.choice()}<span class="grow"></span>${this.pinButton()}</div>
			${hasLine ? plot() : nothing}<div class="values">${points ? this.words(points) : nothing}</div>`;
	}
}
