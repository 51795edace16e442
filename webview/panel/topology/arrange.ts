import type { Graph, GraphEdge } from '../../../src/model/contracts/graph';

/** Pixels. */
export const nodeSize = { width: 190, height: 40 } as const;
const gap = { x: 110, y: 14 } as const;
const margin = 20;
/** Passes that move nodes next to their neighbours. */
const sweeps = 4;

export interface Placed {
	x: number;
	y: number;
	column: number;
	/** Position within the column, from the top. */
	row: number;
}

export interface Arrangement {
	/** By id of the node. */
	places: ReadonlyMap<string, Placed>;
	/** Where an edge passes the columns between its ends, from left to right; by `wayOf`. */
	bends: ReadonlyMap<string, readonly Placed[]>;
	width: number;
	height: number;
}

/**
 * Places nodes in columns so that edges lead to the right where they can (layers of longest paths, Sugiyama's method).
 * Nodes without edges are below all others.
 */
export function arrange({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>): Arrangement {
	const ids = nodes.map(({ node }) => node.id);
	const forward = withoutCircles(ids, edges);
	const connected = new Set(edges.flatMap(({ from, to }) => [from, to]));
	const layered = layers(
		ids.filter((id) => connected.has(id)),
		forward,
	);
	const short = withBends(layered, forward);
	const columns = ordered(short.columns, short.edges);
	const ys = heights(columns, short.edges);
	const places = new Map<string, Placed>();
	columns.forEach((column, at) => {
		column.forEach((id, row) => {
			const x = margin + at * (nodeSize.width + gap.x);
			places.set(id, { x, y: ys.get(id) ?? 0, column: at, row });
		});
	});
	const bends = new Map([...short.chains].map(([way, chain]) => [way, chain.flatMap((id) => places.get(id) ?? [])]));
	const bottom = Math.max(margin, ...[...places.values()].map(({ y }) => y + nodeSize.height + gap.y));
	for (const chain of short.chains.values()) for (const id of chain) places.delete(id);
	const alone = ids.filter((id) => !connected.has(id));
	const perRow = Math.max(3, columns.length);
	const top = places.size > 0 && alone.length > 0 ? bottom + gap.y : bottom;
	alone.forEach((id, at) => {
		const column = at % perRow;
		const row = Math.floor(at / perRow);
		const x = margin + column * (nodeSize.width + (places.size > 0 && columns.length >= 3 ? gap.x : gap.y));
		places.set(id, { x, y: top + row * (nodeSize.height + gap.y), column, row: 10_000 + row });
	});
	const all = [...places.values()];
	return {
		...{ places, bends },
		width: Math.max(0, ...all.map(({ x }) => x + nodeSize.width)) + margin,
		height: Math.max(bottom, ...all.map(({ y }) => y + nodeSize.height)) + margin,
	};
}

/** The edges with those of circles turned round, by depth-first search from the nodes that nothing leads to. */
function withoutCircles(ids: readonly string[], edges: readonly GraphEdge[]): [from: string, to: string][] {
	const next = new Map<string, string[]>();
	const entered = new Set<string>();
	for (const { from, to } of edges) {
		if (from === to) continue;
		next.set(from, [...(next.get(from) ?? []), to]);
		entered.add(to);
	}
	const state = new Map<string, 'open' | 'done'>();
	const result: [string, string][] = [];
	const starts = [...ids.filter((id) => !entered.has(id)), ...ids];
	for (const start of starts) {
		// Its own stack: a chain of queues may be longer than the call stack allows.
		const stack: { id: string; at: number }[] = [];
		if (!state.has(start)) stack.push({ id: start, at: 0 });
		state.set(start, state.get(start) ?? 'open');
		for (let top = stack.at(-1); top; top = stack.at(-1)) {
			const to = next.get(top.id)?.[top.at++];
			if (to === undefined) {
				state.set(top.id, 'done');
				stack.pop();
				continue;
			}
			if (state.get(to) === 'open') result.push([to, top.id]);
			else result.push([top.id, to]);
			if (!state.has(to)) {
				state.set(to, 'open');
				stack.push({ id: to, at: 0 });
			}
		}
	}
	return result;
}

/** Columns by the longest path to each node. */
function layers(ids: readonly string[], edges: readonly [string, string][]): string[][] {
	const before = new Map<string, number>(ids.map((id) => [id, 0]));
	const next = new Map<string, string[]>();
	for (const [from, to] of edges) {
		before.set(to, (before.get(to) ?? 0) + 1);
		next.set(from, [...(next.get(from) ?? []), to]);
	}
	const layer = new Map<string, number>(ids.map((id) => [id, 0]));
	const queue = ids.filter((id) => before.get(id) === 0);
	for (let id = queue.shift(); id !== undefined; id = queue.shift())
		for (const to of next.get(id) ?? []) {
			layer.set(to, Math.max(layer.get(to) ?? 0, (layer.get(id) ?? 0) + 1));
			const left = (before.get(to) ?? 1) - 1;
			before.set(to, left);
			if (left === 0) queue.push(to);
		}
	const deepest = Math.max(-1, ...layer.values());
	return Array.from({ length: deepest + 1 }, (_, at) => ids.filter((id) => layer.get(id) === at));
}

/** The key of an edge, whatever its direction. */
export const wayOf = (from: string, to: string): string => JSON.stringify([from, to].sort());

/** Replaces edges over several columns by chains of places between other nodes, so that no line runs through a node. */
function withBends(layered: readonly string[][], edges: readonly [string, string][]) {
	const columns = layered.map((column) => [...column]);
	const layer = new Map(columns.flatMap((column, at) => column.map((id): [string, number] => [id, at])));
	const chains = new Map<string, string[]>();
	const short: [string, string][] = [];
	for (const [from, to] of edges) {
		const way = wayOf(from, to);
		if (chains.has(way)) continue;
		const chain: string[] = [];
		let last = from;
		for (let at = (layer.get(from) ?? 0) + 1; at < (layer.get(to) ?? 0); at++) {
			const id = `${way} ${at}`;
			columns[at]?.push(id);
			chain.push(id);
			short.push([last, id]);
			last = id;
		}
		short.push([last, to]);
		if (chain.length > 0) chains.set(way, chain);
	}
	return { columns, edges: short, chains };
}

const neighbours = (edges: readonly [string, string][], to: 'left' | 'right'): Map<string, string[]> => {
	const found = new Map<string, string[]>();
	for (const [from, end] of edges) {
		const [id, other] = to === 'left' ? [end, from] : [from, end];
		found.set(id, [...(found.get(id) ?? []), other]);
	}
	return found;
};

/** Orders each column by the middle of the neighbours on one side, so that fewer edges cross. */
function ordered(columns: readonly string[][], edges: readonly [string, string][]): string[][] {
	const result = columns.map((column) => [...column]);
	const beside = { left: neighbours(edges, 'left'), right: neighbours(edges, 'right') };
	for (let sweep = 0; sweep < sweeps; sweep++) {
		const side = sweep % 2 === 0 ? 'left' : 'right';
		const rank = new Map<string, number>();
		const note = () => {
			for (const column of result) column.forEach((id, at) => void rank.set(id, at / Math.max(1, column.length)));
		};
		note();
		const order = side === 'left' ? result : [...result].reverse();
		for (const column of order) {
			const middle = new Map(
				column.map((id): [string, number] => [id, mean(beside[side].get(id), rank) ?? rank.get(id) ?? 0]),
			);
			column.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
			column.forEach((id, at) => void rank.set(id, at / Math.max(1, column.length)));
		}
	}
	return result;
}

function mean(ids: readonly string[] | undefined, values: ReadonlyMap<string, number>): number | undefined {
	const known = (ids ?? []).flatMap((id) => values.get(id) ?? []);
	return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Vertical places: each node beside its neighbours on the left, as far as the order of its column allows. */
function heights(columns: readonly string[][], edges: readonly [string, string][]): Map<string, number> {
	const left = neighbours(edges, 'left');
	const ys = new Map<string, number>();
	const step = nodeSize.height + gap.y;
	for (const column of columns) {
		const wanted = column.map((id, at) => mean(left.get(id), ys) ?? margin + at * step);
		// A column that would begin far below its neighbours is moved up as a whole.
		let y = margin;
		const placed = wanted.map((want) => {
			const own = Math.max(y, want);
			y = own + step;
			return own;
		});
		const surplus = placed.reduce((sum, own, at) => sum + own - (wanted[at] ?? own), 0) / Math.max(1, placed.length);
		const shift = Math.min(surplus, (placed[0] ?? margin) - margin);
		column.forEach((id, at) => void ys.set(id, (placed[at] ?? margin) - shift));
	}
	return ys;
}
