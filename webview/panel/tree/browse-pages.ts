import { type BrowseEntry, BrowseLists, type BrowseSource } from '../../../src/model/browse-lists';
import { limits } from '../saved';

/** One row of the tree. `parent` is the key of the list that the row belongs to. */
export type BrowseRow = BrowseEntry & { depth: number; parent: string; expanded: boolean };

/** Maximum depth that is shown: the nodes of a peer may lead in circles. */
const maxDepth = 50;

/** The rows of the browse tree: the peer's lists, flattened by what is expanded and filtered by name. */
export class BrowsePages {
	filter = '';
	rows: BrowseRow[] = [];
	/** Keys of the expanded nodes. */
	readonly expanded: Set<string>;
	readonly lists: BrowseLists;

	constructor(
		source: BrowseSource,
		expanded: readonly string[],
		private readonly changed: () => void,
	) {
		this.expanded = new Set(expanded.slice(0, limits.expanded));
		this.lists = new BrowseLists(source, () => this.draw());
	}

	/** Reads every visible list again; the others are read when they are opened. */
	refresh(): void {
		this.lists.markStale();
		for (const key of ['', ...this.rows.flatMap((row) => (row.expanded ? [row.key] : []))])
			void this.lists.refresh(key);
	}

	/** Requests the next page of a list. */
	more(key: string): void {
		this.lists.extend(key);
		void this.lists.load(key);
	}

	toggle(key: string, open: boolean): void {
		if (open) this.expanded.add(key);
		else this.expanded.delete(key);
		this.draw();
	}

	collapseAll(): void {
		this.expanded.clear();
		this.draw();
	}

	/** Drops everything that was read: after the connection has ended it may no longer be true. */
	forget(): void {
		this.lists.clear();
		this.draw();
	}

	/** Computes the rows from the lists in memory, and requests the expanded lists that are missing. */
	draw(): void {
		this.rows = this.filter === '' ? this.below('', 0) : this.matching('', 0);
		this.changed();
	}

	private below(parent: string, depth: number): BrowseRow[] {
		void this.lists.load(parent);
		return this.lists.entries(parent).flatMap((entry): BrowseRow[] => {
			if (entry.kind === 'empty' && depth === 0) return [];
			const { key } = entry;
			const expanded = entry.kind === 'node' && entry.node.expandable && this.expanded.has(key) && depth < maxDepth;
			return [{ ...entry, depth, parent, expanded }, ...(expanded ? this.below(key, depth + 1) : [])];
		});
	}

	/** Nodes in memory that match the filter, with their ancestors. A match that is expanded also shows its children. */
	private matching(parent: string, depth: number): BrowseRow[] {
		const wanted = this.filter.toLowerCase();
		return this.lists.nodes(parent).flatMap(({ key, node }): BrowseRow[] => {
			const inside = depth < maxDepth ? this.matching(key, depth + 1) : [];
			const matches = [node.name, node.description ?? '', node.target ?? ''].some((text) =>
				text.toLowerCase().includes(wanted),
			);
			if (!matches && inside.length === 0) return [];
			const opened = inside.length === 0 && node.expandable && this.expanded.has(key);
			const expanded = opened || inside.length > 0;
			return [{ kind: 'node', key, node, depth, parent, expanded }, ...(opened ? this.below(key, depth + 1) : inside)];
		});
	}
}
