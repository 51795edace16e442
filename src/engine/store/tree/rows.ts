import { type Nodes, noNode } from './nodes';
import type { Order } from './order';

/** A node with its depth as drawn. */
export interface Drawn {
	total: number;
	nodes: number[];
}

/** Whether a node is drawn in the row of its only child. Such a node has exactly one child. */
export type Joins = (node: number) => boolean;

export const neverJoins: Joins = () => false;
export const joinsOnlyChild =
	(nodes: Nodes): Joins =>
	(node) =>
		nodes.own(node) === 0 && nodes.childCount(node) === 1;

/** The last node of the row that begins with this one. */
export function rowEnd(nodes: Nodes, joins: Joins, node: number): number {
	let at = node;
	while (joins(at)) at = nodes.firstChild(at);
	return at;
}

/** The first node of the row that ends with this one. */
function rowStart(nodes: Nodes, joins: Joins, node: number): number {
	let at = node;
	for (let above = nodes.parent(at); above !== noNode && joins(above); above = nodes.parent(at)) at = above;
	return at;
}

/**
 * The visible nodes from `offset` on, in order; of nodes that share a row the last one. The cost depends on the number
 * of expanded nodes and requested rows, not on the siblings that are skipped.
 */
export function drawExpanded(
	nodes: Nodes,
	order: Order,
	joins: Joins,
	expanded: ReadonlySet<number>,
	offset: number,
	count: number,
): Drawn {
	/** Expanded nodes by parent, in order of name, with their position. */
	const below = new Map<number, { node: number; position: number }[]>();
	for (const node of expanded) {
		if (nodes.childCount(node) === 0 || joins(node)) continue;
		const first = rowStart(nodes, joins, node);
		const parent = nodes.parent(first);
		const list = below.get(parent);
		const entry = { node, position: order.position(first) };
		if (list) list.push(entry);
		else below.set(parent, [entry]);
	}
	for (const list of below.values()) list.sort((a, b) => a.position - b.position);
	const sizes = new Map<number, number>();
	/** Number of rows under an expanded node. */
	function size(node: number): number {
		let rows = sizes.get(node);
		if (rows !== undefined) return rows;
		rows = nodes.childCount(node);
		for (const child of below.get(node) ?? []) rows += size(child.node);
		sizes.set(node, rows);
		return rows;
	}

	const drawn: number[] = [];
	let skip = offset;
	function take(children: readonly number[], from: number, to: number): void {
		const skipped = Math.min(skip, to - from);
		skip -= skipped;
		for (let at = from + skipped; at < to && drawn.length < count; at++)
			drawn.push(rowEnd(nodes, joins, children[at] as number));
	}
	function walk(node: number): void {
		const children = order.children(node);
		let from = 0;
		for (const child of below.get(node) ?? []) {
			if (drawn.length >= count) return;
			take(children, from, child.position + 1);
			from = child.position + 1;
			const rows = size(child.node);
			if (skip >= rows) skip -= rows;
			else walk(child.node);
		}
		take(children, from, children.length);
	}
	const total = size(noNode);
	if (count > 0) walk(noNode);
	return { total, nodes: drawn };
}
