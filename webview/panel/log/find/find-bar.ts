import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { TextQuery } from '../../../../src/model/contracts/message';
import { controls, shared } from '../../../base/styles';
import { number } from '../../../base/words';
import { toolButton } from '../../../controls/tool-button';
import { type FilterState, toLogFilter } from '../../saved';
import type { PanelStore } from '../../store';
import { Finder } from './finder';

/** Time without typing after which a search starts. Milliseconds. */
const typingPause = 80;

/** Finds a text in the log without hiding other messages, like the find widget of the editor. */
@customElement('mw-find-bar')
export class FindBar extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 4px; padding: 3px 8px; flex: none;
				color: var(--vscode-editorWidget-foreground, inherit); background: var(--vscode-editorWidget-background, transparent);
				border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
			.box { position: relative; flex: 0 1 320px; min-width: 120px; display: flex; }
			.box input { width: 100%; padding-inline-end: 54px; }
			.toggles { position: absolute; right: 2px; top: 2px; display: flex; }
			.count { min-width: 11ch; font-variant-numeric: tabular-nums; }
			.problem { flex-basis: 100%; text-align: end; color: var(--bad); font-size: 0.92em; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	/** The filter of the log, in which is searched. */
	@property({ attribute: false }) filter!: FilterState;
	/** The line where a search starts; undefined: at the newest. */
	near: () => number | undefined = () => undefined;
	/** Shows a match. `chosen`: the user went to it, rather than typed. */
	onReach: (seq: number, chosen: boolean) => void = () => {};
	/** The matches have changed. */
	onChanged: () => void = () => {};
	onClose: () => void = () => {};
	@state() private text = '';
	@state() private matchCase = false;
	@state() private regex = false;
	@state() private version = 0;
	@query('input') private input!: HTMLInputElement;
	private finder: Finder | undefined;
	private timer: ReturnType<typeof setTimeout> | undefined;
	/** Where the first search of this text began. */
	private start: number | undefined;

	get isFinding(): boolean {
		return this.finder?.query !== undefined;
	}

	get query(): TextQuery {
		return { text: this.text, matchCase: this.matchCase, regex: this.regex };
	}

	/** The line of the current match. */
	get current(): number | undefined {
		return this.finder?.current?.seq;
	}

	/** Focuses the input and selects its text. */
	async open() {
		await this.updateComplete;
		this.start = this.near();
		this.input.focus();
		this.input.select();
		if (this.text !== '') this.search();
	}

	/** New messages may match. */
	refresh() {
		this.finder?.refresh();
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		clearTimeout(this.timer);
		this.finder?.stop();
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('store'))
			this.finder = new Finder(
				this.store.remote,
				() => {
					this.version++;
					this.onChanged();
				},
				(seq) => this.onReach(seq, false),
				(error) => this.store.show(error),
			);
		else if (changed.has('filter') && this.isFinding) this.search();
	}

	private search() {
		this.finder?.search(this.query, toLogFilter(this.filter), this.start);
		this.version++;
		this.onChanged();
	}

	private readonly onInput = () => {
		this.text = this.input.value;
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.search(), typingPause);
	};

	private toggle(which: 'matchCase' | 'regex') {
		this[which] = !this[which];
		this.search();
	}

	/** Goes to the next or the previous match. */
	async step(by: 1 | -1) {
		try {
			const seq = await this.finder?.step(by);
			if (seq === undefined) return;
			this.start = seq;
			this.onReach(seq, true);
		} catch (error) {
			this.store.show(error);
		}
	}

	private readonly onKey = (event: KeyboardEvent) => {
		const plainAlt = event.altKey && !event.ctrlKey && !event.metaKey;
		if (event.key === 'Escape') this.onClose();
		else if (event.key === 'F3' || (event.key === 'Enter' && event.target === this.input))
			void this.step(event.shiftKey ? -1 : 1);
		else if (plainAlt && event.code === 'KeyC') this.toggle('matchCase');
		else if (plainAlt && event.code === 'KeyR') this.toggle('regex');
		else return;
		event.preventDefault();
		event.stopPropagation();
	};

	/** Shows the matches only, and closes the bar. */
	private readonly toFilter = () => {
		const { store, query } = this;
		store.keep({ filter: { ...store.saved.filter, ...query } });
		this.onClose();
	};

	private count() {
		const { finder, version } = this;
		if (!finder || version < 0 || this.text === '') return '';
		const { low, high, searched, problem } = finder;
		const total = high - low;
		const more = searched < 1 ? '+' : '';
		if (total > 0) return `${finder.number === undefined ? '?' : number(finder.number)} of ${number(total)}${more}`;
		return searched < 1 && !problem ? `Searching: ${Math.floor(searched * 100)} %` : 'No results';
	}

	override render() {
		const { finder, matchCase, regex } = this;
		const problem = finder?.problem;
		const none = !finder || finder.high <= finder.low;
		return html`<div class="box" @keydown=${this.onKey}><input class="text" spellcheck="false" aria-label="Find in log" placeholder="Find in log"
				aria-invalid=${problem ? 'true' : nothing} .value=${this.text} @input=${this.onInput}>
				<span class="toggles">${toolButton('case-sensitive', 'Match case', () => this.toggle('matchCase'), { pressed: matchCase })}
				${toolButton('regex', 'Use regular expression', () => this.toggle('regex'), { pressed: regex })}</span></div>
			<span class="count" role="status">${this.count()}</span>
			<span class="row" @keydown=${this.onKey}>
			${toolButton('arrow-up', 'Previous Match', () => this.step(-1), { disabled: none, title: 'Previous Match (Shift+Enter)' })}
			${toolButton('arrow-down', 'Next Match', () => this.step(1), { disabled: none, title: 'Next Match (Enter)' })}
			${toolButton('filter', 'Filter by This', this.toFilter, { disabled: this.text === '', title: 'Show only matching messages' })}
			${toolButton('close', 'Close Find', () => this.onClose(), { title: 'Close (Escape)' })}</span>
			${problem ? html`<div class="problem" role="alert">${problem}</div>` : nothing}`;
	}
}
