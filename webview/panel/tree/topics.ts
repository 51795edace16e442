import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import type { TreeRow } from '../../../src/model/contracts/topic';
import { emit, emitFailure } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { icon } from '../../controls/icons';
import type { VirtualList, VisibleRange } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import { count } from '../../base/words';
import type { Menu, MenuItem } from '../../controls/menu';
import '../../controls/menu';
import type { Saved } from '../saved';
import type { Session } from '../session';
import { subscribeItems } from './node-menu';
import { rowHeight, topicRow, topicStyles } from './topic-row';
import { TreePages } from './tree-pages';

/** The topic tree. Says `mw-topic` with the row that was chosen, `mw-compose-to`, `mw-subscribe`, `mw-tree-state`. */
@customElement('mw-topics')
export class Topics extends LitElement {
	static override styles = [shared, controls, topicStyles];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) saved!: Saved['tree'];
	@state() private version = 0;
	@state() private active: number | undefined;
	@state() private filter = '';
	@query('mw-virtual-list') private list!: VirtualList;
	@query('mw-menu') private menu!: Menu;
	private pages!: TreePages;
	private selectedId: number | undefined;
	private ticker: ReturnType<typeof setInterval> | undefined;
	private timer: ReturnType<typeof setTimeout> | undefined;

	override connectedCallback() {
		super.connectedCallback();
		// Ages and rates go on while nothing arrives.
		this.ticker = setInterval(() => document.hidden || this.version++, 1000);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		clearInterval(this.ticker);
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('session')) {
			const redraw = () => {
				this.version++;
			};
			this.pages = new TreePages(this.session.remote, this.saved.expanded, redraw, (error) => emitFailure(this, error));
			this.setFilter(this.saved.filter);
		}
		if (changed.has('status')) {
			this.pages.refresh();
			void this.pages.reopen(this.status.topics);
		}
	}

	private setFilter(text: string) {
		if (text !== this.filter) this.list?.show(0);
		this.filter = text;
		const isPattern = this.session.describe.pattern?.isPattern(text) ?? false;
		this.pages.filter = text === '' ? undefined : { kind: isPattern ? 'pattern' : 'text', value: text };
		this.pages.refresh();
	}

	private keep() {
		const row = this.active === undefined ? undefined : this.pages.row(this.active);
		emit(this, 'mw-tree-state', {
			...this.saved,
			filter: this.filter,
			expanded: this.pages.paths,
			...((row?.path ?? this.saved.selected) === undefined ? {} : { selected: row?.path ?? this.saved.selected }),
		});
	}

	private readonly typed = (event: Event) => {
		const text = (event.target as HTMLInputElement).value;
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			this.setFilter(text);
			this.keep();
		}, 120);
	};

	private choose(position: number, andFilter: boolean) {
		this.active = position;
		const row = this.pages.row(position);
		if (!row) return;
		this.selectedId = row.id;
		if (andFilter) emit(this, 'mw-topic', row);
		this.keep();
	}

	private toggle(row: TreeRow, open: boolean) {
		this.pages.toggle(row, open);
		this.keep();
	}

	private rowAt(event: Event): { row: TreeRow; position: number } | undefined {
		const line = (event.target as Element).closest<HTMLElement>('[data-position]');
		const position = Number(line?.dataset.position);
		const row = line ? this.pages.row(position) : undefined;
		return row && { row, position };
	}

	private readonly onClick = (event: MouseEvent) => {
		const hit = this.rowAt(event);
		if (!hit) return;
		const target = event.target as Element;
		if (target.closest('.twisty') && hit.row.expandable) return this.toggle(hit.row, !hit.row.expanded);
		this.choose(hit.position, true);
		if (target.closest('.actions')) this.openMenu(hit.row, event.clientX, event.clientY);
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const hit = this.rowAt(event);
		if (!hit) return;
		event.preventDefault();
		this.active = hit.position;
		this.openMenu(hit.row, event.clientX, event.clientY);
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const row = this.active === undefined ? undefined : this.pages.row(this.active);
		if (!row || this.active === undefined) return;
		if (event.key === 'ArrowRight') {
			if (row.expandable && !row.expanded) this.toggle(row, true);
			else if (row.expanded) this.choose(this.active + 1, false);
		} else if (event.key === 'ArrowLeft') {
			if (row.expanded && !this.pages.filter) this.toggle(row, false);
			else this.toParent(row);
		} else if (event.key === 'Enter' || event.key === ' ') this.choose(this.active, true);
		else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
			const box = this.renderRoot.querySelector(`#topic-${this.active}`)?.getBoundingClientRect();
			this.openMenu(row, box?.left ?? 0, box?.bottom ?? 0);
		} else return;
		event.preventDefault();
	};

	private toParent(row: TreeRow) {
		for (let position = (this.active ?? 0) - 1; position >= this.pages.offset; position--) {
			const above = this.pages.row(position);
			if (above && above.depth < row.depth) {
				this.list.show(position);
				return this.choose(position, false);
			}
		}
	}

	private openMenu(row: TreeRow, x: number, y: number) {
		const { describe, remote } = this.session;
		const { words, subscription, retained, pattern } = describe;
		const failed = (error: unknown) => emitFailure(this, error);
		const items: MenuItem[] = [{ label: `Copy the ${words.target}`, run: () => remote.copy(row.path).catch(failed) }];
		if (describe.verbs.some((verb) => verb.target !== 'none'))
			items.push({ label: `${words.send} here`, run: () => emit(this, 'mw-compose-to', { target: row.path }) });
		items.push(...subscribeItems(this, describe, { target: row.path }));
		const below = row.below > 0 ? pattern?.below?.(row.path) : undefined;
		// One item only: the ways to receive are chosen for the target itself.
		if (subscription && !subscription.modes && below !== undefined)
			items.push({
				label: `${words.subscribe} to all below`,
				run: () => emit(this, 'mw-subscribe', { target: below }),
			});
		if (retained) items.push({ label: 'Clear retained…', run: () => remote.clearRetained(row.path).catch(failed) });
		void this.menu.open(items, x, y, () => this.list.focus());
	}

	/** Opens the way to a topic and selects it. */
	async reveal(path: string) {
		this.setFilter('');
		const id = await this.pages.open(path).catch((error) => emitFailure(this, error));
		if (id === undefined) return;
		this.selectedId = id;
		this.version++;
	}

	override focus() {
		this.list.focus();
	}

	override render() {
		const { pages, session, status } = this;
		const { words, pattern } = session.describe;
		const now = Date.now();
		const none = pages.total === 0;
		return html`<div class="bar"><input class="text" spellcheck="false" aria-label=${`Find ${words.targets}`} placeholder=${`Find ${words.targets}`}
				title=${pattern?.help ?? nothing} .value=${this.filter} @input=${this.typed}>
				<button class="tool" title="Collapse all" aria-label="Collapse all" @click=${() => {
					this.pages.collapseAll();
					this.keep();
				}}>${icon('collapse-all')}</button></div>
			<div class="rows">
				${none ? html`<div class="none dim">${this.filter ? `No ${words.target} fits.` : `The ${words.targets} of the ${words.messages} that arrive are listed here.`}</div>` : nothing}
				<mw-virtual-list role="tree" aria-label=${words.targets} aria-activedescendant=${this.active === undefined ? nothing : `topic-${this.active}`}
					.rowHeight=${rowHeight} .low=${0} .high=${pages.total} .active=${this.active} .version=${`${this.version} ${this.active}`}
					.row=${(position: number) => topicRow(pages, position, { now, active: this.active, selectedId: this.selectedId, retained: session.describe.retained?.flag ?? 0 })}
					@mw-range=${(event: CustomEvent<VisibleRange>) => pages.show(event.detail)}
					@mw-active=${(event: CustomEvent<number>) => this.choose(event.detail, false)}
					@click=${this.onClick} @contextmenu=${this.onContextMenu} @keydown=${this.onKey}></mw-virtual-list></div>
			<div class="foot dim">${count(status.topics, words.target, words.targets)}</div>
			<mw-menu></mw-menu>`;
	}
}
