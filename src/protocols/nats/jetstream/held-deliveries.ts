import type { Outcome } from '../../../model/contracts/hold';
import { createHeldMessages } from '../../shared/holding/held';
import { bigAt, type JsonRecord } from '../wire/json';

/** Milliseconds after which a server delivers again unless the consumer says otherwise. */
const usualAckWait = 30_000;
/** Shortest pause between two extensions, in milliseconds. */
const minExtension = 100;

/** A subscription to a consumer, with the subjects for the acknowledgement of its messages without an outcome. */
interface Holder {
	id: string;
	consumer: { config: JsonRecord };
	waiting: ReadonlyMap<string, unknown>;
}

/** Delivered messages that `Link.settle` settles. */
export interface HeldDeliveries<One extends Holder> {
	readonly size: number;
	add(seq: number, one: One, reply: string): void;
	/** Forgets a message that was delivered again meanwhile. Returns whether it was held. */
	take(seq: number): boolean;
	settle(seqs: readonly number[], outcome: Outcome): void;
	/**
	 * A consumer delivers messages again that have no outcome within its ack wait. Those that wait here are being processed, so
	 * their time is extended until the timer is cleared (ADR-13).
	 */
	extend(one: One): ReturnType<typeof setInterval>;
	/** The subscription ends: its messages are delivered again at once, and not only when their time is over. */
	giveBack(one: One): void;
}

/** `settled`: a message has its outcome. */
export function createHeldDeliveries<One extends Holder>(
	respond: (reply: string, outcome: '' | '-NAK' | '+WPI') => void,
	settled: (one: One, reply: string) => void,
): HeldDeliveries<One> {
	const held = createHeldMessages<{ one: One; reply: string }>();
	return {
		get size() {
			return held.size;
		},
		add: (seq, one, reply) => held.add(seq, one.id, { one, reply }),
		take: (seq) => held.take(seq) !== undefined,
		settle(seqs, outcome) {
			for (const seq of seqs) {
				const place = held.take(seq);
				if (!place) continue;
				respond(place.reply, outcome === 'done' ? '' : '-NAK');
				settled(place.one, place.reply);
			}
		},
		extend(one) {
			const wait = Number(bigAt(one.consumer.config, 'ack_wait') / 1_000_000n) || usualAckWait;
			const timer = setInterval(
				() => {
					for (const reply of one.waiting.keys()) respond(reply, '+WPI');
				},
				Math.max(minExtension, wait / 2),
			);
			timer.unref();
			return timer;
		},
		giveBack(one) {
			for (const reply of one.waiting.keys()) respond(reply, '-NAK');
			held.drop(one.id);
		},
	};
}
