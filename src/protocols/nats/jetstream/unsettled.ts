import type { Sink } from '../../adapter';
import { n } from '../browse/words';

/** Messages of a subscription that may wait for an outcome: a server may push more than anyone can settle. */
const maxWaiting = 10_000;

/** A subscription to a consumer. */
export interface Receiver {
	id: string;
	/** When its messages are acknowledged: when they are in the log, by the user, or by `settle`. */
	how: 'logged' | 'manual' | 'held';
	/** Lines in the log of the messages without an outcome, by their subject for the acknowledgement. */
	waiting: Map<string, { seq: number; sequence: string }>;
	/** The same subjects, by the sequence of the message in its stream. */
	replies: Map<string, string>;
}

/** The messages of all subscriptions that have no outcome yet. Their names are their subjects for the acknowledgement. */
export interface Unsettled<One extends Receiver> {
	/** A message was received. One with the same sequence was delivered again and is not settled any more. */
	add(one: One, seq: number, reply: string, sequence: string): void;
	/** A message has its outcome. */
	forget(one: One, reply: string): void;
	/** The subscription has given its messages back. */
	forgetAll(one: One): void;
	/** All messages before this one were acknowledged with it. */
	acknowledgedUpTo(one: One, reply: string): void;
	/** Whether a message waits, also one of a subscription that has ended. */
	has(reply: string): boolean;
	/** A message has its outcome, whatever subscription has received it. */
	gone(reply: string): void;
}

export function createUnsettled<One extends Receiver>(
	sink: Sink,
	held: { add(seq: number, one: One, reply: string): void; take(seq: number): boolean },
): Unsettled<One> {
	const all = new Set<string>();

	/** Returns the line of a message that has waited. */
	function forget(one: One, reply: string): number | undefined {
		const waiting = one.waiting.get(reply);
		all.delete(reply);
		if (!waiting) return undefined;
		one.waiting.delete(reply);
		if (one.replies.get(waiting.sequence) === reply) one.replies.delete(waiting.sequence);
		return waiting.seq;
	}

	function close(one: One, reply: string | undefined, text: string): void {
		const seq = reply === undefined ? undefined : forget(one, reply);
		if (seq !== undefined && !held.take(seq)) sink.settlement(seq, { open: false, text });
	}

	return {
		add(one, seq, reply, sequence) {
			close(one, one.replies.get(sequence), 'no outcome in time: delivered again');
			if (one.waiting.size >= maxWaiting) {
				const [oldest] = one.waiting.keys();
				close(one, oldest, `not settled here: more than ${n(maxWaiting)} messages wait`);
			}
			one.waiting.set(reply, { seq, sequence });
			one.replies.set(sequence, reply);
			all.add(reply);
			if (one.how === 'held') held.add(seq, one, reply);
			else
				sink.settlement(seq, {
					open: true,
					text: 'waiting for an outcome',
					atEnd: 'no outcome: will be delivered again',
				});
		},
		forget: (one, reply) => void forget(one, reply),
		forgetAll(one) {
			for (const reply of one.waiting.keys()) all.delete(reply);
		},
		acknowledgedUpTo(one, reply) {
			for (const older of one.waiting.keys()) {
				if (older === reply) break;
				close(one, older, 'acknowledged with a later message');
			}
		},
		has: (reply) => all.has(reply),
		gone: (reply) => void all.delete(reply),
	};
}
