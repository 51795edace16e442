import { type Failure, toFailure } from '../base/failure';
import type { BrowseNode, BrowsePage } from './contracts/browse';

/** Number of children in one request to the peer. A list starts with one page; each `extend` adds one. */
const pageSize = 1000;

/** The part of the engine's contract that lists are read from. `of` is undefined for the top level. */
export interface BrowseSource {
	browse(of: string | undefined, offset: number, count: number): Promise<BrowsePage>;
}

/** One line of a list. `key` is unique among all lines of all lists. */
export type BrowseEntry = { key: string } & (
	| { kind: 'failed'; failure: Failure }
	| { kind: 'empty' }
	| { kind: 'loading' }
	| { kind: 'node'; node: BrowseNode }
	| { kind: 'rest'; shown: number; total: number }
	| { kind: 'note'; text: string }
);

/** The reach of a search in the lists that were read. */
export interface BrowseExtent {
	/** Number of distinct nodes that are listed. */
	listed: number;
	/** Keys of lists that were not read, or not to their end; the nearest to the top first. */
	unread: string[];
	/** Number of lists that the peer refused or failed to return. */
	failed: number;
}

interface List {
	of: string | undefined;
	wanted: number;
	nodes: BrowseNode[];
	total: number;
	note?: string | undefined;
	failure?: Failure | undefined;
	/** A request was made since the list was last marked as stale. */
	fresh: boolean;
	/** The list was read at least once; the result may be out of date. */
	answered: boolean;
	reading?: Promise<void> | undefined;
	/** The read that follows the one under way. */
	next?: Promise<void> | undefined;
}

/** The peer has more children than the pages that were requested. */
const hasMore = ({ nodes, total, wanted }: List) => total > nodes.length && nodes.length >= wanted;

/** The key of a child: the ids on the path to it, joined by newlines. The same node may be reached on several paths. */
const childKey = (key: string, id: string) => (key === '' ? id : `${key}\n${id}`);

/**
 * The lists of nodes that a peer has, as far as they were opened. The key of a list is the path to its node, '' for the top
 * level. A list keeps its content until a newer answer has arrived, so that nothing in a view jumps.
 */
export class BrowseLists {
	private readonly lists = new Map<string, List>();

	/** `source` may be replaced: each connection has an engine of its own. */
	constructor(
		public source: BrowseSource,
		private readonly changed: () => void = () => {},
	) {}

	private list(key: string): List {
		const of = key === '' ? undefined : key.split('\n').at(-1);
		const list = this.lists.get(key) ?? { of, wanted: pageSize, nodes: [], total: 0, fresh: false, answered: false };
		this.lists.set(key, list);
		return list;
	}

	has(key: string): boolean {
		return this.lists.has(key);
	}

	/** Reads a list unless it is fresh. Never rejects: a failure becomes a line of the list. */
	load(key: string): Promise<void> {
		const { fresh, reading } = this.list(key);
		return fresh ? (reading ?? Promise.resolve()) : this.refresh(key);
	}

	/** Reads a list again. A read that is under way may have missed a change, so one more follows it. */
	refresh(key: string): Promise<void> {
		const list = this.list(key);
		if (!list.reading) return this.read(list);
		list.next ??= list.reading.then(() => {
			list.next = undefined;
			return this.read(list);
		});
		return list.next;
	}

	private read(list: List): Promise<void> {
		list.reading ??= this.request(list).then(() => {
			list.reading = undefined;
			this.changed();
		});
		return list.reading;
	}

	private async request(list: List): Promise<void> {
		list.fresh = true;
		try {
			const nodes = new Map<string, BrowseNode>();
			let page: BrowsePage = { total: 0, nodes: [] };
			for (let offset = 0; offset < list.wanted; offset += pageSize) {
				page = await this.source.browse(list.of, offset, pageSize);
				for (const node of page.nodes) nodes.set(node.id, node);
				if (offset + pageSize >= page.total || page.nodes.length === 0) break;
			}
			Object.assign(list, { nodes: [...nodes.values()], total: page.total, note: page.note, failure: undefined });
		} catch (error) {
			list.failure = toFailure(error);
		}
		list.answered = true;
	}

	/** Adds one page to a list; it is read with the next `load` or `refresh`. */
	extend(key: string): void {
		const list = this.list(key);
		list.wanted += pageSize;
		list.fresh = false;
	}

	/** Marks all lists for reading again when they are loaded the next time. */
	markStale(): void {
		for (const list of this.lists.values()) list.fresh = false;
	}

	clear(): void {
		this.lists.clear();
	}

	/** The lines of a list in the order to show them. */
	entries(key: string): BrowseEntry[] {
		const list = this.list(key);
		const { nodes, failure, note, total, reading } = list;
		const entries: BrowseEntry[] = [];
		if (failure) entries.push({ kind: 'failed', key: `${key}\n!`, failure });
		else if (nodes.length === 0 && reading) entries.push({ kind: 'loading', key: `${key}\n…` });
		else if (nodes.length === 0 && list.answered && !note) entries.push({ kind: 'empty', key: `${key}\n?` });
		for (const node of nodes) entries.push({ kind: 'node', key: childKey(key, node.id), node });
		if (hasMore(list)) entries.push({ kind: 'rest', key: `${key}\n+`, shown: nodes.length, total });
		if (note) entries.push({ kind: 'note', key: `${key}\n?`, text: note });
		return entries;
	}

	/** The nodes that were read of a list, with their keys. Does not create the list. */
	nodes(key: string): { key: string; node: BrowseNode }[] {
		return (this.lists.get(key)?.nodes ?? []).map((node) => ({ key: childKey(key, node.id), node }));
	}

	extent(): BrowseExtent {
		const seen = new Set<string>();
		const unread: string[] = [];
		let failed = 0;
		// A node that is reached on several paths is entered once: paths may lead in circles.
		for (const queue = ['']; queue.length > 0; ) {
			const key = queue.shift() ?? '';
			const list = this.lists.get(key);
			if (list?.failure) failed++;
			else if (!list?.answered || hasMore(list)) unread.push(key);
			for (const { id, expandable } of list?.nodes ?? []) {
				if (seen.has(id)) continue;
				seen.add(id);
				if (expandable) queue.push(childKey(key, id));
			}
		}
		return { listed: seen.size, unread, failed };
	}

	/** Number of nodes in all lists; a node on several paths counts each time. */
	get size(): number {
		let size = 0;
		for (const { nodes } of this.lists.values()) size += nodes.length;
		return size;
	}

	/** Reads one of the lists that `extent` reports as unread, or its next page. */
	async readOn(key: string): Promise<void> {
		const list = this.list(key);
		if (!list.reading && hasMore(list)) this.extend(key);
		await (list.reading ?? this.read(list));
	}
}
