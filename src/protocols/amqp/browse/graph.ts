import { type Graph, type GraphNode, graphLimits } from '../../../model/contracts/graph';
import { sortedByName } from '../../../model/text/natural-order';
import { peerText } from '../../shared/peer-text';
import { type Arrow, arrowsOf, type Listing } from './arrows';
import { exchangeNode, queueNode } from './nodes';

const idOf = (name: string) => name.replace(/^(exchange|queue) /, '$1:');

/**
 * Exchanges, bindings and queues as a graph. Exchanges that the server brings with it are part of it only where something
 * is bound to them. `find`: only objects whose names contain it, and their neighbours.
 */
export function graphOf(
	{ exchanges, queues, bindings, hidden }: Listing,
	taps: ReadonlySet<string>,
	find: string,
): Graph {
	const arrows = arrowsOf(exchanges, queues, bindings);
	const connected = new Set(arrows.flatMap(({ from, to }) => [from, to]));
	const all = new Map<string, GraphNode>();
	for (const exchange of exchanges) {
		const name = `exchange ${exchange.name}`;
		const isOwn = exchange.name !== '' && !exchange.name.startsWith('amq.');
		if (isOwn || connected.has(name)) all.set(name, { node: exchangeNode(exchange, true), parents: ['exchanges'] });
	}
	for (const queue of queues) {
		const { name, ready } = queue;
		all.set(`queue ${name}`, {
			...{ node: queueNode(queue, true, taps.has(name)), parents: ['queues'] },
			...(ready !== undefined && { waiting: ready }),
		});
	}
	for (const name of connected) if (!all.has(name)) all.set(name, unlisted(name, hidden > 0));
	const shown = find === '' ? all : matching(all, arrows, find.toLowerCase());
	return cut(shown, arrows, hidden);
}

/** The end of an edge that was not listed: a dead-letter exchange that does not exist, or one beyond the limit. */
function unlisted(name: string, isPartial: boolean): GraphNode {
	const [kind = '', ...rest] = name.split(' ');
	return {
		node: {
			...{ id: idOf(name), kind, name: peerText(rest.join(' '), { most: 255 }), expandable: false },
			...{ description: isPartial ? 'not listed' : 'does not exist', bad: !isPartial, modes: [] },
		},
		...(!isPartial && { missing: true }),
	};
}

function matching(all: ReadonlyMap<string, GraphNode>, arrows: readonly Arrow[], find: string): Map<string, GraphNode> {
	const found = new Set(
		[...all].filter(([, { node }]) => node.name.toLowerCase().includes(find)).map(([name]) => name),
	);
	const near = new Set(found);
	for (const { from, to } of arrows) {
		if (found.has(from)) near.add(to);
		if (found.has(to)) near.add(from);
	}
	return new Map([...all].filter(([name]) => near.has(name)));
}

/** Applies the limits. Nodes with edges come first: what is bound to nothing is listed in the tree as well. */
function cut(all: ReadonlyMap<string, GraphNode>, arrows: readonly Arrow[], unread: number): Graph {
	const fitting = arrows.filter(({ from, to }) => all.has(from) && all.has(to));
	const connected = new Set(fitting.flatMap(({ from, to }) => [from, to]));
	const sorted = sortedByName([...all], ([, { node }]) => node.name);
	const ordered = [
		...sorted.filter(([name]) => connected.has(name)),
		...sorted.filter(([name]) => !connected.has(name)),
	].slice(0, graphLimits.nodes);
	const drawn = new Set(ordered.map(([name]) => name));
	const edges = fitting.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
	return {
		nodes: ordered.map(([, node]) => node),
		edges: edges.slice(0, graphLimits.edges).map(({ from, to, label, dashed }) => ({
			...{ from: idOf(from), to: idOf(to), label: peerText(label, { most: 200 }) },
			...(dashed && { dashed: true as const }),
		})),
		hidden: {
			nodes: all.size - ordered.length + unread,
			edges: fitting.length - Math.min(edges.length, graphLimits.edges),
		},
	};
}
