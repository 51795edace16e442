import { natsFlag } from '../describe/flags';

const operation = Buffer.from('\r\nKV-Operation:');
const acknowledged = Buffer.from('$JS.ACK.');

/** Adds what subject, reply subject and headers say about the place of a message in JetStream. */
export function messageFlags(subject: string, meta: Buffer | undefined, flags: number): number {
	if (!meta) return flags;
	let all = flags;
	if (subject.startsWith('$KV.') && meta.includes(operation)) all |= natsFlag.marker;
	if (meta.length > 8 && meta.compare(acknowledged, 0, 8, 0, 8) === 0) all |= natsFlag.consumed;
	return all;
}
