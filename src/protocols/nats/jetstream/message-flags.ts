import { natsFlag } from '../describe/flags';

const operation = Buffer.from('\r\nKV-Operation:');
const acknowledged = Buffer.from('$JS.ACK.');
const dollar = 0x24;

/** Adds what subject, reply subject and headers say about the place of a message in JetStream. */
export function messageFlags(subject: string, meta: Buffer | undefined, flags: number): number {
	if (!meta) return flags;
	let all = flags;
	if (subject.charCodeAt(0) === dollar && subject.startsWith('$KV.') && meta.includes(operation))
		all |= natsFlag.marker;
	// The first byte spares most messages the comparison.
	if (meta[0] === dollar && meta.length > 8 && meta.compare(acknowledged, 0, 8, 0, 8) === 0) all |= natsFlag.consumed;
	return all;
}
