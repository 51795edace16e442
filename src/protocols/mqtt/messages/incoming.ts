import type { Sink } from '../../adapter';
import { qosOf } from '../describe/flags';
import { kind } from '../wire/packets';
import type { OnPublish } from '../wire/publish-packet';
import { broken } from '../wire/reader';
import type { SubscriptionNumbers } from './subscription-numbers';

export interface IncomingOptions {
	version: 4 | 5;
	sink: Sink;
	numbers: SubscriptionNumbers;
	/** Packet identifiers received at QoS 2 and not yet released. Outlives the link. */
	unreleased: Set<number>;
	/** Messages at QoS 1 and 2 that the broker may send before they are acknowledged. */
	receiveMaximum: number;
	write(bytes: Buffer): void;
}

/**
 * Received messages are logged first and acknowledged then (MQTT 5, 4.3). At QoS 2 a message is logged when it arrives
 * and its identifier is kept until the broker releases it, so that a repetition is recognized, after a reconnect too.
 */
export function createIncoming(options: IncomingOptions): {
	publish: OnPublish;
	pubrel(id: number): void;
	flush(): void;
} {
	const { sink, numbers, unreleased } = options;
	/** Acknowledgements of one chunk, sent together. */
	let answers: Buffer[] = [];
	const answer = (first: number, id: number, code = 0) =>
		answers.push(code === 0 ? Buffer.of(first, 2, id >> 8, id & 255) : Buffer.of(first, 3, id >> 8, id & 255, code));

	return {
		publish(target, payload, flags, id, properties) {
			const qos = qosOf(flags);
			if (qos === 2 && unreleased.has(id)) {
				answer(kind.pubrec << 4, id);
				return;
			}
			if (qos === 2 && unreleased.size >= options.receiveMaximum)
				throw broken(
					`The broker sent more than ${options.receiveMaximum} messages at QoS 2 without releasing any (MQTT 5, 3.3.4).`,
				);
			const meta = properties && numbers.withoutOwn(properties);
			const subscriptions = properties && numbers.idsOf(properties.identifiers);
			sink.message({ target, payload, flags, meta, subscriptions });
			if (qos === 0) return;
			if (qos === 2) unreleased.add(id);
			answer((qos === 1 ? kind.puback : kind.pubrec) << 4, id);
		},
		pubrel(id) {
			const isReleased = unreleased.delete(id);
			answer(kind.pubcomp << 4, id, isReleased || options.version === 4 ? 0 : 0x92);
		},
		flush() {
			if (answers.length === 0) return;
			const bytes = Buffer.concat(answers);
			answers = [];
			options.write(bytes);
		},
	};
}
