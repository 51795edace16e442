import { fail } from '../../../base/failure';
import { type Binding, deadLettersOf, type Exchange, type Queue, type Topology } from './topology';

/** Maximum number of exchanges, and of queues, that are read for a picture. */
const maxNames = 1000;

export interface Listing {
	exchanges: readonly Exchange[];
	queues: readonly Queue[];
	bindings: readonly Binding[];
	/** Number of exchanges and queues that were not read. */
	hidden: number;
}

/** Reads what a picture of the virtual host needs. Throws a FailureError. */
export async function readListing(topology: Topology | undefined): Promise<Listing> {
	if (!topology)
		throw fail(
			'no-management',
			'Bindings can only be listed through the management API, which this connection does not use.',
			{ remedy: { text: 'Set "Management API" in the connection.' } },
		);
	const [exchanges, queues, bindings] = await Promise.all([
		topology.exchanges(0, maxNames),
		topology.queues(0, maxNames),
		topology.allBindings(),
	]);
	const hidden = exchanges.total + queues.total - exchanges.items.length - queues.items.length;
	return { exchanges: exchanges.items, queues: queues.items, bindings, hidden: Math.max(0, hidden) };
}

/** A way of messages from one node to another. Nodes are named "exchange orders" and "queue email". */
export interface Arrow {
	from: string;
	to: string;
	label: string;
	/** Not a binding, but the way of dead letters and of messages that no queue received. */
	dashed: boolean;
}

export function arrowsOf(
	exchanges: readonly Exchange[],
	queues: readonly Queue[],
	bindings: readonly Binding[],
): Arrow[] {
	const arrows = new Map<string, Arrow>();
	const add = (from: string, to: string, label: string, dashed: boolean) => {
		// Several keys between the same two nodes are one arrow, since ten parallel arrows are hard to read.
		const way = JSON.stringify([from, to, dashed]);
		const drawn = arrows.get(way);
		if (drawn) drawn.label = `${drawn.label}, ${label}`;
		else arrows.set(way, { from, to, label, dashed });
	};
	for (const { source, to, destination, key, arguments: terms } of bindings) {
		const match = Object.entries(terms).map(
			([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
		);
		add(`exchange ${source}`, `${to} ${destination}`, [key, ...match].filter((part) => part !== '').join(' '), false);
	}
	for (const queue of queues) {
		const dead = deadLettersOf(queue);
		if (!dead) continue;
		const { exchange, key } = dead;
		const from = `queue ${queue.name}`;
		if (exchange !== '')
			add(from, `exchange ${exchange}`, key === undefined ? 'dead letters' : `dead letters, ${key}`, true);
		// The default exchange routes to the queue that has the key as its name.
		else if (key !== undefined) add(from, `queue ${key}`, 'dead letters', true);
	}
	for (const { name, arguments: terms } of exchanges) {
		const other = terms?.['alternate-exchange'];
		if (typeof other === 'string') add(`exchange ${name}`, `exchange ${other}`, 'unrouted', true);
	}
	return [...arrows.values()];
}
