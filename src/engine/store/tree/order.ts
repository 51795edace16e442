import { compare, naturalKey, sortedByName } from '../../../model/text/natural-order';
import type { Nodes } from './nodes';

/** Children in natural order of name, kept for the nodes that are shown. */
export interface Order {
	/** Top level if `node` is `noNode`. Not a copy. */
	children(node: number): readonly number[];
	/** Index of a child among its siblings. */
	position(child: number): number;
}

export function createOrder(nodes: Nodes): Order {
	const cached = new Map<number, number[]>();

	function children(node: number): readonly number[] {
		const sorted = cached.get(node) ?? [];
		const count = nodes.childCount(node);
		if (sorted.length === count) return sorted;
		const added: number[] = [];
		for (let at = nodes.firstChild(node); added.length < count - sorted.length; at = nodes.sibling(at)) added.push(at);
		const ordered = sortedByName(added, nodes.name);
		const merged = sorted.length === 0 ? ordered : merge(sorted, ordered);
		cached.set(node, merged);
		return merged;
	}

	/** Merges few new nodes into many old ones by binary search. */
	function merge(sorted: readonly number[], added: readonly number[]): number[] {
		const merged: number[] = [];
		let from = 0;
		for (const child of added) {
			const to = place(sorted, child, from);
			for (; from < to; from++) merged.push(sorted[from] as number);
			merged.push(child);
		}
		for (; from < sorted.length; from++) merged.push(sorted[from] as number);
		return merged;
	}

	function place(sorted: readonly number[], child: number, from = 0): number {
		let low = from;
		let high = sorted.length;
		const name = nodes.name(child);
		const key = naturalKey(name);
		while (low < high) {
			const middle = (low + high) >> 1;
			const other = nodes.name(sorted[middle] as number);
			if ((compare(naturalKey(other), key) || compare(other, name)) < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	return {
		children,
		position: (child) => place(children(nodes.parent(child)), child),
	};
}
