import { blockOf, place } from './blocks';
import { type Nodes, noNode } from './nodes';

/** A node's rate fades with this time constant, in steps of a tick. Milliseconds. */
const fadeMs = 3000;
const tickMs = 250;
const fades = Float64Array.from({ length: 200 }, (_, ticks) => Math.exp((-ticks * tickMs) / fadeMs));

/** Nodes that may wait for their messages to be added to those above: then it is done before the tick ends. */
const mostWaiting = 16_384;

const fade = (ticks: number): number => (ticks < fades.length ? (fades[ticks] as number) : 0);

/**
 * Counts received messages. A message costs its own node a few numbers; the nodes above learn of it later and of all
 * at once, with `settle`: before anybody reads, and before the tick changes.
 */
export interface Counter {
	count(node: number, seq: number, time: number, flags: number): void;
	/** Takes the present time, in milliseconds. */
	settle(time: number): void;
	/** Messages a second at and below a node. */
	rate(node: number): number;
}

/** `start`: the time of tick 0, in milliseconds. */
export function createCounter(nodes: Nodes, start: number): Counter {
	const { blocks, innerBlocks } = nodes;
	/** Nodes with pending messages. A list that grows with a flood of topics would leave as much to collect in each tick. */
	const waiting = new Uint32Array(mostWaiting);
	let waits = 0;
	let tick = 0;
	let tickEnd = start + tickMs;

	/** Messages at and below a node at the present tick. */
	function warm(node: number, count: number): void {
		const block = blockOf(blocks, node);
		const at = place(node);
		block.heat[at] = (block.heat[at] as number) * fade(tick - (block.tick[at] as number)) + count;
		block.tick[at] = tick;
		const inner = block.inner[at] as number;
		if (inner !== 0) (blockOf(innerBlocks, inner).total[place(inner)] as number) += count;
	}

	function settle(): void {
		for (let index = 0; index < waits; index++) {
			const node = waiting[index] as number;
			const { pending } = blockOf(blocks, node);
			const count = pending[place(node)] as number;
			pending[place(node)] = 0;
			for (let at = node; at !== noNode; at = nodes.parent(at)) warm(at, count);
		}
		waits = 0;
	}

	function advance(time: number): void {
		settle();
		// A clock that goes back stays in the same tick.
		tick = Math.max(tick, Math.floor((time - start) / tickMs));
		tickEnd = start + (tick + 1) * tickMs;
	}

	return {
		count(node, seq, time, flags) {
			if (time >= tickEnd) advance(time);
			const block = blockOf(blocks, node);
			const at = place(node);
			const own = block.own[at] as number;
			if (own === 0) addTopic(nodes, node);
			block.own[at] = own + 1;
			block.seq[at] = seq;
			block.time[at] = time;
			block.flags[at] = flags;
			block.sticky[at] = (block.sticky[at] as number) | flags;
			const pending = block.pending[at] as number;
			block.pending[at] = pending + 1;
			if (pending > 0) return;
			waiting[waits++] = node;
			if (waits === mostWaiting) settle();
		},
		settle: advance,
		rate(node) {
			const block = blockOf(blocks, node);
			const heat = (block.heat[place(node)] as number) * fade(tick - (block.tick[place(node)] as number));
			const rate = (heat * 1000) / fadeMs;
			return rate < 0.05 ? 0 : rate;
		},
	};
}

function addTopic(nodes: Nodes, node: number): void {
	nodes.topics++;
	for (let at = nodes.parent(node); at !== noNode; at = nodes.parent(at)) {
		const inner = blockOf(nodes.blocks, at).inner[place(at)] as number;
		(blockOf(nodes.innerBlocks, inner).below[place(inner)] as number)++;
	}
}
