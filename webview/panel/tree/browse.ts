import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { emit } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { icon } from '../../controls/icons';
import type { VirtualList } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import { count, number } from '../../base/words';
import type { Menu } from '../../controls/menu';
import { BrowsePages, type BrowseRow } from './browse-pages';
import { browseRow } from './browse-row';
import { maxLists, Sweep } from './browse-sweep';
import '../../controls/menu';
import { isOpen, type Session } from '../session';
import { nodeMenu } from './node-menu';
import { rowHeight, topicStyles } from './topic-row';

/** Between two refreshes, however often the peer says that something has changed. Milliseconds. */
const atMostEvery = 1000;

/** What the peer has. Says what the menu of a node says, and `mw-browse-state`. */
@customElement('mw-browse-tree')
export class BrowseTree extends LitElement {
	static override styles = [
		shared,
		controls,
		topicStyles,
		css`
			.kind { flex: none; width: 20px; color: var(--dim); }
			.words { font-family: inherit; }
			.again { color: var(--vscode-textLink-foreground); margin-inline: 6px; white-space: nowrap; }
			.line.note { cursor: default; }
			.extent { display: flex; flex-wrap: wrap; gap: 2px 8px; line-height: 1.4; }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) expanded: readonly string[] = [];
	@state() private version = 0;
	@state() private active: string | undefined;
	@state() private filter = '';
	@query('mw-virtual-list') private list!: VirtualList;
	@query('mw-menu') private menu!: Menu;
	private pages!: BrowsePages;
	private sweep!: Sweep;
	private ticker: ReturnType<typeof setInterval> | undefined;
	private asked = 0;
	/** The peer's count of changes and the link, when it was asked last. */
	private told = '';

	override connectedCallback() {
		super.connectedCallback();
		this.ticker = setInterval(() => this.look(), atMostEvery);
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
			this.sweep?.stop();
			this.pages = new BrowsePages(this.session.remote, this.expanded, redraw);
			this.sweep = new Sweep(this.pages.lists, redraw);
		}
		if (changed.has('session') || changed.has('status')) this.look();
	}

	/** Asks again when the link is new, when the peer has said so, and after the protocol's time. */
	private look() {
		const { state } = this.status;
		if (document.hidden || !this.checkVisibility()) return;
		if (state.kind !== 'open') {
			if (this.told !== '') {
				this.sweep.stop();
				this.pages.forget();
			}
			this.told = '';
			return;
		}
		const now = Date.now();
		const every = this.session.describe.browse?.refreshMs ?? Number.POSITIVE_INFINITY;
		const told = `${state.since} ${this.status.browse}`;
		const isNew = this.told === '';
		if (!isNew && (now - this.asked < atMostEvery || (told === this.told && now - this.asked < every))) return;
		this.told = told;
		this.refresh();
	}

	private readonly refresh = () => {
		this.asked = Date.now();
		this.pages.refresh();
	};

	private get rows(): BrowseRow[] {
		return isOpen(this.status) ? this.pages.rows : [];
	}

	private get position(): number | undefined {
		const at = this.rows.findIndex((row) => row.key === this.active);
		return at < 0 ? undefined : at;
	}

	private toggle(row: BrowseRow, open: boolean) {
		this.pages.toggle(row.key, open);
		emit(this, 'mw-browse-state', [...this.pages.expanded]);
	}

	/** What Enter or a click on a row means. */
	private choose(row: BrowseRow) {
		this.active = row.key;
		if (row.kind === 'failed') void this.pages.lists.refresh(row.parent);
		else if (row.kind === 'rest') this.pages.more(row.parent);
		else if (row.kind === 'node' && row.node.target !== undefined)
			emit(this, 'mw-target-filter', { kind: 'below', value: row.node.target });
	}

	private hit(event: Event): BrowseRow | undefined {
		const line = (event.target as Element).closest<HTMLElement>('[data-position]');
		return line ? this.rows[Number(line.dataset.position)] : undefined;
	}

	private readonly onClick = (event: MouseEvent) => {
		const row = this.hit(event);
		const target = event.target as Element;
		if (!row) return;
		if (row.kind === 'node') {
			if (target.closest('.actions')) {
				this.active = row.key;
				return this.openMenu(row, event.clientX, event.clientY);
			}
			const twisty = target.closest('.twisty') !== null;
			if (row.node.expandable && (twisty || row.node.target === undefined)) this.toggle(row, !row.expanded);
			if (twisty) return;
		}
		this.choose(row);
	};

	/** A click on what can be opened and has messages shows those; a second one opens it. */
	private readonly onDoubleClick = (event: MouseEvent) => {
		const row = this.hit(event);
		const twisty = (event.target as Element).closest('.twisty, .actions') !== null;
		if (!twisty && row?.kind === 'node' && row.node.expandable && row.node.target !== undefined)
			this.toggle(row, !row.expanded);
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const row = this.hit(event);
		if (!row) return;
		event.preventDefault();
		this.active = row.key;
		this.openMenu(row, event.clientX, event.clientY);
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { position } = this;
		const row = position === undefined ? undefined : this.rows[position];
		if (!row || position === undefined) return;
		const open = row.kind === 'node' && row.expanded;
		if (event.key === 'ArrowRight') {
			if (row.kind === 'node' && row.node.expandable && !open) this.toggle(row, true);
			else if (open) this.activate(position + 1);
		} else if (event.key === 'ArrowLeft') {
			if (open && this.filter === '') this.toggle(row, false);
			else this.activate(this.rows.findLastIndex((one, at) => at < position && one.depth < row.depth));
		} else if (event.key === 'Enter' || event.key === ' ') this.choose(row);
		else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
			const box = this.renderRoot.querySelector(`#node-${position}`)?.getBoundingClientRect();
			this.openMenu(row, box?.left ?? 0, box?.bottom ?? 0);
		} else return;
		event.preventDefault();
	};

	private activate(position: number) {
		const row = this.rows[position];
		if (!row) return;
		this.active = row.key;
		this.list.show(position);
	}

	private readonly onFindKey = (event: KeyboardEvent) => {
		if (event.key === 'ArrowDown') {
			this.activate(0);
			this.list.focus();
		} else if (event.key === 'Enter' && this.pages.filter !== '') void this.sweep.run();
		else return;
		event.preventDefault();
	};

	private openMenu(row: BrowseRow, x: number, y: number) {
		if (row.kind !== 'node') return;
		const items = nodeMenu(this, this.session, row.node);
		void this.menu.open(items, x, y, () => this.list.focus());
	}

	override focus() {
		this.list.focus();
	}

	/** While something is looked for: where it was looked for, and where not. */
	private extent() {
		if (this.pages.filter === '' || !isOpen(this.status)) return nothing;
		const { listed, unread, failed } = this.pages.lists.extent();
		const silent = failed > 0 ? ` ${count(failed, 'place', 'places')} gave no answer.` : '';
		if (this.sweep.running)
			return html`<div class="foot extent dim"><span role="status">Looking: ${number(listed)} listed so far…</span><button class="link" @click=${() => this.sweep.stop()}>Stop</button></div>`;
		if (unread.length === 0)
			return html`<div class="foot extent dim" role="status">Looked through all ${number(listed)}.${silent}</div>`;
		return html`<div class="foot extent dim"><span role="status">Looked through the ${number(listed)} that are listed; ${count(unread.length, 'place is', 'places are')} not read to the end.${silent}</span>
			<button class="link" title=${`Asks the peer for what is there, in at most ${maxLists} requests (Enter)`} @click=${() => void this.sweep.run()}>Look there too</button></div>`;
	}

	private none() {
		if (!isOpen(this.status)) return html`<div class="none dim">Connect to see what is there.</div>`;
		if (this.filter !== '') return html`<div class="none dim">Nothing that is listed fits.</div>`;
		return html`<div class="none dim">There is nothing to list.</div>`;
	}

	override render() {
		const { rows, position } = this;
		const { browse } = this.session.describe;
		return html`<div class="bar"><input class="text" spellcheck="false" aria-label="Find" placeholder="Find" title="In names and descriptions"
				.value=${this.filter} @input=${(event: Event) => {
					this.filter = (event.target as HTMLInputElement).value;
					this.pages.filter = this.filter.trim();
					this.pages.draw();
				}} @keydown=${this.onFindKey}>
				<button class="tool" title="Ask again" aria-label="Ask again" ?disabled=${!isOpen(this.status)} @click=${this.refresh}>${icon('refresh')}</button>
				<button class="tool" title="Collapse all" aria-label="Collapse all" @click=${() => {
					this.pages.collapseAll();
					emit(this, 'mw-browse-state', []);
				}}>${icon('collapse-all')}</button></div>
			<div class="rows">${rows.length === 0 ? this.none() : nothing}
				<mw-virtual-list role="tree" aria-label=${browse?.label ?? 'Tree'} aria-activedescendant=${position === undefined ? nothing : `node-${position}`}
					.rowHeight=${rowHeight} .low=${0} .high=${rows.length} .active=${position} .version=${`${this.version} ${this.active}`}
					.row=${(at: number) => browseRow(rows[at], { kinds: browse?.kinds ?? {}, position: at, total: rows.length, active: at === position, chosen: at === position })}
					@mw-active=${(event: CustomEvent<number>) => this.activate(event.detail)}
					@click=${this.onClick} @dblclick=${this.onDoubleClick} @contextmenu=${this.onContextMenu} @keydown=${this.onKey}></mw-virtual-list></div>
			${this.extent()}
			<mw-menu></mw-menu>`;
	}
}
