import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Direction } from '../../../src/model/contracts/message';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { middleCut, middleCutStyles } from '../../controls/middle-cut';
import { toolButton } from '../../controls/tool-button';
import { chatButton } from '../chat/toggle';
import { chosenMarks } from '../marks/marked';
import { allDirections, type FilterState, isFiltering, noFilter } from '../saved';
import type { PanelStore } from '../store';
import { rangeText } from '../timeline/axis';
import { timelineButton } from '../timeline/toggle';
import { keysOf } from './log-commands';
import { wayIcons } from './log-row';

const names: Record<Direction, string> = { in: 'Received', out: 'Sent', note: 'Notes' };

/** Time without typing after which a search starts. Milliseconds. */
const typingPause = 150;

/** The filter of the log, and the buttons that pause and clear it. */
@customElement('mw-filter-bar')
export class FilterBar extends LitElement {
	static override styles = [
		shared,
		controls,
		middleCutStyles,
		css`
			:host { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; padding: 4px 8px; flex: none; position: relative; }
			.box { position: relative; flex: 1 1 130px; min-width: 0; display: flex; }
			.box input { width: 100%; }
			.box.text input { padding-inline-end: 54px; }
			.toggles { position: absolute; right: 2px; top: 2px; display: flex; }
			.below { display: flex; align-items: center; gap: 4px; flex: 1 1 200px; min-width: 0; height: 26px; padding: 0 4px 0 8px; border-radius: 2px;
				color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
			.below.time { flex: 0 1 auto; font-variant-numeric: tabular-nums; }
			.problem { flex-basis: 100%; color: var(--bad); font-size: 0.92em; }
			.progress { position: absolute; left: 0; bottom: 0; height: 2px; background: var(--vscode-progressBar-background); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) filter!: FilterState;
	@property({ type: Boolean }) paused = false;
	@property({ type: Boolean }) timeline = true;
	@property({ type: Boolean }) chat = false;
	/** Part of the log that has been searched, 0 to 1. */
	@property({ type: Number }) searched = 1;
	onPause: () => void = () => {};
	onFind: () => void = () => {};
	/** Opens the menu of the log at its button. */
	onMenu: (at: HTMLElement) => void = () => {};
	/** Why the filter shows nothing, or not everything. */
	@property() failure: string | undefined;
	@state() private problem: string | undefined;
	private timer: ReturnType<typeof setTimeout> | undefined;

	private change(change: Partial<FilterState>) {
		this.store.keep({ filter: { ...this.filter, ...change } });
	}

	private afterTyping(action: (text: string) => void) {
		return (event: Event) => {
			const text = (event.target as HTMLInputElement).value;
			clearTimeout(this.timer);
			this.timer = setTimeout(() => action(text), typingPause);
		};
	}

	private toTarget(value: string): FilterState['target'] {
		this.problem = undefined;
		if (value === '') return undefined;
		const { pattern } = this.store.describe;
		if (!pattern?.isPattern(value)) return { kind: 'text', value };
		try {
			pattern.compile(value);
			return { kind: 'pattern', value };
		} catch (error) {
			this.problem = error instanceof Error ? error.message : String(error);
			return { kind: 'text', value };
		}
	}

	private toggle(which: Direction) {
		const shown = allDirections.filter((one) => (one === which) !== this.filter.directions.includes(one));
		this.change({ directions: shown.length > 0 ? shown : [...allDirections] });
	}

	/** A target that was chosen from a tree or a message, with a button that removes it. */
	private chosenTarget(value: string, andBelow: boolean) {
		const name = visible(value);
		const { targets } = this.store.describe.words;
		return html`<div class="below" title=${`Only ${name}${andBelow ? ' and below' : ''}`}>${icon('filter')}
			<span class="grow">${middleCut(value, this.store.describe.separator)}</span>
			${toolButton('close', `Show all ${targets}`, () => this.change({ target: undefined }))}</div>`;
	}

	private target() {
		const { target } = this.filter;
		const { words, pattern } = this.store.describe;
		if (target && (target.kind === 'below' || target.kind === 'exact'))
			return this.chosenTarget(target.value, target.kind === 'below');
		const label = `Filter by ${words.target}`;
		const typed = this.afterTyping((text) => this.change({ target: this.toTarget(text) }));
		return html`<div class="box"><input class="text" spellcheck="false" aria-label=${label} placeholder=${label}
			title=${pattern?.help ?? nothing} .value=${target?.value ?? ''} @input=${typed}></div>`;
	}

	/** The time that was chosen in the timeline, with a button that removes it. */
	private chosenTime() {
		const { from, to, ...rest } = this.filter;
		if (from === undefined || to === undefined) return nothing;
		const text = rangeText(from, to);
		return html`<div class="below time" title=${`Only ${text}`}>${icon('history')}<span class="cut grow">${text}</span>
			${toolButton('close', 'Show All Times', () => this.store.keep({ filter: rest }))}</div>`;
	}

	private text() {
		const { text, matchCase, regex = false } = this.filter;
		return html`<div class="box text"><input class="text" spellcheck="false" aria-label="Filter by text"
			placeholder="Filter by text" .value=${text} @input=${this.afterTyping((typed) => this.change({ text: typed }))}>
			<span class="toggles">${toolButton('case-sensitive', 'Match case', () => this.change({ matchCase: !matchCase }), { pressed: matchCase })}
			${toolButton('regex', 'Use regular expression', () => this.change({ regex: !regex }), { pressed: regex })}</span></div>`;
	}

	private buttons() {
		const { store, filter, paused } = this;
		const clear = () => store.keep({ filter: noFilter() });
		const clearButton = () =>
			html`<button class="tool" title="Clear Filter" aria-label="Clear Filter" @click=${clear}>${icon('filter')}${icon('close')}</button>`;
		const pauseButton = () =>
			toolButton(paused ? 'play' : 'debug-pause', 'Pause', () => this.onPause(), {
				...{ pressed: paused, title: paused ? 'Resume' : 'Pause' },
			});
		const menu = (event: Event) => this.onMenu(event.currentTarget as HTMLElement);
		return html`<div class="row">${allDirections.map((way) =>
			toolButton(wayIcons[way], names[way], () => this.toggle(way), { pressed: filter.directions.includes(way) }),
		)}
			${isFiltering(filter) ? clearButton() : nothing}
			${toolButton('search', 'Find Text', () => this.onFind(), { title: `Find (${keysOf('F')})` })}
			${store.recording ? nothing : pauseButton()}
			${chatButton(store, this.chat)}${timelineButton(store, this.timeline)}
			${store.recording ? nothing : toolButton('clear-all', 'Clear Log', () => store.run(store.remote.clear()))}
			<button class="tool" title="More Log Actions…" aria-label="More Log Actions…" aria-haspopup="menu" @click=${menu}>${icon('ellipsis')}</button></div>`;
	}

	private progress() {
		const percent = this.searched * 100;
		return html`<div class="progress" role="progressbar" aria-label="Searching" aria-valuenow=${Math.floor(percent)}
			${place({ width: `${percent}%` })}></div>`;
	}

	override render() {
		const problem = this.problem ?? this.failure;
		return html`${this.target()}${chosenMarks(this.store, this.filter)}${this.chosenTime()}${this.text()}${this.buttons()}
			${problem ? html`<div class="problem" role="alert">${problem}</div>` : nothing}
			${this.searched < 1 ? this.progress() : nothing}`;
	}
}
