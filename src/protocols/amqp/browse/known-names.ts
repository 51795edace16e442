import { FailureError } from '../../../base/failure';
import { sortedByName } from '../../../model/text/natural-order';
import { callOnce } from '../wire/calls';
import type { Connection } from '../wire/connection';
import type { Exchange, Queue } from './topology';

/** The exchanges that RabbitMQ has in each virtual host. */
const predefined: readonly [string, string][] = [
	['amq.direct', 'direct'],
	['amq.fanout', 'fanout'],
	['amq.headers', 'headers'],
	['amq.match', 'headers'],
	['amq.topic', 'topic'],
];

/** Maximum number of names that were used and are in no list. */
const maxNames = 1000;
/** Number of names that are checked at once; each needs a channel. */
const atOnce = 8;

/** Exchanges and queues that the user has named, checked by passive declarations; used without the management API. */
export function createKnownNames(connection: Connection, configured: { exchanges: string[]; queues: string[] }) {
	const exchanges = new Set([...configured.exchanges, ...predefined.map(([name]) => name)]);
	const queues = new Set(configured.queues);

	function add(names: Set<string>, name: string): void {
		if (name !== '' && names.size < maxNames && !name.startsWith('amq.')) names.add(name);
	}

	async function queue(name: string): Promise<Queue> {
		try {
			return { name, ...(await counts(connection, name)) };
		} catch (error) {
			return { name, problem: problem(error) };
		}
	}

	async function exchange(name: string): Promise<Exchange> {
		const type = predefined.find(([one]) => one === name)?.[1];
		try {
			await callOnce(connection, (on) => on.checkExchange(name));
			return { name, type };
		} catch (error) {
			return { name, type, problem: problem(error) };
		}
	}

	return {
		addExchange: (name: string) => add(exchanges, name),
		addQueue: (name: string) => add(queues, name),
		exchangeNames: () => sortedByName([...exchanges], (name) => name),
		queueNames: () => sortedByName([...queues], (name) => name),
		exchanges: (names: readonly string[]) => inTurn(names, exchange),
		queues: (names: readonly string[]) => inTurn(names, queue),
	};
}

/** The refusal as a sentence. The node stays in the tree, since the user has named it. */
function problem(error: unknown): string {
	if (error instanceof FailureError) return error.failure.message;
	throw error;
}

/** The numbers of ready messages and consumers. Throws the refusal. */
export async function counts(connection: Connection, name: string): Promise<{ ready: number; consumers: number }> {
	const { messageCount, consumerCount } = await callOnce(connection, (on) => on.checkQueue(name));
	return { ready: messageCount, consumers: consumerCount };
}

async function inTurn<T>(names: readonly string[], check: (name: string) => Promise<T>): Promise<T[]> {
	const found: T[] = [];
	for (let at = 0; at < names.length; at += atOnce)
		found.push(...(await Promise.all(names.slice(at, at + atOnce).map(check))));
	return found;
}
