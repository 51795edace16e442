import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { clock, count, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { Menu } from '../../controls/menu';
import { toolButton } from '../../controls/tool-button';
import type { PanelStore } from '../store';
import type { ChartState } from './chart-state';
import { fieldLabel, type LegendLine, legend, legendStyles, lineSummary } from './legend';
import { chartPicture, pictureTitle } from './picture';
import type { Plot, PlotLine } from './plot';
import { PointLoader } from './points';
import { within } from './statistics';
import '../../controls/menu';
import '../../controls/split';
import './plot';

/** Times that can be shown, in milliseconds; undefined: everything. */
const spans: [label: string, span: number | undefined][] = [
	['All', undefined],
	['10 s', 10_000],
	['1 min', 60_000],
	['10 min', 600_000],
	['1 h', 3_600_000],
];
/** Limits of the height. Pixels. */
const heights = { min: 140, max: 800 };

/** The pinned chart: a section below the tree, or in front of the whole panel. */
@customElement('mw-charts')
export class Charts extends LitElement {
	static override styles = [
		shared,
		controls,
		legendStyles,
		css`
			:host { display: block; flex: none; min-height: 0; min-width: 0; max-height: 75%; }
			section { display: flex; flex-direction: column; min-height: 0; height: 100%; color: inherit; }
			section:popover-open { position: fixed; inset: 0; width: 100vw; height: 100vh; max-width: none; max-height: none; margin: 0; padding: 8px;
				border: 0; background: var(--vscode-editor-background); color: var(--vscode-foreground); }
			.head { display: flex; align-items: center; gap: 2px; flex: none; min-height: 26px; padding: 0 6px 0 4px;
				border-top: 1px solid var(--line); background: var(--vscode-sideBarSectionHeader-background, transparent); }
			section:popover-open .head, .resized + section .head { border-top: 0; }
			.fold { display: flex; align-items: center; gap: 2px; min-width: 0; height: 22px; padding: 0 2px; border: 0; background: none; cursor: pointer;
				color: inherit; font: inherit; font-weight: 600; }
			h2 { margin: 0; font: inherit; font-weight: 600; }
			.head select { height: 22px; padding: 0 2px; font-size: 0.92em; }
			mw-plot { flex: 1 1 100px; min-height: 90px; }
			.words { flex: none; max-height: 50%; overflow: auto; }
			section:popover-open .words { max-height: 40%; }
			.time { padding: 0 8px 3px; color: var(--dim); font-variant-numeric: tabular-nums; }
			.none { flex: 1 1 60px; padding: 12px; text-align: center; color: var(--dim); line-height: 1.5; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) charts!: ChartState;
	/** In front of the whole panel. */
	@state() private isLarge = false;
	/** The time at the cursor. */
	@state() private time: number | undefined;
	@query('mw-plot') private plot!: Plot | null;
	@query('section') private section!: HTMLElement;
	@query('mw-menu') private menu!: Menu;
	private loader: PointLoader | undefined;
	/** The fields with the points of the chosen time, and those of them that are drawn. Both stay the same until the points change. */
	private lines: LegendLine[] = [];
	private drawn: PlotLine[] = [];

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.loader?.stop();
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		const { store } = this;
		this.loader ??= new PointLoader(
			store.remote,
			() => this.loaded(),
			(error) => store.show(error),
		);
		if (changed.has('charts')) this.collect();
		if (!this.charts.isOpen && !this.isLarge) this.loader.stop();
		else if (changed.has('status') || changed.has('charts') || !this.hasUpdated) this.loader.want(this.charts.fields);
	}

	private loaded() {
		this.collect();
		this.requestUpdate();
	}

	private collect() {
		const { fields, span } = this.charts;
		const all = fields.map((field) => ({ field, points: this.loader?.of(field) }));
		const end = Math.max(...all.map(({ points }) => points?.times.at(-1) ?? 0));
		this.lines = all.map(({ field, points }) => ({ field, points: points && within(points, span, end) }));
		this.drawn = this.lines.flatMap(({ field, points }) =>
			points && points.values.length > 1 ? [{ name: fieldLabel(field), color: field.color, points }] : [],
		);
	}

	private readonly enlarge = async () => {
		this.isLarge = !this.isLarge;
		await this.updateComplete;
		if (this.isLarge) this.section.showPopover();
	};

	private readonly toggled = (event: ToggleEvent) => {
		if (event.newState === 'closed') this.isLarge = false;
	};

	private readonly savePicture = async () => {
		const canvas = this.plot?.canvas;
		if (!canvas) return;
		const { lines } = this;
		const title = pictureTitle(visible(this.store.profile.name), lines);
		await this.store.remote.savePicture(await chartPicture(this, title, canvas, lines));
	};

	private readonly more = (event: Event) => {
		const { store, charts } = this;
		const button = event.currentTarget as HTMLElement;
		const fields = charts.fields.map(({ target, way, path }) => ({ target, way, path }));
		void this.menu.open(
			[
				...(this.plot
					? [{ label: 'Save Chart as PNG…', icon: icon('file-media'), run: () => store.run(this.savePicture()) }]
					: []),
				{
					label: 'Save Numbers as CSV…',
					icon: icon('table'),
					run: () => store.run(store.remote.saveNumbers(fields)),
				},
				{ label: 'Remove All from Chart', icon: icon('clear-all'), run: () => store.charts.change({ fields: [] }) },
			],
			button,
			() => button.focus(),
		);
	};

	private head() {
		const { store, charts, isLarge } = this;
		const { isOpen, scale, span, fields } = charts;
		const choose = (event: Event) =>
			store.charts.change({ span: spans[(event.target as HTMLSelectElement).selectedIndex]?.[1] });
		const tools = html`<select aria-label="Time that is shown" title="Time that is shown" @change=${choose}>${spans.map(
			([label, one]) => html`<option .selected=${one === span}>${label}</option>`,
		)}</select>
			${toolButton('percentage', 'Scale Each Line from 0 to 100 %', () => store.charts.change({ scale: scale === 'own' ? 'shared' : 'own' }), { pressed: scale === 'own' })}
			${toolButton(isLarge ? 'screen-normal' : 'screen-full', isLarge ? 'Restore Size' : 'Enlarge', this.enlarge)}
			${toolButton('ellipsis', 'More Actions', this.more)}`;
		const title = html`<span class="cut">Chart</span>`;
		const fold = html`<button class="fold" aria-expanded=${isOpen} title=${count(fields.length, 'field', 'fields')}
			@click=${() => store.charts.change({ isOpen: !isOpen })}>${icon(isOpen ? 'chevron-down' : 'chevron-right')}${title}</button>`;
		return html`<div class="head">${isLarge ? html`<h2>${title}</h2>` : fold}<span class="grow"></span>${isOpen || isLarge ? tools : nothing}</div>`;
	}

	private body() {
		const { charts, lines, drawn } = this;
		const summary = lines.map(({ field, points }) => lineSummary(fieldLabel(field), points)).join('; ');
		const plot = html`<mw-plot .lines=${drawn} .scale=${charts.scale} .summary=${summary}
			.onTime=${(at: number | undefined) => {
				this.time = at;
			}} .onMessage=${(seq: number) => this.show(seq)}></mw-plot>`;
		if (drawn.length === 0)
			return html`<div class="none">The chart starts with the second number.</div>${this.words()}`;
		return html`${plot}${this.words()}`;
	}

	/** The time at the cursor, or the times that are shown, and the legend. */
	private words() {
		const { store, time, lines, drawn } = this;
		const first = Math.min(...drawn.map(({ points }) => points.times[0] ?? 0));
		const last = Math.max(...drawn.map(({ points }) => points.times.at(-1) ?? 0));
		const range = () => `${clock(first)} – ${clock(last)}`;
		return html`<div class="words">${drawn.length === 0 ? nothing : html`<div class="time">${time === undefined ? range() : clock(time)}</div>`}
			${legend(lines, drawn.length > 0 ? time : undefined, (field) => store.charts.remove(field))}</div>`;
	}

	private show(seq: number) {
		if (this.isLarge) this.section.hidePopover();
		this.store.showMessage(seq);
	}

	override render() {
		const { store, charts, isLarge } = this;
		const { isOpen, height } = charts;
		const resize = (height: number) => store.charts.change({ height });
		const split = html`<mw-split class="resized" .orientation=${'horizontal'} aria-label="Height of the chart"
			.size=${{ value: height, ...heights }} .trailing=${true} .onSize=${resize}></mw-split>`;
		const size = isOpen && !isLarge ? `${height}px` : 'auto';
		return html`${isOpen && !isLarge ? split : nothing}<section aria-label="Chart" popover=${isLarge ? 'auto' : nothing}
			@toggle=${this.toggled} ${place({ height: isLarge ? '' : size })}>${this.head()}${isOpen || isLarge ? this.body() : nothing}</section>
			<mw-menu></mw-menu>`;
	}
}
