import { natsFlag } from '../describe/flags';

const operation = Buffer.from('\r\nKV-Operation:');
const acknowledged = Buffer.from('$JS.ACK.');
const start = acknowledged.length;
const dollar = 0x24;

/** Adds what subject, reply subject and headers say about the place of a message in JetStream. */
export function messageFlags(subject: string, meta: Uint8Array | undefined, flags: number): number {
	if (!meta) return flags;
	let all = flags;
	if (subject.charCodeAt(0) === dollar && subject.startsWith('$KV.') && Buffer.from(meta).includes(operation))
		all |= natsFlag.marker;
	// The first byte spares most messages the comparison.
	if (meta[0] === dollar && meta.length > start && acknowledged.equals(meta.subarray(0, start)))
		all |= natsFlag.consumed;
	return all;
}
