import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { count, number } from '../../base/words';
import { isMenuKey, type Menu } from '../../controls/menu';
import '../../controls/menu';
import { toolButton } from '../../controls/tool-button';
import { positionOf, type VirtualList } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import { chooseTarget } from '../choose-topic';
import { nodeMenu } from '../node-menu';
import { PeerRefresh } from '../peer-refresh';
import { isOpen, type PanelStore } from '../store';
import { BrowsePages, type BrowseRow } from './browse-pages';
import { actionAt, browseRow, browseStyles } from './browse-row';
import { maxLists, Sweep } from './browse-sweep';
import { markStyles } from './match-marks';
import { rowHeight, treeStyles } from './tree-row';

/** The nodes of the peer. */
@customElement('mw-browse-tree')
export class BrowseTree extends LitElement {
	static override styles = [shared, controls, treeStyles, browseStyles, markStyles];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	/** Keys of the expanded nodes. */
	@property({ attribute: false }) expanded: readonly string[] = [];
	@state() private version = 0;
	/** The key of the selected row. */
	@state() private active: string | undefined;
	@state() private filter = '';
	@query('mw-virtual-list') private list!: VirtualList;
	@query('mw-menu') private menu!: Menu;
	private pages!: BrowsePages;
	private sweep!: Sweep;
	private readonly refresh = new PeerRefresh(this, {
		every: Number.POSITIVE_INFINITY,
		read: () => this.pages.refresh(),
		ended: () => {
			this.sweep.stop();
			this.pages.forget();
		},
	});

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('store')) {
			const redraw = () => {
				this.version++;
			};
			this.sweep?.stop();
			this.pages = new BrowsePages(this.store.remote, this.expanded, redraw);
			this.sweep = new Sweep(this.pages.lists, redraw);
		}
	}

	private get rows(): BrowseRow[] {
		return isOpen(this.status) ? this.pages.rows : [];
	}

	private get position(): number | undefined {
		const at = this.rows.findIndex((row) => row.key === this.active);
		return at < 0 ? undefined : at;
	}

	private toggle(row: BrowseRow, open: boolean) {
		this.pages.toggle(row.key, open);
		this.store.keepBrowsed([...this.pages.expanded]);
	}

	private readonly collapseAll = () => {
		this.pages.collapseAll();
		this.store.keepBrowsed([]);
	};

	/** Runs the default action of a row: Enter or a click. */
	private choose(row: BrowseRow) {
		this.active = row.key;
		if (row.kind === 'failed') void this.pages.lists.refresh(row.parent);
		else if (row.kind === 'rest') this.pages.more(row.parent);
		else if (row.kind === 'node' && row.node.target !== undefined) void chooseTarget(this.store, row.node.target);
	}

	private rowOf(event: Event): BrowseRow | undefined {
		const position = positionOf(event);
		return position === undefined ? undefined : this.rows[position];
	}

	private readonly onClick = (event: MouseEvent) => {
		const row = this.rowOf(event);
		const target = event.target as Element;
		if (!row) return;
		if (row.kind === 'node') {
			if (target.closest('.actions')) return this.openMenu(row, event);
			const action = actionAt(this.store, target);
			if (action) return this.store.act({ action, node: row.node });
			const twisty = target.closest('.twisty') !== null;
			if (row.node.expandable && (twisty || row.node.target === undefined)) this.toggle(row, !row.expanded);
			if (twisty) return;
		}
		this.choose(row);
	};

	/** A click on an expandable node with messages filters the log; a double click expands it. */
	private readonly onDoubleClick = (event: MouseEvent) => {
		const row = this.rowOf(event);
		const twisty = (event.target as Element).closest('.twisty, button') !== null;
		if (!twisty && row?.kind === 'node' && row.node.expandable && row.node.target !== undefined)
			this.toggle(row, !row.expanded);
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const row = this.rowOf(event);
		if (!row) return;
		event.preventDefault();
		this.openMenu(row, event);
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { position } = this;
		const row = position === undefined ? undefined : this.rows[position];
		if (!row || position === undefined) return;
		if (event.key === 'ArrowRight') {
			if (row.kind === 'node' && row.node.expandable && !row.expanded) this.toggle(row, true);
			else if (row.expanded) this.activate(position + 1);
		} else if (event.key === 'ArrowLeft') {
			if (row.expanded && this.filter === '') this.toggle(row, false);
			else this.activate(this.rows.findLastIndex((one, at) => at < position && one.depth < row.depth));
		} else if (event.key === 'Enter' || event.key === ' ') this.choose(row);
		else if (isMenuKey(event)) this.openMenu(row, this.renderRoot.querySelector(`#node-${position}`));
		else return;
		event.preventDefault();
	};

	private readonly activate = (position: number) => {
		const row = this.rows[position];
		if (!row) return;
		this.active = row.key;
		this.list.show(position);
	};

	private readonly onFind = (event: Event) => {
		this.filter = (event.target as HTMLInputElement).value;
		this.pages.filter = this.filter.trim();
		this.pages.draw();
	};

	private readonly onFindKey = (event: KeyboardEvent) => {
		if (event.key === 'ArrowDown') {
			this.activate(0);
			this.list.focus();
		} else if (event.key === 'Enter' && this.pages.filter !== '') void this.sweep.run();
		else return;
		event.preventDefault();
	};

	/** Expands the ancestors of a node and selects it, if its list has been read so far. */
	async selectNode(path: readonly string[]): Promise<void> {
		const keys = path.map((_, at) => path.slice(0, at + 1).join('\n'));
		for (const key of keys.slice(0, -1)) {
			this.pages.expanded.add(key);
			await this.pages.lists.load(key);
		}
		this.pages.draw();
		await this.updateComplete;
		const key = keys.at(-1);
		this.active = key;
		const position = this.rows.findIndex((row) => row.key === key);
		if (position >= 0) this.list.show(position);
		this.store.keepBrowsed([...this.pages.expanded]);
	}

	private openMenu(row: BrowseRow, at: MouseEvent | Element | null) {
		this.active = row.key;
		if (row.kind !== 'node') return;
		const items = nodeMenu(this.store, row.node);
		void this.menu.open(items, at, () => this.list.focus());
	}

	override focus() {
		this.list.focus();
	}

	/** The reach of the search: only nodes that were read are found. */
	private extent() {
		if (this.pages.filter === '' || !isOpen(this.status)) return nothing;
		const { listed, unread, failed } = this.pages.lists.extent();
		const failures = failed > 0 ? ` ${count(failed, 'list', 'lists')} could not be read.` : '';
		const foot = (text: string, button: unknown = nothing) =>
			html`<div class="foot extent dim"><span role="status">${text}</span>${button}</div>`;
		if (this.sweep.running)
			return foot(
				`Searching: ${number(listed)} listed so far…`,
				html`<button class="link" @click=${() => this.sweep.stop()}>Stop</button>`,
			);
		if (unread.length === 0) return foot(`Searched all ${number(listed)}.${failures}`);
		const title = `Reads from the peer in at most ${maxLists} requests (Enter)`;
		return foot(
			`Searched the ${number(listed)} listed; ${count(unread.length, 'list is', 'lists are')} not read to the end.${failures}`,
			html`<button class="link" title=${title} @click=${() => void this.sweep.run()}>Search there too</button>`,
		);
	}

	private empty() {
		const text = !isOpen(this.status)
			? 'Connect to see what the peer offers.'
			: this.filter === ''
				? 'There is nothing to list.'
				: 'No listed item matches.';
		return html`<div class="none dim">${text}</div>`;
	}

	private bar() {
		return html`<div class="bar"><input class="text" spellcheck="false" aria-label="Find" placeholder="Find"
			title="In names and descriptions" .value=${this.filter} @input=${this.onFind} @keydown=${this.onFindKey}>
			${toolButton('refresh', 'Refresh', this.refresh.now, { disabled: !isOpen(this.status) })}
			${toolButton('collapse-all', 'Collapse all', this.collapseAll)}</div>`;
	}

	override render() {
		const { rows, position } = this;
		const { label, kinds } = this.store.describe.browse ?? { label: 'Tree', kinds: {} };
		const { actions = [] } = this.store.describe;
		const common = { kinds, total: rows.length, searched: this.pages.filter, actions };
		const row = (at: number) => browseRow(rows[at], { ...common, position: at, active: at === position });
		return html`${this.bar()}
			<div class="rows">${rows.length === 0 ? this.empty() : nothing}
				<mw-virtual-list role="tree" aria-label=${label}
					aria-activedescendant=${position === undefined ? nothing : `node-${position}`}
					.rowHeight=${rowHeight} .low=${0} .high=${rows.length} .active=${position}
					.version=${`${this.version} ${this.active}`} .row=${row} .onActive=${this.activate}
					@click=${this.onClick} @dblclick=${this.onDoubleClick} @contextmenu=${this.onContextMenu}
					@keydown=${this.onKey}></mw-virtual-list></div>
			${this.extent()}
			<mw-menu></mw-menu>`;
	}
}
