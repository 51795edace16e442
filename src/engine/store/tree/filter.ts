import { foldCase } from '../match/fold';
import { type Nodes, noNode } from './nodes';
import type { Order } from './order';

/** Matching topics and their ancestors as a flat, ordered list. Only new topics are tested again. */
export interface TreeFilter {
	readonly key: string;
	drawn(): readonly number[];
}

/** `text`: contained in the topic, ignoring the case of ASCII letters. */
export function createTreeFilter(
	nodes: Nodes,
	order: Order,
	key: string,
	fits: (topic: string) => boolean,
): TreeFilter {
	let shown = new Uint8Array(nodes.count);
	/** By node: whether its topic was tested, which happens once it has messages. */
	let tested = new Uint8Array(nodes.count);
	let topics = -1;
	let count = -1;
	let list: number[] = [];

	function test(): boolean {
		if (topics === nodes.topics && count === nodes.count) return false;
		topics = nodes.topics;
		count = nodes.count;
		if (shown.length < count) {
			shown = larger(shown, count);
			tested = larger(tested, count);
		}
		let changed = false;
		for (let node = 0; node < count; node++) {
			if (tested[node] || nodes.own(node) === 0) continue;
			tested[node] = 1;
			if (!fits(nodes.paths[node] as string)) continue;
			changed = true;
			for (let at = node; at !== noNode && !shown[at]; at = nodes.parent(at)) shown[at] = 1;
		}
		return changed;
	}

	function walk(node: number): void {
		for (const child of order.children(node)) {
			if (!shown[child]) continue;
			list.push(child);
			walk(child);
		}
	}

	return {
		key,
		drawn() {
			if (test()) {
				list = [];
				walk(noNode);
			}
			return list;
		},
	};
}

function larger(from: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
	const to = new Uint8Array(Math.ceil(size * 1.5));
	to.set(from);
	return to;
}

export function containsText(text: string): (topic: string) => boolean {
	const wanted = foldCase(text);
	return (topic) => foldCase(topic).includes(wanted);
}
