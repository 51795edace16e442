import type { Incoming, Sink } from '../../adapter';
import type { Arrived, OrderedAcks } from './ordered-acks';

/** How long messages wait for the subscription that holds them, in milliseconds since CONNACK. */
const claimWithin = 10_000;
/** Bytes that may wait. */
const maxBytes = 64 * 1024 * 1024;

interface Waiting {
	message: Incoming;
	qos: 1 | 2;
	id: number;
	arrived: Arrived;
}

/**
 * A broker that resumes a session sends what it has stored right after CONNACK, before the subscription that holds these
 * messages is made again. They are neither logged nor acknowledged until it is.
 */
export interface Unclaimed {
	/** Keeps a message. Returns false if it is too late for that. */
	keep(message: Incoming, qos: 1 | 2, id: number): boolean;
	/** Removes those that fit, oldest first. */
	claim(fits: (topic: string) => boolean): Waiting[];
	/** The link has ended. */
	stop(): void;
}

export interface UnclaimedOptions {
	sink: Sink;
	acks: Readonly<Record<1 | 2, OrderedAcks>>;
	/** A message at QoS 2 is acknowledged. */
	acknowledged(id: number): void;
	/** There are acknowledgements to send. */
	settled(): void;
}

export function createUnclaimed({ sink, acks, acknowledged, settled }: UnclaimedOptions): Unclaimed {
	let waiting: Waiting[] = [];
	let bytes = 0;
	let isOver = false;
	const timer = setTimeout(finish, claimWithin);
	timer.unref();

	/** Messages of other subscriptions are received as usual. */
	function finish(): void {
		isOver = true;
		const rest = waiting;
		waiting = [];
		for (const { message, qos, id, arrived } of rest) {
			sink.message(message);
			if (qos === 2) acknowledged(id);
			acks[qos].settle(arrived, 'ready');
		}
		settled();
	}

	return {
		keep(message, qos, id) {
			const { payload, meta } = message;
			if (isOver || bytes + payload.length > maxBytes) return false;
			bytes += payload.length;
			const copy = {
				...message,
				payload: Buffer.from(payload),
				...(meta instanceof Uint8Array && { meta: Buffer.from(meta) }),
			};
			waiting.push({ message: copy, qos, id, arrived: acks[qos].hold(id) });
			return true;
		},
		claim(fits) {
			const claimed = waiting.filter(({ message }) => fits(message.target));
			waiting = waiting.filter(({ message }) => !fits(message.target));
			for (const { message } of claimed) bytes -= message.payload.length;
			return claimed;
		},
		stop() {
			isOver = true;
			clearTimeout(timer);
			waiting = [];
		},
	};
}
