import { fail } from '../../../base/failure';
import type { ReadApi } from '../../../model/contracts/engine-api';
import type { ChildrenQuery, TreeLevel, TreePage, TreeQuery, TreeRow } from '../../../model/contracts/topic';
import type { ProtocolDescription } from '../../../protocols/description';
import { compilePattern } from '../match/pattern';
import { blockOf, place } from './blocks';
import { createCounter } from './count';
import { containsText, createTreeFilter, type TreeFilter } from './filter';
import { complete, locate, marked } from './find';
import { createNodes, type NodeLimits, noNode } from './nodes';
import { createOrder } from './order';
import { drawExpanded, type Joins, joinsOnlyChild, neverJoins, rowEnd } from './rows';

const maxRows = 500;
const maxCompletions = 1000;

type Reads = Pick<ReadApi, 'tree' | 'children' | 'complete' | 'locate' | 'marked'>;

/** The topic tree of a session. Ids only grow, also across a clearing. */
export interface Tree extends Reads {
	readonly topics: number;
	/** The node of a target, if there is one. Levels without messages have a node, too. */
	find(target: string): number | undefined;
	/**
	 * Counts a received message; `known` is the node of its target if it has one. Returns the node, which is stable
	 * until `clear`, or undefined if the tree is full.
	 */
	receive(known: number | undefined, target: string, seq: number, time: number, flags: number): number | undefined;
	path(node: number): string;
	/** Sequence number of a node's last message; -1 for a level without messages. */
	lastSeq(node: number): number;
	mark(target: string, flags: number): void;
	unmark(target: string, flags: number): void;
	clear(): void;
}

export interface TreeOptions {
	description: ProtocolDescription;
	limits: NodeLimits;
	clock(): number;
	/** Preview of a topic's last message; undefined if it was evicted. */
	preview(seq: number): string | undefined;
}

export function createTree({ description, limits, clock, preview }: TreeOptions): Tree {
	/** Public ids are `base` + index, so that an id from before a clearing is invalid. */
	let base = 0;
	let nodes = createNodes(description.separator, limits);
	let order = createOrder(nodes);
	let counter = createCounter(nodes, clock());
	let filter: TreeFilter | undefined;

	/** Number of rows above a node, and the levels that share its row. */
	function placeOf(node: number, joins: Joins): { depth: number; above: TreeLevel[] } {
		const above: TreeLevel[] = [];
		let depth = 0;
		for (let at = nodes.parent(node); at !== noNode; at = nodes.parent(at)) {
			if (!joins(at)) depth++;
			else if (depth === 0) above.unshift({ id: base + at, name: nodes.name(at), path: nodes.paths[at] as string });
		}
		return { depth, above };
	}

	function row(node: number, expanded: boolean, joins: Joins = neverJoins): TreeRow {
		const { depth, above } = placeOf(node, joins);
		const block = blockOf(nodes.blocks, node);
		const at = place(node);
		const seq = block.seq[at] as number;
		const drawn: TreeRow = {
			id: base + node,
			depth,
			name: nodes.name(node),
			path: nodes.paths[node] as string,
			...(above.length > 0 ? { above } : {}),
			messages: nodes.own(node),
			total: nodes.total(node),
			below: nodes.below(node),
			rate: counter.rate(node),
			expandable: nodes.childCount(node) > 0,
			expanded: expanded && nodes.childCount(node) > 0,
		};
		if (seq < 0) return drawn;
		return { ...drawn, seq, time: block.time[at], flags: block.flags[at], preview: preview(seq) };
	}

	const sticky = (node: number): number => blockOf(nodes.blocks, node).sticky[place(node)] as number;
	function setSticky(node: number, flags: number): void {
		blockOf(nodes.blocks, node).sticky[place(node)] = flags;
	}

	const inside = (id: number): number | undefined => {
		const node = id - base;
		return node >= 0 && node < nodes.count ? node : undefined;
	};

	function filtered({ kind, value }: NonNullable<TreeQuery['filter']>, compact: boolean): TreeFilter {
		const key = `${kind} ${compact} ${value}`;
		if (filter?.key !== key) {
			const fits = kind === 'text' ? containsText(value) : compilePattern(description, value);
			filter = createTreeFilter(nodes, order, key, fits, compact);
		}
		return filter;
	}

	function page(query: TreeQuery): TreePage {
		const offset = Math.max(0, query.offset);
		const count = Math.min(maxRows, Math.max(0, query.count));
		const compact = query.compact ?? false;
		if (query.filter && query.filter.value !== '') {
			const found = filtered(query.filter, compact);
			const all = found.drawn();
			const rows = all.slice(offset, offset + count).map((node) => row(node, true, found.joins));
			return { total: all.length, rows, matches: found.matches };
		}
		const joins = compact ? joinsOnlyChild(nodes) : neverJoins;
		const expanded = new Set<number>();
		for (const id of query.expanded) {
			const node = inside(id);
			if (node !== undefined) expanded.add(node);
		}
		const drawn = drawExpanded(nodes, order, joins, expanded, offset, count);
		return { total: drawn.total, rows: drawn.nodes.map((node) => row(node, expanded.has(node), joins)) };
	}

	function pinned(path: string): TreeRow | null {
		const node = nodes.find(path);
		return node === undefined ? null : row(node, false);
	}

	return {
		get topics() {
			return nodes.topics;
		},
		find: (target) => nodes.find(target),
		receive(known, target, seq, time, flags) {
			if (known !== undefined && nodes.topics >= limits.topics && nodes.own(known) === 0) return undefined;
			const node = known ?? nodes.add(target);
			if (node !== undefined) counter.count(node, seq, time, flags);
			return node;
		},
		path: (node) => nodes.paths[node] as string,
		lastSeq: (node) => blockOf(nodes.blocks, node).seq[place(node)] as number,
		mark(target, flags) {
			const node = nodes.find(target);
			if (node !== undefined) setSticky(node, sticky(node) | flags);
		},
		unmark(target, flags) {
			const node = nodes.find(target);
			if (node !== undefined) setSticky(node, sticky(node) & ~flags);
		},
		clear() {
			base += nodes.count;
			nodes = createNodes(description.separator, limits);
			order = createOrder(nodes);
			counter = createCounter(nodes, clock());
			filter = undefined;
		},
		tree(query) {
			counter.settle(clock());
			const found = page(query);
			return query.pinned ? { ...found, pinned: query.pinned.map(pinned) } : found;
		},
		children({ parent, compact, offset, count }: ChildrenQuery) {
			const node = parent === undefined ? noNode : inside(parent);
			if (node === undefined) throw fail('evicted', 'This topic is no longer in the tree.');
			counter.settle(clock());
			const all = order.children(node);
			const from = Math.max(0, offset);
			const rows = all.slice(from, from + Math.min(maxRows, Math.max(0, count)));
			const joins = compact ? joinsOnlyChild(nodes) : neverJoins;
			return { total: all.length, rows: rows.map((child) => row(rowEnd(nodes, joins, child), false, joins)) };
		},
		complete: (text, most) => complete(nodes, order, text, Math.min(maxCompletions, most)),
		locate: (path) => locate(nodes, path).map((node) => base + node),
		marked: (path, flags) => marked(nodes, path, flags),
	};
}
