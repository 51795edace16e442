import { fail, toFailure } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { n } from '../browse/nodes';
import { checkDestination, destinationOf } from '../describe/addresses';
import { amqpFlag } from '../describe/flags';
import { deathsOf } from '../describe/properties';
import { type StoredMessage, storedMessage } from '../describe/stored-message';
import { createPublishing, type Outcome, type Parcel } from '../messages/publishing';
import { readBasic, writeBasic } from '../wire/basic';
import type { Connection } from '../wire/connection';
import type { Got } from '../wire/contents';
import { addDestination, type Forwarded, forward } from './forward';
import type { Isolation } from './isolated-connection';
import { type Done, remaining, result } from './outcome';

/** Messages of a queue that are searched by default, and at most. */
const defaultLook = 50_000;
const maxLook = 1_000_000;

const lookIn = ({ look }: Act['values']) =>
	typeof look === 'number' && look >= 1 ? Math.min(Math.floor(look), maxLook) : defaultLook;

export interface Message {
	exchange: string;
	key: string;
	/** Its encoded properties. */
	head: Uint8Array;
	body: Uint8Array;
}

/** A message of a queue. Its meta is complete, since the channel has read it. */
export const messageOf = ({ meta, body }: Pick<Got, 'meta' | 'body'>): Message => ({
	...(storedMessage(meta) as StoredMessage),
	body,
});

type Route = (message: Message) => Parcel | string;

/** The place from which a dead letter came, or the one that the user has named instead. */
export function routeOf({ values, messages, node }: Pick<Act, 'values' | 'messages' | 'node'>): Route {
	const { target, body, to } = values;
	const place = typeof target === 'string' && target.trim() !== '' ? target.trim() : undefined;
	const wrong = place === undefined ? undefined : checkDestination(place);
	if (wrong) throw fail('bad-target', wrong, { field: 'target' });
	const address = place === undefined ? undefined : destinationOf(place);
	const edited = typeof body === 'string' && body !== '' ? Buffer.from(body) : undefined;
	if (edited && (node !== undefined || messages.length !== 1))
		throw fail('one-at-a-time', 'The body can be replaced for a single message only.', { field: 'body' });
	return (message) => {
		const content = { head: message.head, body: edited ?? message.body };
		if (address?.kind === 'queue') return { exchange: '', key: address.queue, ...content };
		if (address?.kind === 'exchange') {
			// Without a key the message keeps its key.
			const key = address.hasKey ? address.key : (lastDeath(message)?.keys[0] ?? message.key);
			return { exchange: address.exchange, key, ...content };
		}
		const death = lastDeath(message);
		if (!death) return 'it has no x-death header that names its origin';
		if (to === 'queue') return { exchange: '', key: death.queue, ...content };
		return { exchange: death.exchange, key: death.keys[0] ?? '', ...content };
	};
}

function lastDeath({ head }: Message) {
	try {
		return deathsOf(readBasic(head).headers)[0];
	} catch {
		return undefined;
	}
}

/** Sends the dead letters of a queue, from its front. */
export async function reviveQueue(connection: Connection, queue: string, limit: number, act: Act): Promise<ActResult> {
	const look = lookIn(act.values);
	const route = routeOf(act);
	const done = await forward({ connection, queue, limit, look, route: (got) => route(messageOf(got)), act });
	const rest =
		done.end === 'limit'
			? [`The queue has more: only its first ${n(look)} messages were looked at. Raise "Search at most" to go further.`]
			: [];
	return result(done, `from "${queue}"`, { missing: rest, rest: await remaining(connection, queue, done) });
}

export interface Selected {
	connection: Connection;
	isolation: Isolation;
	act: Act;
}

