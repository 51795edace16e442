import { blockOf, place } from './blocks';
import { type Nodes, noNode } from './nodes';

/** Time constant of a node's rate in milliseconds; the rate decays in steps of a tick. */
const fadeMs = 3000;
const tickMs = 250;
const fades = Float64Array.from({ length: 200 }, (_, ticks) => Math.exp((-ticks * tickMs) / fadeMs));

/** Maximum nodes with pending counts; when reached, they are added to their ancestors before the tick ends. */
const maxWaiting = 16_384;

const fade = (ticks: number): number => (ticks < fades.length ? (fades[ticks] as number) : 0);

/**
 * Counts received messages. A message updates a few numbers of its own node; `settle` adds all pending counts to the
 * ancestors at once, before a read and before the tick changes.
 */
export interface Counter {
	count(node: number, seq: number, time: number, flags: number): void;
	/** `time`: the current time in milliseconds. */
	settle(time: number): void;
	/** Messages per second at and below a node. */
	rate(node: number): number;
}

/** `start`: the time of tick 0, in milliseconds. */
export function createCounter(nodes: Nodes, start: number): Counter {
	const { blocks, innerBlocks } = nodes;
	/** Nodes with pending counts. Preallocated, because a growing list would leave garbage in each tick of a flood. */
	const waiting = new Uint32Array(maxWaiting);
	let waits = 0;
	let tick = 0;
	let tickEnd = start + tickMs;

	/** Adds messages to a node's rate at the current tick. */
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
		// Stay in the same tick when the clock was set back.
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
			if (waits === maxWaiting) settle();
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
