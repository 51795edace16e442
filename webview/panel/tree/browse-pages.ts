import { type Failure, toFailure } from '../../../src/base/failure';
import type { Remote } from '../../../src/base/rpc';
import type { BrowseNode } from '../../../src/model/contracts/browse';
import type { PanelApi } from '../../../src/model/contracts/panel-api';
import { limits } from '../saved';

/** Children that are asked for at once. */
const page = 1000;

export type BrowseRow = { depth: number; key: string } & (
	| { kind: 'node'; node: BrowseNode; expanded: boolean }
	| { kind: 'note'; text: string }
	| { kind: 'failed'; failure: Failure; parent: string }
	| { kind: 'rest'; parent: string; shown: number; total: number }
	| { kind: 'loading' }
);

/** `known`: different things that were listed. `unread`: ways to lists that were not read, or not to their end. `failed`: lists that gave no answer. */
export interface Extent {
	known: number;
	unread: string[];
	failed: number;
}

interface List {
	of: string | undefined;
	wanted: number;
	nodes: BrowseNode[];
	total: number;
	note: string | undefined;
	failure: Failure | undefined;
	/** To be asked for no more, until something changes. */
	asked: boolean;
	/** Answered once, even if that may be out of date. */
	answered: boolean;
	/** Under way. */
	reading: Promise<void> | undefined;
	/** Changed while it was being read. */
	again: boolean;
}

/** Beyond the pages that were asked for. */
const hasMore = ({ nodes, total, wanted }: List) => total > nodes.length && nodes.length >= wanted;

/** What the peer has, as far as it was opened: kept as it was until what is newer has come, so that nothing jumps. */
export class BrowsePages {
	filter = '';
	rows: BrowseRow[] = [];
	private readonly lists = new Map<string, List>();
	/** Ways to open nodes: ids joined by newlines. */
	readonly expanded: Set<string>;

	constructor(
		private readonly remote: Pick<Remote<PanelApi>, 'browse'>,
		expanded: readonly string[],
		private readonly changed: () => void,
	) {
		this.expanded = new Set(expanded.slice(0, limits.expanded));
	}

	private list(key: string): List {
		const known = this.lists.get(key);
		if (known) return known;
		const of = key === '' ? undefined : key.split('\n').at(-1);
		const made: List = {
			of,
			wanted: page,
			nodes: [],
			total: 0,
			note: undefined,
			failure: undefined,
			asked: false,
			answered: false,
			reading: undefined,
			again: false,
		};
		this.lists.set(key, made);
		return made;
	}

	/** Asks again for all that is shown. */
	refresh(): void {
		const shown = ['', ...this.rows.flatMap((row) => (row.kind === 'node' && row.expanded ? [row.key] : []))];
		// What is not shown is asked for when it is opened.
		for (const [key, list] of this.lists) if (!shown.includes(key)) list.asked = false;
		for (const key of shown) void this.read(key);
	}

	/** Once at a time for each list; resolves when it was read, whatever came of it. */
	read(key: string): Promise<void> {
		const list = this.list(key);
		list.again = list.reading !== undefined;
		list.reading ??= this.ask(list).then(() => {
			list.reading = undefined;
			this.draw();
			if (list.again) void this.read(key);
		});
		return list.reading;
	}

	private async ask(list: List): Promise<void> {
		list.asked = true;
		try {
			const nodes = new Map<string, BrowseNode>();
			let found = { total: 0, note: undefined as string | undefined };
			for (let offset = 0; offset < list.wanted; offset += page) {
				const part = await this.remote.browse(list.of, offset, page);
				found = { total: part.total, note: part.note };
				for (const node of part.nodes) nodes.set(node.id, node);
				if (offset + page >= part.total || part.nodes.length === 0) break;
			}
			Object.assign(list, found, { nodes: [...nodes.values()], failure: undefined });
		} catch (error) {
			list.failure = toFailure(error);
		}
		list.answered = true;
	}

