import { FailureError } from '../../../base/failure';
import { sortedByName } from '../../../model/text/natural-order';
import { callOnce } from '../wire/call-once';
import type { Connection } from '../wire/connection';
import type { Exchange, Queue } from './topology';

/** Those that every RabbitMQ has in each virtual host. */
const predefined: readonly [string, string][] = [
	['amq.direct', 'direct'],
	['amq.fanout', 'fanout'],
	['amq.headers', 'headers'],
	['amq.match', 'headers'],
	['amq.topic', 'topic'],
];

/** Names that were met and not listed by anybody: at most this many. */
const mostNames = 1000;
/** How many are asked at once; each takes a channel. */
const atOnce = 8;

/** What the user has named, looked at by passive declarations: useful without the management API. */
export function createNamed(connection: Connection, given: { exchanges: string[]; queues: string[] }) {
	const exchanges = new Set([...given.exchanges, ...predefined.map(([name]) => name)]);
	const queues = new Set(given.queues);

	function meet(names: Set<string>, name: string): void {
		if (name !== '' && names.size < mostNames && !name.startsWith('amq.')) names.add(name);
	}

	async function queue(name: string): Promise<Queue> {
		try {
			return { name, ...(await counts(connection, name)) };
		} catch (error) {
			return { name, problem: problem(error) };
		}
	}

	async function exchange(name: string): Promise<Exchange> {
		const type = predefined.find(([known]) => known === name)?.[1];
		try {
			await callOnce(connection, (on) => on.checkExchange(name));
			return { name, type };
		} catch (error) {
			return { name, type, problem: problem(error) };
		}
	}

	return {
		meetExchange: (name: string) => meet(exchanges, name),
		meetQueue: (name: string) => meet(queues, name),
		exchangeNames: () => sortedByName([...exchanges], (name) => name),
		queueNames: () => sortedByName([...queues], (name) => name),
		exchanges: (names: readonly string[]) => inTurn(names, exchange),
		queues: (names: readonly string[]) => inTurn(names, queue),
	};
}

/** A sentence, since the node is there only because somebody named it. */
function problem(error: unknown): string {
	if (error instanceof FailureError) return error.failure.message;
	throw error;
}

/** Messages that are ready, and consumers. Throws the refusal. */
export async function counts(connection: Connection, name: string): Promise<{ ready: number; consumers: number }> {
	const { messageCount, consumerCount } = await callOnce(connection, (on) => on.checkQueue(name));
	return { ready: messageCount, consumers: consumerCount };
}

async function inTurn<T>(names: readonly string[], look: (name: string) => Promise<T>): Promise<T[]> {
	const found: T[] = [];
	for (let at = 0; at < names.length; at += atOnce)
		found.push(...(await Promise.all(names.slice(at, at + atOnce).map(look))));
	return found;
}
