import { natsFlag } from '../describe/flags';

/** Of clients (ADR-8), and of a server that marks keys whose time is over (ADR-48). */
const marker = /\r\n(?:KV-Operation: *(?:DEL|PURGE)|Nats-Marker-Reason:[^\r]*)\r\n/;
const acknowledged = Buffer.from('$JS.ACK.');
const start = acknowledged.length;
const dollar = 0x24;

/** Adds what subject, reply subject and headers say about the place of a message in JetStream. */
export function messageFlags(subject: string, meta: Uint8Array | undefined, flags: number): number {
	if (!meta) return flags;
	let all = flags;
	if (subject.charCodeAt(0) === dollar && subject.startsWith('$KV.')) {
		const text = Buffer.from(meta.buffer, meta.byteOffset, meta.length).toString('latin1');
		if (marker.test(text)) all |= natsFlag.marker;
	}
	// The first byte spares most messages the comparison.
	if (meta[0] === dollar && meta.length > start && acknowledged.equals(meta.subarray(0, start)))
		all |= natsFlag.consumed;
	return all;
}
