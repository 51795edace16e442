import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Direction } from '../../../src/model/contracts/message';
import { emit } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { allDirections, type FilterState, isFiltering, noFilter } from '../saved';
import type { Session } from '../session';
import { wayIcons } from './log-row';

const names: Record<Direction, string> = { in: 'Received', out: 'Sent', note: 'Notes' };

/** What the log shows. Says `mw-filter`, `mw-pause` and `mw-clear`. */
@customElement('mw-filter-bar')
export class FilterBar extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; padding: 4px 8px; flex: none; position: relative; }
			.box { position: relative; flex: 1 1 130px; min-width: 0; display: flex; }
			.box input { width: 100%; }
			.box.text input { padding-inline-end: 30px; }
			.box button { position: absolute; right: 2px; top: 2px; }
			.below { display: flex; align-items: center; gap: 4px; flex: 1 1 130px; min-width: 0; height: 26px; padding: 0 4px 0 8px; border-radius: 2px;
				color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
			.below span { direction: rtl; text-align: left; }
			.problem { flex-basis: 100%; color: var(--bad); font-size: 0.92em; }
			.progress { position: absolute; left: 0; bottom: 0; height: 2px; background: var(--vscode-progressBar-background); }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) filter!: FilterState;
	@property({ type: Boolean }) paused = false;
	@property({ type: Number }) searched = 1;
	@state() private problem: string | undefined;
	private timer: ReturnType<typeof setTimeout> | undefined;

	private say(change: Partial<FilterState>) {
		emit(this, 'mw-filter', { ...this.filter, ...change });
	}

	/** Typing asks for a search when it pauses. */
	private soon(action: () => void) {
		clearTimeout(this.timer);
		this.timer = setTimeout(action, 150);
	}

	private readonly typedText = (event: Event) => {
		const text = (event.target as HTMLInputElement).value;
		this.soon(() => this.say({ text }));
	};

	private readonly typedTarget = (event: Event) => {
		const value = (event.target as HTMLInputElement).value;
		this.soon(() => this.say({ target: this.toTarget(value) }));
	};

	private toTarget(value: string): FilterState['target'] {
		this.problem = undefined;
		if (value === '') return undefined;
		const { pattern } = this.session.describe;
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
		this.say({ directions: shown.length > 0 ? shown : [...allDirections] });
	}

	private target() {
		const { target } = this.filter;
		const { words, pattern } = this.session.describe;
		if (target && (target.kind === 'below' || target.kind === 'exact'))
			return html`<div class="below" title=${`Only ${visible(target.value)}${target.kind === 'below' ? ' and below' : ''}`}>${icon('filter')}<span class="cut grow"><bdi>${visible(target.value)}</bdi></span>
				<button class="tool" aria-label=${`Show all ${words.targets}`} title=${`Show all ${words.targets}`} @click=${() => this.say({ target: undefined })}>${icon('close')}</button></div>`;
		return html`<div class="box"><input class="text" spellcheck="false" aria-label=${`Filter by ${words.target}`} placeholder=${`Filter by ${words.target}`}
			title=${pattern?.help ?? nothing} .value=${target?.value ?? ''} @input=${this.typedTarget}></div>`;
	}

	override render() {
		const { filter } = this;
		const way = (which: Direction, name: string) =>
			html`<button class="tool" aria-pressed=${filter.directions.includes(which)} title=${names[which]} aria-label=${names[which]}
				@click=${() => this.toggle(which)}>${icon(name)}</button>`;
		return html`${this.target()}
			<div class="box text"><input class="text" spellcheck="false" aria-label="Filter by text" placeholder="Filter by text" .value=${filter.text} @input=${this.typedText}>
				<button class="tool" aria-pressed=${filter.matchCase} title="Match case" aria-label="Match case" @click=${() => this.say({ matchCase: !filter.matchCase })}>${icon('case-sensitive')}</button></div>
			<div class="row">${way('in', wayIcons.in)}${way('out', wayIcons.out)}${way('note', wayIcons.note)}
				<button class="tool" ?disabled=${!isFiltering(filter)} title="Clear the filter" aria-label="Clear the filter" @click=${() => emit(this, 'mw-filter', noFilter())}>${icon('filter')}${icon('close')}</button>
				<button class="tool" aria-pressed=${this.paused} title=${this.paused ? 'Go on' : 'Pause the view'} aria-label="Pause the view" @click=${() => emit(this, 'mw-pause')}>${icon(this.paused ? 'play' : 'debug-pause')}</button>
				<button class="tool" title="Forget all messages" aria-label="Forget all messages" @click=${() => emit(this, 'mw-clear')}>${icon('clear-all')}</button></div>
			${this.problem ? html`<div class="problem" role="alert">${this.problem}</div>` : nothing}
			${this.searched < 1 ? html`<div class="progress" role="progressbar" aria-label="Searching" aria-valuenow=${Math.floor(this.searched * 100)} ${place({ width: `${this.searched * 100}%` })}></div>` : nothing}`;
	}
}
