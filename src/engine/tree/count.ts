import { type Nodes, noNode } from './nodes';

/** A node's rate fades with this time constant, in steps of a tick. Milliseconds. */
const fadeMs = 3000;
const tickMs = 250;
const fades = Float64Array.from({ length: 200 }, (_, ticks) => Math.exp((-ticks * tickMs) / fadeMs));

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
	const waiting: number[] = [];
	let tick = 0;
	let tickEnd = start + tickMs;

	function settle(): void {
		const { total, heat, tick: ticks, parent, pending } = nodes;
		for (const node of waiting) {
			const count = pending[node] as number;
			pending[node] = 0;
			for (let at = node; at !== noNode; at = parent[at] as number) {
				total[at] = (total[at] as number) + count;
				heat[at] = (heat[at] as number) * fade(tick - (ticks[at] as number)) + count;
				ticks[at] = tick;
			}
		}
		waiting.length = 0;
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
			const own = nodes.own[node] as number;
			if (own === 0) addTopic(nodes, node);
			nodes.own[node] = own + 1;
			nodes.seq[node] = seq;
			nodes.time[node] = time;
			nodes.flags[node] = flags;
			nodes.sticky[node] = (nodes.sticky[node] as number) | flags;
			const pending = nodes.pending[node] as number;
			if (pending === 0) waiting.push(node);
			nodes.pending[node] = pending + 1;
		},
		settle: advance,
		rate(node) {
			const heat = (nodes.heat[node] as number) * fade(tick - (nodes.tick[node] as number));
			const rate = (heat * 1000) / fadeMs;
			return rate < 0.05 ? 0 : rate;
		},
	};
}

function addTopic(nodes: Nodes, node: number): void {
	nodes.topics++;
	for (let at = nodes.parent[node] as number; at !== noNode; at = nodes.parent[at] as number)
		nodes.below[at] = (nodes.below[at] as number) + 1;
}
