import { FailureError, toFailure } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import type { Act } from '../../adapter';
import { n } from '../browse/nodes';
import { createPublishing, type Outcome, type Parcel, type Publishing } from '../messages/publishing';
import type { Connection } from '../wire/connection';
import type { Got } from '../wire/contents';

/** Messages that may be taken and not yet confirmed at their new place. */
const window = 100;
/** Messages that may be asked for ahead while a queue is searched, and bytes of theirs. */
const mostAhead = 64;
const mostAheadBytes = 4 * 1024 * 1024;
/** How long a stopped action waits for confirms, in milliseconds; what has none then stays, and may be at both places. */
const patience = 3000;

export interface Forwarding {
	connection: Connection;
	queue: string;
	/** At most so many are sent on. */
	most: number;
	/** At most so many are looked at; those that are not sent on are held until the end. */
	look: number;
	/** It is a search: messages may be asked for that turn out not to be needed. */
	search?: boolean;
	/** Where a message goes; a text: why it stays; undefined: it stays without a word. */
	route(got: Got): Parcel | string | undefined;
	act: Pick<Act, 'signal' | 'progress'>;
}

export interface Forwarded {
	sent: number;
	/** Those that stayed in the queue, by why. */
	stayed: Map<string, number>;
	/** Those that were taken to be looked at, the ones that were sent on among them. */
	looked: number;
	/** Those that were put back, marked as redelivered. */
	back: number;
	/** Why no more were looked at: as many as wanted, no more there, as many as may be, the user, or what went wrong. */
	end: 'enough' | 'all' | 'limit' | 'stopped' | 'failed';
}

/**
 * Takes messages from a queue, publishes each elsewhere, and acknowledges it only once the server has confirmed it there.
 * Whatever ends this in between leaves the others in the queue: none is lost, at worst one is there twice.
 */
export async function forward({ connection, queue, most, look, search, route, act }: Forwarding): Promise<Forwarded> {
	const stayed = new Map<string, number>();
	const stays = (why: string) => stayed.set(why, (stayed.get(why) ?? 0) + 1);
	const publishings = new Map<string, Publishing>();
	let back = 0;
	let last = 0;
	const coming: Promise<Got | undefined>[] = [];
	const waiting = new Set<Promise<void>>();
	let sent = 0;
	let taken = 0;
	let looked = 0;
	let more = false;
	let unclear: FailureError | undefined;
	const channel = await connection.open();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const giveUp = () => {
		for (const one of publishings.values()) void one.close();
	};
	const stopped = () => {
		timer = setTimeout(giveUp, patience);
	};
	act.signal.addEventListener('abort', stopped, { once: true });

	function publishingOf(exchange: string): Publishing {
		const known = publishings.get(exchange);
		if (known?.open) return known;
		const made = createPublishing(connection);
		publishings.set(exchange, made);
		return made;
	}

	function ask(): void {
		const asked = channel.get(queue);
		// Whoever waits for it hears of it.
		asked.catch(() => {});
		coming.push(asked);
	}

	function settled(tag: number, outcome: Outcome): void {
		if (outcome.kind === 'confirmed') {
			channel.ack(tag, false);
			sent++;
			act.progress(`${n(sent)} sent`, sent / most);
			return;
		}
		back++;
		if (outcome.kind === 'returned') stays('no queue takes it there');
		else
			stays(
				outcome.kind === 'unknown' ? `${outcome.failure.message} It may be at both places.` : outcome.failure.message,
			);
	}

	try {
		// Messages that come into the queue meanwhile, perhaps these very ones again, are not for us.
		let ready = look;
		let ahead = 1;
		while (looked < ready && taken < most && !act.signal.aborted) {
			while (coming.length < ahead && looked + coming.length < ready) ask();
			const got = await coming.shift();
			if (!got) break;
			last = got.tag;
			if (search) ahead = Math.max(1, Math.min(mostAhead, Math.floor(mostAheadBytes / (got.body.length + 1))));
			if (looked === 0) {
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
					settled(got.tag, outcome);
					waiting.delete(done);
				});
			waiting.add(done);
			if (waiting.size >= window) await Promise.race(waiting);
		}
	} catch (error) {
		unclear = new FailureError(toFailure(error));
	}
	for (const one of coming) {
		const got = await one.catch(() => undefined);
		if (!got) continue;
		last = got.tag;
		looked++;
		back++;
	}
	await Promise.all(waiting);
	clearTimeout(timer);
	act.signal.removeEventListener('abort', stopped);
	// All that was not acknowledged, in one: one by one it takes the server minutes.
	if (back > 0) channel.requeue(last, true);
	// Its answer says that every acknowledgement before it was read.
	await channel
		.call((on) => on.prefetch(0))
		.catch((error) => {
			unclear ??= new FailureError(toFailure(error));
		});
	await Promise.all([channel.close(), ...[...publishings.values()].map((one) => one.close())]);
	if (unclear && sent === 0) throw unclear;
	if (unclear) stays(`${unclear.failure.message} Some may be at both places.`);
	const end = unclear ? 'failed' : taken >= most ? 'enough' : act.signal.aborted ? 'stopped' : more ? 'limit' : 'all';
	return { sent, stayed, looked, back, end };
}

/** Why messages stayed, in words. */
export function stayedInWords({ stayed }: Pick<Forwarded, 'stayed'>): string {
	return [...stayed].map(([why, count]) => sentence(`${n(count)} stayed: ${why}`)).join(' ');
}
