import { blockOf, place } from './blocks';
import { type Nodes, noNode } from './nodes';
import type { Order } from './order';

const maxMarked = 10_000;

/** Ids of the nodes from the top to a path. */
export function locate(nodes: Nodes, path: string): number[] {
	const way: number[] = [];
	for (let at = nodes.find(path) ?? noNode; at !== noNode; at = nodes.parent(at)) way.push(at);
	return way.reverse();
}

/** Topics at or below a path that have had all these flags since they were last cleared. */
export function marked(nodes: Nodes, path: string, flags: number): string[] {
	const found: string[] = [];
	const start = nodes.find(path);
	const waiting = start === undefined ? [] : [start];
	for (let node = waiting.pop(); node !== undefined && found.length < maxMarked; node = waiting.pop()) {
		if (flags !== 0 && ((blockOf(nodes.blocks, node).sticky[place(node)] as number) & flags) === flags)
			found.push(nodes.paths[node] as string);
		for (let child = nodes.firstChild(node); child !== noNode; child = nodes.sibling(child)) waiting.push(child);
	}
	return found.sort();
}

/** Topics with this prefix in order of name; a level comes before the levels below it. */
export function complete(nodes: Nodes, order: Order, start: string, most: number): string[] {
	const found: string[] = [];
	const parent = parentOf(nodes, start);
	if (parent === undefined) return found;
	const walk = (node: number): void => {
		if (found.length >= most) return;
		if (nodes.own(node) > 0) found.push(nodes.paths[node] as string);
		for (const child of order.children(node)) walk(child);
	};
	// In natural order, names with the same prefix are not always adjacent.
	for (const node of order.children(parent)) {
		if (found.length >= most) break;
		if (nodes.paths[node]?.startsWith(start)) walk(node);
	}
	return found;
}

/** The node whose children may have the text as their prefix; undefined if there is none. */
function parentOf(nodes: Nodes, start: string): number | undefined {
	let parent: number = noNode;
	let from = 0;
	while (nodes.separator) {
		const end = start.indexOf(nodes.separator, from);
		if (end < 0) break;
		const node = nodes.find(start.slice(0, end));
		// Levels beyond the maximum depth are one node, whose name contains separators.
		if (node === undefined) return parent === noNode ? undefined : parent;
		parent = node;
		from = end + nodes.separator.length;
	}
	return parent;
}
