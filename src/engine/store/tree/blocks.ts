/** Nodes in a block: memory grows by whole blocks, so that a flood of new topics copies nothing and leaves no garbage. */
const blockBits = 12;
const blockSize = 1 << blockBits;

/** One number per node and property; a node stands at `place(node)` in its block. */
export interface Block {
	/** Messages on exactly this topic. */
	own: Float64Array;
	/** Of the last message: its sequence number (-1: none), its time, its flags; and all flags ever seen. */
	seq: Float64Array;
	time: Float64Array;
	flags: Uint16Array;
	sticky: Uint16Array;
	parent: Uint32Array;
	/** The next older child of the same parent. */
	sibling: Uint32Array;
	/** Where the node stands among those with children, counted from 1; 0 for a leaf. */
	inner: Uint32Array;
	/** Messages at and below it, fading; and the tick at which that number was right. */
	heat: Float32Array;
	tick: Uint32Array;
	/** Messages on exactly this topic that `total` and `heat` do not know yet. */
	pending: Uint32Array;
}

/** What only nodes with children have. */
export interface InnerBlock {
	/** Messages on the node and below. */
	total: Float64Array;
	/** Topics below. */
	below: Uint32Array;
	/** The youngest child, and how many there are. */
	child: Uint32Array;
	children: Uint32Array;
}

export const place = (node: number): number => node & (blockSize - 1);
export const blockOf = <B>(blocks: readonly B[], node: number): B => blocks[node >>> blockBits] as B;

/** Makes room for one more node than there are. */
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
