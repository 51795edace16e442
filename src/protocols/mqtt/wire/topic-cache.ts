import { createTextCache, type ReadText } from '../../shared/text-cache';
import { broken, textOf } from './reader';

/** Reads topics from their bytes. Each is checked once, when it enters the cache (MQTT 5, 3.3.2.1 and 4.7). */
export const createTopicCache = (): ReadText => createTextCache(topicOf);

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
