import { type Nodes, noNode } from './nodes';

/** A node's rate fades with this time constant, in steps of a tick. Milliseconds. */
const fadeMs = 3000;
const tickMs = 250;
const fades = Float64Array.from({ length: 200 }, (_, ticks) => Math.exp((-ticks * tickMs) / fadeMs));

/** In ticks since `start`; both in milliseconds. */
export const tickOf = (time: number, start: number): number => Math.max(0, Math.floor((time - start) / tickMs));

/** Counts one received message on a node and all above it: the only cost of the tree while messages flow. */
export function countMessage(nodes: Nodes, node: number, seq: number, time: number, flags: number, tick: number): void {
	const isNew = nodes.own[node] === 0;
	(nodes.own[node] as number)++;
	nodes.seq[node] = seq;
	nodes.time[node] = time;
	nodes.flags[node] = flags;
	nodes.sticky[node] = (nodes.sticky[node] as number) | flags;
	const { total, heat, tick: ticks, parent } = nodes;
	for (let at = node; at !== noNode; at = parent[at] as number) {
		(total[at] as number)++;
		const since = tick - (ticks[at] as number);
		if (since > 0) {
			heat[at] = (heat[at] as number) * (fades[since] ?? 0);
			ticks[at] = tick;
		}
		(heat[at] as number)++;
	}
	if (isNew) {
		nodes.topics++;
		for (let at = parent[node] as number; at !== noNode; at = parent[at] as number) (nodes.below[at] as number)++;
	}
}

/** Messages a second at and below a node. */
export function rateOf(nodes: Nodes, node: number, tick: number): number {
	const since = Math.max(0, tick - (nodes.tick[node] as number));
	const rate = ((nodes.heat[node] as number) * (fades[since] ?? 0) * 1000) / fadeMs;
	return rate < 0.05 ? 0 : rate;
}
