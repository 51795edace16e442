import { broken, textOf } from './reader';

const slots = 4096;
const maxLength = 256;

/**
 * Caches the strings of topics by their bytes. There are two slots for each hash: with one, a fifth of 1,000 topics replaced
 * each other again and again. A further collision costs a new string and never returns a wrong one. A topic is checked once, when it enters the cache (MQTT 5, 3.3.2.1 and 4.7). The bytes of all
 * slots share one buffer: with a buffer each, a flood of different topics left more garbage than the topics take.
 */
export function createTopicCache(): (bytes: Buffer, start: number, end: number) => string {
	const topics: (string | undefined)[] = new Array(slots).fill(undefined);
	const lengths = new Uint16Array(slots);
	const all = Buffer.alloc(slots * maxLength);
	return (bytes, start, end) => {
		const length = end - start;
		if (length > maxLength) return topicOf(bytes, start, end);
		let hash = length;
		for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
		const index = (hash ^ (hash >>> 15)) & (slots - 1);
		for (let slot = index, tries = 0; tries < 2; slot ^= 1, tries++) {
			const cached = topics[slot];
			if (cached === undefined || lengths[slot] !== length) continue;
			const own = slot * maxLength;
			let at = 0;
			while (at < length && all[own + at] === bytes[start + at]) at++;
			if (at === length) return cached;
		}
		const topic = topicOf(bytes, start, end);
		const slot = topics[index] === undefined ? index : index ^ 1;
		for (let at = 0; at < length; at++) all[slot * maxLength + at] = bytes[start + at] as number;
		lengths[slot] = length;
		topics[slot] = topic;
		return topic;
	};
}

/** Whether a topic is printable ASCII without wildcards. Most are, and need no further check and no view of the bytes. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
	for (let at = start; at < end; at++) {
		const byte = bytes[at] as number;
		if (byte < 0x20 || byte > 0x7e || byte === 0x23 || byte === 0x2b) return false;
	}
	return true;
}

function topicOf(bytes: Buffer, start: number, end: number): string {
	if (isPlain(bytes, start, end)) return bytes.toString('latin1', start, end);
	const topic = textOf(bytes.subarray(start, end), 'a PUBLISH', 'a topic');
	if (/[+#]/.test(topic)) throw broken('The broker sent a PUBLISH with a wildcard in its topic (MQTT 5, 3.3.2.1).');
	return topic;
}
