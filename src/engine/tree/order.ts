import type { Nodes } from './nodes';

/** Children in order of name, kept for the nodes that somebody looks at. */
export interface Order {
	/** Of the top if `node` is `noNode`. Not a copy. */
	children(node: number): readonly number[];
	/** Where a child stands among its siblings. */
	position(child: number): number;
}

export function createOrder(nodes: Nodes): Order {
	const known = new Map<number, number[]>();
	const { paths } = nodes;
	// Siblings have the same path above them, so comparing paths compares names.
	const compare = (a: number, b: number): number => {
		const left = paths[a] as string;
		const right = paths[b] as string;
		return left < right ? -1 : left > right ? 1 : 0;
	};

	function children(node: number): readonly number[] {
		const sorted = known.get(node) ?? [];
		const count = nodes.childCount(node);
		if (sorted.length === count) return sorted;
		const added: number[] = [];
		for (let at = nodes.firstChild(node); added.length < count - sorted.length; at = nodes.sibling(at)) added.push(at);
		added.sort(compare);
		const merged = sorted.length === 0 ? added : merge(sorted, added);
		known.set(node, merged);
		return merged;
	}

	/** Few new ones go into many old ones: binary search finds the place, the rest is copying. */
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
		while (low < high) {
			const middle = (low + high) >> 1;
			if (compare(sorted[middle] as number, child) < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	return {
		children,
		position: (child) => place(children(nodes.parent(child)), child),
	};
}
