import { fail, toFailure } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Act, Logged } from '../../adapter';
import { n } from '../browse/nodes';
import { checkAny, parseAddress } from '../describe/addresses';
import { type AmqpMeta, amqpFlag } from '../describe/flags';
import { deathsOf } from '../describe/properties';
import { createPublishing, type Outcome, type Parcel } from '../messages/publishing';
import { headBytes, readBasic, writeBasic } from '../wire/basic';
import type { Connection } from '../wire/connection';
import { keptHead } from '../wire/kept-head';
import { type Forwarded, forward, stayedInWords } from './forward';
import type { Risky } from './isolated-connection';

/** How far a queue is searched, unless the user says otherwise. Messages. */
const usuallyLooked = 50_000;
const mostLooked = 1_000_000;

const lookIn = ({ look }: Act['values']) =>
	typeof look === 'number' && look >= 1 ? Math.min(Math.floor(look), mostLooked) : usuallyLooked;

export interface Message {
	exchange: string;
	key: string;
	head: string;
	body: Uint8Array;
}

type Route = (message: Message) => Parcel | string;

/** Where a dead letter came from, or the place that the user has named instead. */
export function routeOf({ values, messages, node }: Pick<Act, 'values' | 'messages' | 'node'>): Route {
	const { target, body, to } = values;
	const place = typeof target === 'string' && target.trim() !== '' ? target.trim() : undefined;
	const wrong = place === undefined ? undefined : checkAny(place);
	if (wrong) throw fail('bad-target', wrong);
	const address = place === undefined ? undefined : parseAddress(place);
	const edited = typeof body === 'string' && body !== '' ? Buffer.from(body) : undefined;
	if (edited && (node !== undefined || messages.length !== 1))
		throw fail('one-at-a-time', 'Another body can be given for a single message only.');
	return (message) => {
		const content = { head: headBytes(message.head), body: edited ?? message.body };
		if (address?.kind === 'queue') return { exchange: '', key: address.queue, ...content };
		if (address?.kind === 'exchange') {
			// Without a key the message keeps its own.
			const key = address.hasKey ? address.key : (lastDeath(message)?.keys[0] ?? message.key);
			return { exchange: address.exchange, key, ...content };
		}
		const death = lastDeath(message);
		if (!death) return 'it does not say where it died (no x-death)';
		if (to === 'queue') return { exchange: '', key: death.queue, ...content };
		return { exchange: death.exchange, key: death.keys[0] ?? '', ...content };
	};
}

function lastDeath({ head }: Message) {
	try {
		return deathsOf(readBasic(headBytes(head)).headers)[0];
	} catch {
		return undefined;
	}
}

/** Dead letters of a queue, from its front. */
export async function reviveQueue(connection: Connection, queue: string, most: number, act: Act): Promise<ActResult> {
	const look = lookIn(act.values);
	const done = await forward({ connection, queue, most, look, route: routeOf(act), act });
	const rest =
		done.end === 'limit'
			? [`The queue has more: only its first ${n(look)} messages were looked at. Raise "Search at most" to go further.`]
			: [];
	return result(done, `from "${queue}"`, rest);
}

export interface Selected {
	connection: Connection;
	risky: Risky;
	act: Act;
}

