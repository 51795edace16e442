import type { Duplex } from 'node:stream';
import type { Publish } from '../messages/draft';

/** Size of the buffer that collects packets. Messages longer than `maxPacket` are written through the library. Bytes. */
const chunk = 64 * 1024;
const maxPacket = 16 * 1024;

/**
 * Collects PUBLISH packets at QoS 0 (MQTT 5, 3.3) and writes many at once. A write of its own for each packet costs several
 * times as much as its bytes.
 */
export interface Batch {
	/** Returns whether the message was added. Otherwise it must go through the library, after a `flush`. */
	add(publish: Publish): boolean;
	/** Writes the collected packets. Must be called before anything else is written, so that the order is kept. */
	flush(): void;
}

export function createBatch(stream: Duplex, version: 4 | 5): Batch {
	let buffer: Buffer | undefined;
	let at = 0;

	function flush(): void {
		if (!buffer || at === 0) return;
		const whole = buffer.subarray(0, at);
		// The rest of the buffer is used for the next packets.
		buffer = buffer.length - at > maxPacket ? buffer.subarray(at) : undefined;
		at = 0;
		stream.write(whole);
	}

	return {
		flush,
		add({ topic, payload, qos, retain, properties, meta, size }) {
			// The library keeps the topics of aliases.
			if (qos !== 0 || properties?.topicAlias !== undefined || size > maxPacket) return false;
			if (buffer && buffer.length - at < size) flush();
			if (!buffer || buffer.length < size) buffer = Buffer.allocUnsafeSlow(chunk);
			let left = size - 1;
			// The remaining length does not count the first byte and itself (MQTT 5, 1.5.5). It has at most three bytes here.
			left -= left - 1 < 128 ? 1 : left - 2 < 16_384 ? 2 : 3;
			buffer[at++] = retain ? 0x31 : 0x30;
			for (; left > 127; left >>>= 7) buffer[at++] = (left & 127) | 128;
			buffer[at++] = left;
			const length = buffer.write(topic, at + 2);
			buffer[at++] = length >> 8;
			buffer[at++] = length & 255;
			at += length;
			if (version === 5) {
				for (left = meta?.length ?? 0; left > 127; left >>>= 7) buffer[at++] = (left & 127) | 128;
				buffer[at++] = left;
			}
			if (meta) {
				buffer.set(meta, at);
				at += meta.length;
			}
			buffer.set(payload, at);
			at += payload.length;
			return true;
		},
	};
}
