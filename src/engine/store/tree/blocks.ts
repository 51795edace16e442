/** Nodes per block. Memory grows by whole blocks, so that a flood of new topics neither copies nor leaves garbage. */
const blockBits = 12;
const blockSize = 1 << blockBits;

/** One number per node and property, at index `place(node)` of its block. */
export interface Block {
	/** Messages on exactly this topic, without those below. */
	own: Float64Array;
	/** Sequence number (-1: none), time and flags of the last message, and all flags ever seen. */
	seq: Float64Array;
	time: Float64Array;
	flags: Uint16Array;
	sticky: Uint16Array;
	parent: Uint32Array;
	/** Next older child of the same parent. */
	sibling: Uint32Array;
	/** Index among the nodes with children, counted from 1; 0 for a leaf. */
	inner: Uint32Array;
	/** Decaying count of messages at and below the node, and the tick at which it was computed. */
	heat: Float32Array;
	tick: Uint32Array;
	/** Messages that are not yet included in `total` and `heat`. */
	pending: Uint32Array;
}

/** Numbers of nodes with children. */
export interface InnerBlock {
	/** Messages on the node and below it. */
	total: Float64Array;
	/** Topics below. */
	below: Uint32Array;
	/** Youngest child, and number of children. */
	child: Uint32Array;
	children: Uint32Array;
}

export const place = (node: number): number => node & (blockSize - 1);
export const blockOf = <B>(blocks: readonly B[], node: number): B => blocks[node >>> blockBits] as B;

/** Makes room for one more node. */
export function makeRoom<B>(blocks: B[], count: number, open: () => B): void {
	if (count >>> blockBits === blocks.length) blocks.push(open());
}

export const openBlock = (): Block => ({
	own: new Float64Array(blockSize),
	seq: new Float64Array(blockSize),
	time: new Float64Array(blockSize),
	flags: new Uint16Array(blockSize),
	sticky: new Uint16Array(blockSize),
	parent: new Uint32Array(blockSize),
	sibling: new Uint32Array(blockSize),
	inner: new Uint32Array(blockSize),
	heat: new Float32Array(blockSize),
	tick: new Uint32Array(blockSize),
	pending: new Uint32Array(blockSize),
});

export const openInnerBlock = (): InnerBlock => ({
	total: new Float64Array(blockSize),
	below: new Uint32Array(blockSize),
	child: new Uint32Array(blockSize),
	children: new Uint32Array(blockSize),
});