/** Dead letters that were selected in the log: those that were peeked at are taken from their queue. */
export async function reviveMessages({ connection, risky, act }: Selected): Promise<ActResult> {
	const route = routeOf(act);
	const all: Pick<Forwarded, 'sent' | 'stayed' | 'back'> = { sent: 0, stayed: new Map(), back: 0 };
	const missing: string[] = [];
	const add = (why: string, count = 1): void => {
		all.stayed.set(why, (all.stayed.get(why) ?? 0) + count);
	};
	const queues = new Map<string, Logged[]>();
	for (const message of act.messages) {
		const meta = message.meta as AmqpMeta | undefined;
		if (!meta || meta.queue === undefined) add('it was not read from a queue');
		else if (act.signal.aborted) add('this was stopped before its turn had come');
		else if (message.flags & amqpFlag.consumed) await again(message, meta);
		else queues.set(meta.queue, [...(queues.get(meta.queue) ?? []), message]);
	}

	/** It was taken from its queue before: the log has the only copy. */
	async function again({ payload }: Logged, meta: AmqpMeta): Promise<void> {
		const parcel = route({ ...meta, body: payload });
		if (typeof parcel === 'string') return add(parcel);
		const publishing = createPublishing(connection);
		const outcome = await publishing.publish(parcel);
		await publishing.close();
		if (outcome.kind === 'confirmed') all.sent++;
		else add(inWords(outcome));
	}

	/** Takes those that were selected out of one queue. */
	async function from(queue: string, wanted: Logged[], on: Connection): Promise<void> {
		const open = new Map<string, number>();
		for (const { payload, meta } of wanted) {
			const key = identity({ ...(meta as AmqpMeta), body: payload });
			open.set(key, (open.get(key) ?? 0) + 1);
		}
		const done = await forward({
			...{ connection: on, queue, most: wanted.length, look: lookIn(act.values), act, search: true },
			route(got) {
				const key = identity(got);
				const count = open.get(key) ?? 0;
				if (count === 0) return undefined;
				open.set(key, count - 1);
				return route(got);
			},
		});
		all.sent += done.sent;
		all.back += done.back;
		for (const [why, count] of done.stayed) add(why, count);
		const count = [...open.values()].reduce((sum, one) => sum + one, 0);
		if (count > 0) missing.push(notFound(queue, count, done));
	}

	for (const [queue, wanted] of queues)
		await risky
			.queue(queue, act, (on) => from(queue, wanted, on))
			.catch((error) => {
				// What was done before is told; alone, it is the failure of all.
				if (all.sent === 0 && queues.size === 1) throw error;
				add(toFailure(error).message, wanted.length);
			});
	return result(all, '', missing);
}

function notFound(queue: string, count: number, { looked, end }: Forwarded): string {
	const were = `${n(count)} ${count === 1 ? 'was' : 'were'} not sent`;
	const those = `${n(looked)} ${looked === 1 ? 'message' : 'messages'}`;
	switch (end) {
		case 'limit':
			return `${were}: not among the first ${those} of "${queue}", and no more were looked at. Raise "Search at most" to go further.`;
		case 'stopped':
			return `${were}: this was stopped after ${those} of "${queue}" had been looked at.`;
		case 'failed':
			return `${were}: not found before it failed.`;
		default:
			return `${were}: not ready in "${queue}" any more (taken away, or held by a consumer).`;
	}
}

/** A message is known again by all that it has; a quorum queue counts its deliveries in a header of it. */
function identity({ exchange, key, head, body }: Message): string {
	let known = head;
	if (head.includes('x-delivery-count')) {
		const basic = readBasic(headBytes(head));
		known = keptHead(writeBasic({ ...basic, headers: basic.headers?.filter(([name]) => name !== 'x-delivery-count') }));
	}
	return JSON.stringify([exchange, key, known, Buffer.from(body).toString('base64')]);
}

function inWords(outcome: Outcome): string {
	if (outcome.kind === 'returned') return 'no queue takes it there';
	return outcome.kind === 'confirmed' ? '' : outcome.failure.message;
}

export function result(
	done: Pick<Forwarded, 'sent' | 'stayed' | 'back'>,
	from: string,
	missing: readonly string[] = [],
): ActResult {
	const count = `${n(done.sent)} ${done.sent === 1 ? 'message' : 'messages'}`;
	const behind = from && ` ${from}`;
	const parts = [
		done.sent === 0
			? `Nothing was sent${behind}.`
			: `Sent ${count}${behind}, ${done.sent === 1 ? 'confirmed' : 'each confirmed'} before it was taken away.`,
		stayedInWords(done),
		...missing,
		done.back > 0 &&
			`${n(done.back)} that ${done.back === 1 ? 'was' : 'were'} looked at ${done.back === 1 ? 'goes' : 'go'} back to the queue, marked as redelivered.`,
	];
	const bad = done.stayed.size > 0 || missing.length > 0;
	return { text: parts.filter((part) => part).join(' '), ...(bad && { bad }) };
}
