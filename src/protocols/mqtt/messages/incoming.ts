import type { ConnectContext, Sink } from '../../adapter';
import { qosOf } from '../describe/flags';
import { kind } from '../wire/packets';
import type { OnPublish } from '../wire/publish-packet';
import { broken } from '../wire/reader';
import { createHeldMessages, type HeldMemory, type HeldMessages } from './held';
import { createOrderedAcks } from './ordered-acks';
import type { SubscriptionNumbers } from './subscription-numbers';

export interface IncomingOptions {
	version: 4 | 5;
	sink: Sink;
	numbers: SubscriptionNumbers;
	/** Outlives the link. */
	heldMemory: HeldMemory;
	holding: ConnectContext['holding'];
	/** Packet identifiers received at QoS 2 and not yet released. Outlives the link. */
	unreleased: Set<number>;
	/** Messages at QoS 1 and 2 that the broker may send before they are acknowledged. */
	receiveMaximum: number;
	write(bytes: Buffer): void;
}

/** Bytes of the buffer for acknowledgements. */
const answersSize = 8192;

/**
 * Received messages are logged first and acknowledged then (MQTT 5, 4.3), unless their subscription holds them. At QoS 2 a
 * message is logged when it arrives and its identifier is kept until the broker releases it, so that a repetition is
 * recognized, after a reconnect too.
 */
export function createIncoming(options: IncomingOptions): {
	publish: OnPublish;
	pubrel(id: number): void;
	flush(): void;
	held: HeldMessages;
} {
	const { sink, numbers, unreleased } = options;
	/** Acknowledgements of one chunk, sent together. */
	let answers = Buffer.allocUnsafeSlow(answersSize);
	let answered = 0;
	function answer(first: number, id: number, code = 0): void {
		if (answered + 5 > answers.length) flush();
		answers[answered++] = first;
		answers[answered++] = code === 0 ? 2 : 3;
		answers[answered++] = id >> 8;
		answers[answered++] = id & 255;
		if (code !== 0) answers[answered++] = code;
	}

	const acks = {
		1: createOrderedAcks((id) => answer(kind.puback << 4, id)),
		2: createOrderedAcks((id) => answer(kind.pubrec << 4, id)),
	};
	let flushing = false;
	/** Acknowledgements of one turn leave together. */
	function flushSoon(): void {
		if (flushing || answered === 0) return;
		flushing = true;
		setImmediate(() => {
			flushing = false;
			flush();
		});
	}
	function flush(): void {
		if (answered === 0) return;
		const bytes = answers.subarray(0, answered);
		// The rest of the buffer is used for the next ones.
		answers = answers.length - answered < 5 ? Buffer.allocUnsafeSlow(answersSize) : answers.subarray(answered);
		answered = 0;
		options.write(bytes);
	}
	const held = createHeldMessages({
		memory: options.heldMemory,
		holding: options.holding,
		sink,
		acks,
		unreleased,
		settled: flushSoon,
	});

	return {
		held,
		flush,
		publish(target, payload, flags, id, properties) {
			const qos = qosOf(flags);
			if (qos === 2 && unreleased.has(id)) {
				acks[2].ready(id);
				return;
			}
			if (qos === 2 && held.isContinued(id)) return;
			if (qos === 2 && unreleased.size + options.heldMemory.exactly.size >= options.receiveMaximum)
				throw broken(
					`The broker sent more than ${options.receiveMaximum} messages at QoS 2 without releasing any (MQTT 5, 3.3.4).`,
				);
			const meta = properties && numbers.withoutOwn(properties);
			const subscriptions = properties && numbers.idsOf(properties.identifiers);
			const holders = qos > 0 && held.isActive ? held.holdersOf(target, subscriptions) : undefined;
			if (holders) {
				held.add({ target, payload, flags, meta, subscriptions }, qos as 1 | 2, id, holders);
				return;
			}
			const message = { target, payload, flags, meta, subscriptions };
			if (qos > 0 && held.isUnclaimed(message, qos as 1 | 2, id)) return;
			sink.message(message);
			if (qos === 0) return;
			if (qos === 2) unreleased.add(id);
			acks[qos as 1 | 2].ready(id);
		},
		pubrel(id) {
			const isReleased = unreleased.delete(id);
			answer(kind.pubcomp << 4, id, isReleased || options.version === 4 ? 0 : 0x92);
		},
	};
}
