import type { Duplex } from 'node:stream';
import type { Publish } from '../messages/draft';

/** Bytes that are gathered before they are written. Longer messages go by themselves. */
const chunk = 64 * 1024;
const longest = 16 * 1024;

/**
 * PUBLISH packets at QoS 0 without properties (MQTT 5, 3.3), many in one write: each by itself costs the library and the
 * stream several times what its bytes do.
 */
export interface Batch {
	/** Whether it was taken; what was not goes through the library, after a `flush`. */
	add(publish: Publish): boolean;
	/** Writes what was gathered. Whoever writes anything else calls it before, so that the order is kept. */
	flush(): void;
}

export function createBatch(stream: Duplex, version: 4 | 5): Batch {
	let buffer: Buffer | undefined;
	let at = 0;

	function flush(): void {
		if (!buffer || at === 0) return;
		const whole = buffer.subarray(0, at);
		// What is left of it serves the next ones.
		buffer = buffer.length - at > longest ? buffer.subarray(at) : undefined;
		at = 0;
		stream.write(whole);
	}

	return {
		flush,
		add({ topic, payload, qos, retain, properties, size }) {
			if (qos !== 0 || properties || size > longest) return false;
			if (buffer && buffer.length - at < size) flush();
			if (!buffer || buffer.length < size) buffer = Buffer.allocUnsafeSlow(chunk);
			let left = size - 1;
			// The remaining length is the packet without its first byte and itself (MQTT 5, 1.5.5): at most three bytes here.
			left -= left - 1 < 128 ? 1 : left - 2 < 16_384 ? 2 : 3;
			buffer[at++] = retain ? 0x31 : 0x30;
			for (; left > 127; left >>>= 7) buffer[at++] = (left & 127) | 128;
			buffer[at++] = left;
			const length = buffer.write(topic, at + 2);
			buffer[at++] = length >> 8;
			buffer[at++] = length & 255;
			at += length;
			if (version === 5) buffer[at++] = 0;
			buffer.set(payload, at);
			at += payload.length;
			return true;
		},
	};
}
