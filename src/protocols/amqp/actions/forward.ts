import { FailureError, toFailure } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import type { Act } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { n } from '../browse/nodes';
import { createPublishing, type Outcome, type Parcel, type Publishing } from '../messages/publishing';
import type { Connection } from '../wire/connection';
import type { Got } from '../wire/contents';

/** Maximum number of messages that are taken and not yet confirmed at their destination. */
const window = 100;
/** Maximum number of messages, and of their bytes, that are requested ahead while a queue is searched. */
const prefetchLimit = 64;
const prefetchBytes = 4 * 1024 * 1024;
/** How long a stopped action waits for confirms, in milliseconds. Messages without one stay and may be at both places. */
const patience = 3000;

export interface Forwarding {
	connection: Connection;
	queue: string;
	/** Maximum number of messages to send on. */
	limit: number;
	/** Maximum number of messages to look at; those that are not sent on are held until the end. */
	look: number;
	/** Messages may be requested ahead that turn out not to be needed. */
	search?: boolean;
	/** The destination of a message; a text says why it stays; undefined if it stays without a reason. */
	route(got: Got): Parcel | string | undefined;
	act: Pick<Act, 'signal' | 'progress'>;
}

export interface Forwarded {
	sent: number;
	/** The number of messages that were sent, by destination in words; destinations beyond a limit are one entry. */
	to: Map<string, number>;
	/** The number of ready messages at the start; undefined if there were none. */
	ready?: number;
	/** The number of messages that stayed in the queue, by reason. */
	stayed: Map<string, number>;
	/** The number of messages that were looked at, including those that were sent on. */
	looked: number;
	/** The number of messages that were put back, marked as redelivered. */
	back: number;
	/** Why it ended: enough were sent, the queue is empty, the look limit, a stop by the user, or a failure. */
	end: 'enough' | 'all' | 'limit' | 'stopped' | 'failed';
}

/**
 * Takes messages from a queue, publishes each to its destination, and acknowledges it only after the server has confirmed
 * it there. If this ends early, the other messages stay in the queue: none is lost, at worst some exist twice.
 */
export async function forward({ connection, queue, limit, look, search, route, act }: Forwarding): Promise<Forwarded> {
	const stayed = new Map<string, number>();
	const stays = (why: string) => stayed.set(why, (stayed.get(why) ?? 0) + 1);
	const publishings = new Map<string, Publishing>();
	const to = new Map<string, number>();
	let before: number | undefined;
	let back = 0;
	let last = 0;
	const requested: Promise<Got | undefined>[] = [];
	const waiting = new Set<Promise<void>>();
	let sent = 0;
	let taken = 0;
	let looked = 0;
	let more = false;
	let fault: FailureError | undefined;
	const channel = await connection.open();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const closeAll = () => {
		for (const one of publishings.values()) void one.close();
	};
	const stopped = () => {
		timer = setTimeout(closeAll, patience);
	};
	act.signal.addEventListener('abort', stopped, { once: true });

	function publishingOf(exchange: string): Publishing {
		const cached = publishings.get(exchange);
		if (cached?.open) return cached;
		const created = createPublishing(connection);
		publishings.set(exchange, created);
		return created;
	}

	function request(): void {
		const got = channel.get(queue);
		// The rejection is handled where the promise is awaited.
		got.catch(() => {});
		requested.push(got);
	}

	function settled(tag: number, outcome: Outcome, parcel: Parcel): void {
		if (outcome.kind === 'confirmed') {
			channel.ack(tag, false);
			sent++;
			addDestination(to, parcel);
			act.progress(`${n(sent)} sent`, sent / limit);
			return;
		}
		back++;
		if (outcome.kind === 'returned') stays('no queue is bound for it there');
		else
			stays(
				outcome.kind === 'unknown' ? `${outcome.failure.message} It may be at both places.` : outcome.failure.message,
			);
	}

	try {
		// Messages that enter the queue meanwhile, perhaps the same ones again, are left alone.
		let ready = look;
		let ahead = 1;
		while (looked < ready && taken < limit && !act.signal.aborted) {
			while (requested.length < ahead && looked + requested.length < ready) request();
			const got = await requested.shift();
			if (!got) break;
			last = got.tag;
			if (search) ahead = Math.max(1, Math.min(prefetchLimit, Math.floor(prefetchBytes / (got.body.length + 1))));
			if (looked === 0) {
				before = got.left + 1;
				ready = Math.min(look, got.left + 1);
				more = got.left + 1 > look;
			}
			looked++;
			if (looked % 1000 === 0) act.progress(`${n(looked)} of ${n(ready)} looked at, ${n(sent)} sent`, looked / ready);
			const parcel = route(got);
			if (parcel === undefined || typeof parcel === 'string') {
				if (parcel) stays(parcel);
				back++;
				continue;
			}
			taken++;
			const done = publishingOf(parcel.exchange)
				.publish(parcel)
				.then((outcome) => {
					settled(got.tag, outcome, parcel);
					waiting.delete(done);
				});
			waiting.add(done);
			if (waiting.size >= window) await Promise.race(waiting);
		}
	} catch (error) {
		fault = new FailureError(toFailure(error));
	}
	for (const one of requested) {
		const got = await one.catch(() => undefined);
		if (!got) continue;
		last = got.tag;
		looked++;
		back++;
	}
	await Promise.all(waiting);
	clearTimeout(timer);
	act.signal.removeEventListener('abort', stopped);
	// All unacknowledged messages at once: one by one it takes the server minutes.
	if (back > 0) channel.requeue(last, true);
	// Its answer proves that the server has read every acknowledgement before it.
	await channel
		.call((on) => on.prefetch(0))
		.catch((error) => {
			fault ??= new FailureError(toFailure(error));
		});
	await Promise.all([channel.close(), ...[...publishings.values()].map((one) => one.close())]);
	if (fault && sent === 0) throw fault;
	if (fault) stays(`${fault.failure.message} Some may be at both places.`);
	const end = fault ? 'failed' : taken >= limit ? 'enough' : act.signal.aborted ? 'stopped' : more ? 'limit' : 'all';
	return { sent, to, ...(before !== undefined && { ready: before }), stayed, looked, back, end };
}

/** Maximum number of destinations that are counted apart: each message may have a key of its own. */
const maxDestinations = 200;

export function addDestination(to: Map<string, number>, { exchange, key }: Pick<Parcel, 'exchange' | 'key'>): void {
	const place =
		exchange === ''
			? `the queue "${peerText(key, { most: 255 })}"`
			: `the exchange "${peerText(exchange, { most: 255 })}"${key === '' ? '' : ` with the key "${peerText(key, { most: 255 })}"`}`;
	const entry = to.has(place) || to.size < maxDestinations ? place : 'other keys';
	to.set(entry, (to.get(entry) ?? 0) + 1);
}

/** Sentences about the messages that stayed. */
export function stayedInWords({ stayed }: Pick<Forwarded, 'stayed'>): string {
	return [...stayed].map(([why, count]) => sentence(`${n(count)} stayed: ${why}`)).join(' ');
}
