import type { Remote } from '../../../src/base/rpc';
import type { PanelApi } from '../../../src/model/contracts/panel-api';
import type { TreeLevel, TreePage, TreeQuery, TreeRow } from '../../../src/model/contracts/topic';
import { Latest } from '../../base/latest-question';
import type { VisibleRange } from '../../controls/virtual-list';
import { limits } from '../saved';

/** Rows requested before and after the visible ones. */
const margin = 30;

/** The levels that share a row, the top one first; the last one is the row's own. */
export const levelsOf = (row: TreeRow): readonly TreeLevel[] => [...(row.above ?? []), row];

/** The panel's window on the topic tree: the visible rows, and the expanded nodes. */
export class TreePages {
	total = 0;
	offset = 0;
	rows: TreeRow[] = [];
	filter: TreeQuery['filter'];
	compact = true;
	/** Topics that match the filter; undefined without a filter. */
	matches: number | undefined;
	/** Expanded nodes: ids for the engine, paths for the next session. */
	readonly expanded = new Map<number, string>();
	/** Paths to expand as soon as they exist. */
	private wanted: string[];
	private topicsWhenTried = -1;
	private rootTried = false;
	private visible: VisibleRange = { from: 0, count: 40 };
	private readonly questions = new Latest<TreeQuery, TreePage>(
		(query) => this.remote.tree(query),
		(page, query) => {
			this.total = page.total;
			this.offset = query.offset;
			this.rows = page.rows;
			this.matches = page.matches;
			this.openLoneRoot(page);
			this.changed();
		},
		(error) => this.report(error),
	);

	constructor(
		private readonly remote: Remote<PanelApi>,
		expanded: readonly string[],
		private readonly changed: () => void,
		private readonly report: (error: unknown) => void,
	) {
		this.wanted = [...expanded];
	}

	/** Expands a single top-level node once, since it would hide everything else; unless nodes were expanded before. */
	private openLoneRoot({ total, rows: [root] }: TreePage): void {
		if (this.rootTried || this.filter || !root) return;
		if (total > 1 || this.expanded.size > 0 || this.wanted.length > 0) this.rootTried = true;
		else if (root.expandable) {
			this.rootTried = true;
			this.toggle(root, true);
		}
	}

	row(position: number): TreeRow | undefined {
		return this.rows[position - this.offset];
	}

	get paths(): string[] {
		return [...this.expanded.values(), ...this.wanted].slice(0, limits.expanded);
	}

	show(range: VisibleRange): void {
		this.visible = range;
		const end = Math.min(range.from + range.count, this.total);
		if (range.from < this.offset || end > this.offset + this.rows.length) this.refresh();
	}

	refresh(): void {
		this.questions.want({
			...(this.filter ? { filter: this.filter } : {}),
			compact: this.compact,
			expanded: [...this.expanded.keys()],
			offset: Math.max(0, this.visible.from - margin),
			count: this.visible.count + 2 * margin,
		});
	}

	/** Also the levels in the same row, so that they are expanded when the row is split. */
	toggle(row: TreeRow, open: boolean): void {
		for (const { id, path } of levelsOf(row)) {
			if (open) this.expanded.set(id, path);
			else this.expanded.delete(id);
		}
		this.refresh();
	}

	collapseAll(): void {
		this.expanded.clear();
		this.wanted = [];
		this.refresh();
	}

	/** Expands the nodes of the previous session as soon as messages have created them again. */
	async reopen(topics: number): Promise<void> {
		if (this.wanted.length === 0 || topics === this.topicsWhenTried || document.hidden) return;
		this.topicsWhenTried = topics;
		const waiting = this.wanted.splice(0);
		for (const path of waiting) {
			const ids = await this.remote.locate(path).catch(() => []);
			const id = ids.at(-1);
			if (id === undefined) this.wanted.push(path);
			else this.expanded.set(id, path);
		}
		if (this.wanted.length < waiting.length) this.refresh();
	}

	/** Expands the ancestors of a topic. Resolves with its id, or undefined if the tree does not contain it. */
	async open(path: string): Promise<number | undefined> {
		const ids = await this.remote.locate(path);
		for (const id of ids.slice(0, -1)) if (!this.expanded.has(id)) this.expanded.set(id, '');
		this.refresh();
		return ids.at(-1);
	}
}
