import { type Block, blockOf, type InnerBlock, makeRoom, openBlock, openInnerBlock, place } from './blocks';
import { createPathIndex } from './path-index';

/** Marks the absence of a node: the parent of a top level, the end of a list of children. */
export const noNode = 0xffffffff;
/** Maximum depth; further levels form one node, so that a topic of 65,535 separators is a single line. */
const maxDepth = 64;

/** The nodes of the tree. Nodes are only removed by clearing all of them. */
export interface Nodes {
	count: number;
	/** Number of nodes that have messages of their own. */
	topics: number;
	readonly blocks: readonly Block[];
	readonly innerBlocks: readonly InnerBlock[];
	readonly paths: readonly string[];
	readonly separator: string | undefined;
	find(path: string): number | undefined;
	/** Adds the node of this path with its ancestors. Returns undefined if the tree is full. */
	add(path: string): number | undefined;
	name(node: number): string;
	parent(node: number): number;
	/** Next older child of the same parent. */
	sibling(node: number): number;
	/** Messages on exactly this topic, messages on it and below it, and topics below it. */
	own(node: number): number;
	total(node: number): number;
	below(node: number): number;
	/** Youngest child and number of children; top level if `node` is `noNode`. */
	firstChild(node: number): number;
	childCount(node: number): number;
}

export interface NodeLimits {
	topics: number;
}

export function createNodes(separator: string | undefined, limits: NodeLimits): Nodes {
	const maxNodes = limits.topics * 4;
	const maxNames = Math.max(1024 * 1024, limits.topics * 256);
	const paths: string[] = [];
	const index = createPathIndex(paths);
	const blocks: Block[] = [];
	const innerBlocks: InnerBlock[] = [];
	let names = 0;
	let inners = 0;
	/** Youngest top-level node, and number of top-level nodes. */
	let top = noNode;
	let tops = 0;

	/** Turns a leaf into a node with children. */
	function becomeInner(node: number): number {
		makeRoom(innerBlocks, ++inners, openInnerBlock);
		const block = blockOf(blocks, node);
		const at = place(node);
		block.inner[at] = inners;
		const inner = blockOf(innerBlocks, inners);
		inner.total[place(inners)] = (block.own[at] as number) - (block.pending[at] as number);
		inner.child[place(inners)] = noNode;
		return inners;
	}

	const innerOf = (node: number): number => blockOf(blocks, node).inner[place(node)] as number;

	function addNode(path: string, parent: number): number {
		const id = nodes.count++;
		makeRoom(blocks, id, openBlock);
		paths.push(path);
		index.add(path, id);
		const block = blockOf(blocks, id);
		const at = place(id);
		block.parent[at] = parent;
		block.seq[at] = -1;
		if (parent === noNode) {
			block.sibling[at] = top;
			top = id;
			tops++;
		} else {
			const above = innerOf(parent) || becomeInner(parent);
			const inner = blockOf(innerBlocks, above);
			block.sibling[at] = inner.child[place(above)] as number;
			inner.child[place(above)] = id;
			(inner.children[place(above)] as number)++;
		}
		return id;
	}

	const parentOf = (node: number): number => blockOf(blocks, node).parent[place(node)] as number;

	const nodes: Nodes = {
		count: 0,
		topics: 0,
		blocks,
		innerBlocks,
		paths,
		separator,
		find: (path) => index.find(path),
		add(path) {
			const found = index.find(path);
			if (found !== undefined) return found;
			names += path.length;
			if (nodes.topics >= limits.topics || nodes.count >= maxNodes || names > maxNames) {
				names -= path.length;
				return undefined;
			}
			let parent = noNode;
			if (separator) {
				let from = 0;
				for (let depth = 1; depth < maxDepth; depth++) {
					const end = path.indexOf(separator, from);
					if (end < 0) break;
					const level = path.slice(0, end);
					parent = index.find(level) ?? addNode(level, parent);
					from = end + separator.length;
				}
			}
			return addNode(path, parent);
		},
		name(node) {
			const parent = parentOf(node);
			const path = paths[node] as string;
			return parent === noNode ? path : path.slice((paths[parent] as string).length + (separator?.length ?? 0));
		},
		parent: parentOf,
		sibling: (node) => blockOf(blocks, node).sibling[place(node)] as number,
		own: (node) => blockOf(blocks, node).own[place(node)] as number,
		total(node) {
			const inner = innerOf(node);
			return inner === 0 ? nodes.own(node) : (blockOf(innerBlocks, inner).total[place(inner)] as number);
		},
		below(node) {
			const inner = innerOf(node);
			return inner === 0 ? 0 : (blockOf(innerBlocks, inner).below[place(inner)] as number);
		},
		firstChild(node) {
			if (node === noNode) return top;
			const inner = innerOf(node);
			return inner === 0 ? noNode : (blockOf(innerBlocks, inner).child[place(inner)] as number);
		},
		childCount(node) {
			if (node === noNode) return tops;
			const inner = innerOf(node);
			return inner === 0 ? 0 : (blockOf(innerBlocks, inner).children[place(inner)] as number);
		},
	};
	return nodes;
}