	more(key: string): void {
		this.list(key).wanted += page;
		void this.read(key);
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

	/** The link has gone: what it told is not shown as if it still held. */
	forget(): void {
		this.lists.clear();
		this.draw();
	}

	/** The rows anew, from what is known; what is open and not known yet is asked for. */
	draw(): void {
		this.rows = this.filter === '' ? this.below('', 0) : this.matching('', 0);
		this.changed();
	}

	private below(key: string, depth: number): BrowseRow[] {
		const list = this.list(key);
		if (!list.asked) void this.read(key);
		const rows: BrowseRow[] = [];
		if (list.failure) rows.push({ kind: 'failed', depth, key: `${key}\n!`, parent: key, failure: list.failure });
		if (depth > 0 && list.asked && !list.reading && list.nodes.length === 0 && !list.failure && !list.note)
			rows.push({ kind: 'note', depth, key: `${key}\n?`, text: 'Nothing is listed here.' });
		if (list.reading && list.nodes.length === 0 && !list.failure)
			rows.push({ kind: 'loading', depth, key: `${key}\n…` });
		for (const node of list.nodes) {
			const way = key === '' ? node.id : `${key}\n${node.id}`;
			const expanded = node.expandable && this.expanded.has(way) && depth < 50;
			rows.push({ kind: 'node', depth, key: way, node, expanded });
			if (expanded) rows.push(...this.below(way, depth + 1));
		}
		const { nodes, total, note } = list;
		if (hasMore(list)) rows.push({ kind: 'rest', depth, key: `${key}\n+`, parent: key, shown: nodes.length, total });
		if (note) rows.push({ kind: 'note', depth, key: `${key}\n?`, text: note });
		return rows;
	}

	/** How far a filter sees: what was read, and the ways to what the peer has beyond that, nearest first. */
	extent(): Extent {
		const seen = new Set<string>();
		const unread: string[] = [];
		let failed = 0;
		// A thing that is met on several ways is looked into once: ways may lead in circles.
		for (const queue = ['']; queue.length > 0; ) {
			const key = queue.shift() ?? '';
			const list = this.lists.get(key);
			if (list?.failure) failed++;
			else if (!list?.answered || hasMore(list)) unread.push(key);
			for (const { id, expandable } of list?.nodes ?? []) {
				if (seen.has(id)) continue;
				seen.add(id);
				if (expandable) queue.push(key === '' ? id : `${key}\n${id}`);
			}
		}
		return { known: seen.size, unread, failed };
	}

	/** Rows that were listed, wherever. */
	get size(): number {
		let size = 0;
		for (const { nodes } of this.lists.values()) size += nodes.length;
		return size;
	}

	/** Reads one of the ways that `extent` calls unread, or more of it. */
	async readOn(key: string): Promise<void> {
		const list = this.list(key);
		if (!list.reading && hasMore(list)) list.wanted += page;
		await (list.reading ?? this.read(key));
	}

	/** What was read and fits, with the way to it. What fits and is opened shows what is in it. */
	private matching(key: string, depth: number): BrowseRow[] {
		const wanted = this.filter.toLowerCase();
		return (this.lists.get(key)?.nodes ?? []).flatMap((node): BrowseRow[] => {
			const way = key === '' ? node.id : `${key}\n${node.id}`;
			const inside = depth < 50 ? this.matching(way, depth + 1) : [];
			const fits = [node.name, node.description ?? '', node.target ?? ''].some((text) =>
				text.toLowerCase().includes(wanted),
			);
			if (!fits && inside.length === 0) return [];
			const opened = inside.length === 0 && node.expandable && this.expanded.has(way);
			const rows = opened ? this.below(way, depth + 1) : inside;
			return [{ kind: 'node', depth, key: way, node, expanded: opened || inside.length > 0 }, ...rows];
		});
	}
}
