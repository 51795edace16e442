import { broken, textOf } from './reader';

const slots = 4096;
const longest = 256;

interface Slot {
	bytes: Buffer;
	topic: string;
}

/**
 * Topics from their bytes without making the same string again and again. One slot for each hash: a collision costs a
 * new string, never a wrong one. Every topic is checked once, when it enters (MQTT 5, 3.3.2.1 and 4.7).
 */
export function createTopicCache(): (bytes: Buffer, start: number, end: number) => string {
	const cache: (Slot | undefined)[] = new Array(slots).fill(undefined);
	return (bytes, start, end) => {
		const length = end - start;
		if (length > longest) return checked(bytes.subarray(start, end));
		let hash = length;
		for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
		const index = (hash ^ (hash >>> 15)) & (slots - 1);
		const slot = cache[index];
		if (slot && slot.bytes.length === length) {
			const known = slot.bytes;
			let at = 0;
			while (at < length && known[at] === bytes[start + at]) at++;
			if (at === length) return slot.topic;
		}
		const own = Buffer.from(bytes.subarray(start, end));
		const topic = checked(own);
		cache[index] = { bytes: own, topic };
		return topic;
	};
}

function checked(bytes: Buffer): string {
	const topic = textOf(bytes, 'a PUBLISH', 'a topic');
	if (/[+#]/.test(topic)) throw broken('The broker sent a PUBLISH with a wildcard in its topic (MQTT 5, 3.3.2.1).');
	return topic;
}
