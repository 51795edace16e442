import type { Sink } from '../../adapter';
import { qosOf } from '../describe/flags';
import { kind } from '../wire/packets';
import type { OnPublish } from '../wire/publish-packet';
import { broken } from '../wire/reader';

export interface IncomingOptions {
	version: 4 | 5;
	sink: Sink;
	/** Packet identifiers received at QoS 2 and not yet released. Outlives the link. */
	unreleased: Set<number>;
	/** What we allowed the broker to have on the way at once. */
	receiveMaximum: number;
	write(bytes: Buffer): void;
}

/**
 * Received messages: into the log first, then acknowledged (MQTT 5, 4.3). At QoS 2 a message is logged when it arrives
 * and its identifier is kept until the broker releases it, so that a repetition is recognized, after a reconnect too.
 */
export function createIncoming(options: IncomingOptions): {
	publish: OnPublish;
	pubrel(id: number): void;
	flush(): void;
} {
	const { sink, unreleased } = options;
	/** Acknowledgements of one chunk, sent together. */
	let answers: Buffer[] = [];
	const answer = (first: number, id: number, code = 0) =>
		answers.push(code === 0 ? Buffer.of(first, 2, id >> 8, id & 255) : Buffer.of(first, 3, id >> 8, id & 255, code));

	return {
		publish(topic, payload, flags, id, meta) {
			const qos = qosOf(flags);
			if (qos < 2) {
				sink.message({ target: topic, payload, flags, meta });
				if (qos === 1) answer(kind.puback << 4, id);
				return;
			}
			if (!unreleased.has(id)) {
				if (unreleased.size >= options.receiveMaximum)
					throw broken(
						`The broker sent more than ${options.receiveMaximum} messages at QoS 2 without releasing any (MQTT 5, 3.3.4).`,
					);
				sink.message({ target: topic, payload, flags, meta });
				unreleased.add(id);
			}
			answer(kind.pubrec << 4, id);
		},
		pubrel(id) {
			const known = unreleased.delete(id);
			answer(kind.pubcomp << 4, id, known || options.version === 4 ? 0 : 0x92);
		},
		flush() {
			if (answers.length === 0) return;
			const bytes = Buffer.concat(answers);
			answers = [];
			options.write(bytes);
		},
	};
}
