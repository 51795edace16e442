/** No node: the parent of a top level, the end of a list of children. */
export const noNode = 0xffffffff;
/** Levels beyond this one are drawn as one: a topic of 65,535 separators is a single deep line, not a staircase. */
const mostDepth = 64;

/** One number per node and property; nodes are never removed but by clearing all. */
interface Columns {
	parent: Uint32Array;
	depth: Uint8Array;
	/** Messages on exactly this topic; on it and below; topics below. */
	own: Float64Array;
	total: Float64Array;
	below: Uint32Array;
	/** Of the last message: its sequence number, its time, its flags; and all flags ever seen. */
	seq: Float64Array;
	time: Float64Array;
	flags: Uint16Array;
	sticky: Uint16Array;
	/** Messages at and below it, fading; and the tick at which that number was right. */
	heat: Float32Array;
	/** Messages on exactly this topic that `total` and `heat` do not know yet. */
	pending: Uint32Array;
	tick: Uint32Array;
	/** Children in a list, the youngest first. */
	child: Uint32Array;
	sibling: Uint32Array;
	children: Uint32Array;
}

export interface Nodes extends Columns {
	count: number;
	/** Nodes that have messages of their own. */
	topics: number;
	/** Youngest top level, and how many there are. */
	top: number;
	tops: number;
	readonly paths: string[];
	readonly separator: string | undefined;
	find(path: string): number | undefined;
	/** The node of this path with all levels on the way; undefined if the tree is full. */
	add(path: string): number | undefined;
	name(node: number): string;
	/** Youngest child, and how many; of the top if `node` is `noNode`. */
	firstChild(node: number): number;
	childCount(node: number): number;
}

export interface NodeLimits {
	topics: number;
}

export function createNodes(separator: string | undefined, limits: NodeLimits): Nodes {
	const mostNodes = limits.topics * 4;
	const mostNames = Math.max(1024 * 1024, limits.topics * 256);
	const ids = new Map<string, number>();
	const paths: string[] = [];
	let names = 0;

	function grow(): void {
		const size = Math.ceil(nodes.parent.length * 1.5);
		const larger = <T extends { set(from: T): void }>(make: { new (size: number): T }, from: T): T => {
			const to = new make(size);
			to.set(from);
			return to;
		};
		nodes.parent = larger(Uint32Array, nodes.parent);
		nodes.depth = larger(Uint8Array, nodes.depth);
		nodes.own = larger(Float64Array, nodes.own);
		nodes.total = larger(Float64Array, nodes.total);
		nodes.below = larger(Uint32Array, nodes.below);
		nodes.seq = larger(Float64Array, nodes.seq);
		nodes.time = larger(Float64Array, nodes.time);
		nodes.flags = larger(Uint16Array, nodes.flags);
		nodes.sticky = larger(Uint16Array, nodes.sticky);
		nodes.heat = larger(Float32Array, nodes.heat);
		nodes.pending = larger(Uint32Array, nodes.pending);
		nodes.tick = larger(Uint32Array, nodes.tick);
		nodes.child = larger(Uint32Array, nodes.child);
		nodes.sibling = larger(Uint32Array, nodes.sibling);
		nodes.children = larger(Uint32Array, nodes.children);
	}

	function addNode(path: string, parent: number): number {
		if (nodes.count === nodes.parent.length) grow();
		const id = nodes.count++;
		ids.set(path, id);
		paths.push(path);
		nodes.parent[id] = parent;
		nodes.child[id] = noNode;
		nodes.seq[id] = -1;
		if (parent === noNode) {
			nodes.sibling[id] = nodes.top;
			nodes.top = id;
			nodes.tops++;
		} else {
			nodes.depth[id] = (nodes.depth[parent] as number) + 1;
			nodes.sibling[id] = nodes.child[parent] as number;
			nodes.child[parent] = id;
			(nodes.children[parent] as number)++;
		}
		return id;
	}

	const nodes: Nodes = {
		parent: new Uint32Array(64),
		depth: new Uint8Array(64),
		own: new Float64Array(64),
		total: new Float64Array(64),
		below: new Uint32Array(64),
		seq: new Float64Array(64),
		time: new Float64Array(64),
		flags: new Uint16Array(64),
		sticky: new Uint16Array(64),
		heat: new Float32Array(64),
		pending: new Uint32Array(64),
		tick: new Uint32Array(64),
		child: new Uint32Array(64),
		sibling: new Uint32Array(64),
		children: new Uint32Array(64),
		count: 0,
		topics: 0,
		top: noNode,
		tops: 0,
		paths,
		separator,
		find: (path) => ids.get(path),
		add(path) {
			const known = ids.get(path);
			if (known !== undefined) return known;
			names += path.length;
			if (nodes.topics >= limits.topics || nodes.count >= mostNodes || names > mostNames) {
				names -= path.length;
				return undefined;
			}
			let parent = noNode;
			if (separator) {
				let from = 0;
				for (let depth = 1; depth < mostDepth; depth++) {
					const end = path.indexOf(separator, from);
					if (end < 0) break;
					const level = path.slice(0, end);
					parent = ids.get(level) ?? addNode(level, parent);
					from = end + separator.length;
				}
			}
			return addNode(path, parent);
		},
		name(node) {
			const parent = nodes.parent[node] as number;
			const path = paths[node] as string;
			return parent === noNode ? path : path.slice((paths[parent] as string).length + (separator?.length ?? 0));
		},
		firstChild: (node) => (node === noNode ? nodes.top : (nodes.child[node] as number)),
		childCount: (node) => (node === noNode ? nodes.tops : (nodes.children[node] as number)),
	};
	return nodes;
}