/** Sends dead letters that were selected in the log; those that were peeked at are taken from their queue. */
export async function reviveMessages({ connection, isolation, act }: Selected): Promise<ActResult> {
	const route = routeOf(act);
	const all: Done = { sent: 0, to: new Map(), stayed: new Map(), back: 0 };
	let rest: string | undefined;
	const missing: string[] = [];
	const add = (why: string, count = 1): void => {
		all.stayed.set(why, (all.stayed.get(why) ?? 0) + count);
	};
	const queues = new Map<string, Message[]>();
	for (const message of act.messages) {
		const stored = storedMessage(message.meta);
		if (stored?.queue === undefined) add('it was not read from a queue');
		else if (act.signal.aborted) add('the action was stopped before it was sent');
		else if (message.flags & amqpFlag.consumed) await sendAgain({ ...stored, body: message.payload });
		else queues.set(stored.queue, [...(queues.get(stored.queue) ?? []), { ...stored, body: message.payload }]);
	}

	/** Sends a message that was consumed before, of which the log has the only copy. */
	async function sendAgain(message: Message): Promise<void> {
		const parcel = route(message);
		if (typeof parcel === 'string') return add(parcel);
		const publishing = createPublishing(connection);
		const outcome = await publishing.publish(parcel);
		await publishing.close();
		if (outcome.kind !== 'confirmed') return add(inWords(outcome));
		all.sent++;
		addDestination(all.to, parcel);
	}

	/** Takes the selected messages out of one queue. */
	async function takeFrom(queue: string, wanted: Message[], on: Connection): Promise<void> {
		const open = new Map<string, number>();
		for (const message of wanted) {
			const key = identity(message);
			open.set(key, (open.get(key) ?? 0) + 1);
		}
		const done = await forward({
			...{ connection: on, queue, limit: wanted.length, look: lookIn(act.values), act, search: true },
			route(got) {
				const message = messageOf(got);
				const key = identity(message);
				const count = open.get(key) ?? 0;
				if (count === 0) return undefined;
				open.set(key, count - 1);
				return route(message);
			},
		});
		all.sent += done.sent;
		all.back += done.back;
		for (const [place, sent] of done.to) all.to.set(place, (all.to.get(place) ?? 0) + sent);
		if (queues.size === 1) rest = await remaining(on, queue, done);
		for (const [why, count] of done.stayed) add(why, count);
		const count = [...open.values()].reduce((sum, one) => sum + one, 0);
		if (count > 0) missing.push(notFound(queue, count, done));
	}

	for (const [queue, wanted] of queues)
		await isolation
			.queue(queue, act, (on) => takeFrom(queue, wanted, on))
			.catch((error) => {
				// Earlier successes are reported; if there are none, this is the failure of the action.
				if (all.sent === 0 && queues.size === 1) throw error;
				add(toFailure(error).message, wanted.length);
			});
	return result(all, '', { missing, rest });
}

function notFound(queue: string, count: number, { looked, end }: Forwarded): string {
	const were = `${n(count)} ${count === 1 ? 'was' : 'were'} not sent`;
	const those = `${n(looked)} ${looked === 1 ? 'message' : 'messages'}`;
	switch (end) {
		case 'limit':
			return `${were}: not among the first ${those} of "${queue}", and no more were looked at. Raise "Search at most" to go further.`;
		case 'stopped':
			return `${were}: the action was stopped after ${those} of "${queue}" had been looked at.`;
		case 'failed':
			return `${were}: not found before the action failed.`;
		default:
			return `${were}: no longer ready in "${queue}" (consumed, or held by a consumer).`;
	}
}

/** Identifies a message by all its parts but the header in which a quorum queue counts its deliveries. */
function identity({ exchange, key, head, body }: Message): string {
	let stable = Buffer.from(head);
	if (stable.includes('x-delivery-count')) {
		const basic = readBasic(head);
		const headers = basic.headers?.filter(([name]) => name !== 'x-delivery-count');
		stable = Buffer.from(writeBasic({ ...basic, headers }));
	}
	return JSON.stringify([exchange, key, stable.toString('base64'), Buffer.from(body).toString('base64')]);
}

function inWords(outcome: Outcome): string {
	if (outcome.kind === 'returned') return 'no queue is bound for it there';
	return outcome.kind === 'confirmed' ? '' : outcome.failure.message;
}
