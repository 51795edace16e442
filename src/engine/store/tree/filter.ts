import { foldCase } from '../match/fold';
import { type Nodes, noNode } from './nodes';
import type { Order } from './order';
import { type Joins, neverJoins } from './rows';

/** Matching topics and their ancestors as a flat, ordered list. Only new topics are tested again. */
export interface TreeFilter {
	readonly key: string;
	/** Matching topics, as of the last call of `drawn`. */
	readonly matches: number;
	drawn(): readonly number[];
	/** A level without messages with one visible child, if the list is compact. */
	readonly joins: Joins;
}

/** `text`: contained in the topic, ignoring the case of ASCII letters. */
export function createTreeFilter(
	nodes: Nodes,
	order: Order,
	key: string,
	fits: (topic: string) => boolean,
	compact: boolean,
): TreeFilter {
	let shown = new Uint8Array(nodes.count);
	/** By node: number of visible children, where 2 stands for more. */
	let inside = new Uint8Array(nodes.count);
	/** By node: whether its topic was tested, which happens once it has messages. */
	let tested = new Uint8Array(nodes.count);
	let topics = -1;
	let count = -1;
	let matches = 0;
	let list: number[] = [];
	const joins: Joins = compact ? (node) => inside[node] === 1 && nodes.own(node) === 0 : neverJoins;

	function show(node: number): void {
		for (let at = node; at !== noNode && !shown[at]; at = nodes.parent(at)) {
			shown[at] = 1;
			const parent = nodes.parent(at);
			if (parent !== noNode) inside[parent] = Math.min(2, (inside[parent] as number) + 1);
		}
	}

	function test(): boolean {
		if (topics === nodes.topics && count === nodes.count) return false;
		topics = nodes.topics;
		count = nodes.count;
		if (shown.length < count) {
			shown = larger(shown, count);
			inside = larger(inside, count);
			tested = larger(tested, count);
		}
		let changed = false;
		for (let node = 0; node < count; node++) {
			if (tested[node] || nodes.own(node) === 0) continue;
			tested[node] = 1;
			// A visible level that has become a topic has a row of its own.
			if (shown[node]) changed = true;
			if (!fits(nodes.paths[node] as string)) continue;
			changed = true;
			matches++;
			show(node);
		}
		return changed;
	}

	function walk(node: number): void {
		for (const child of order.children(node)) {
			if (!shown[child]) continue;
			if (!joins(child)) list.push(child);
			walk(child);
		}
	}

	return {
		key,
		joins,
		get matches() {
			return matches;
		},
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
