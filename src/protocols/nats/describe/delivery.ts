import type { Delivery } from '../../../model/checks/delivery';
import { natsFlag } from './flags';
import { placeOf } from './place';

const dot = 0x2e;
const one = 0x31;

/**
 * Deliveries of a JetStream consumer. A subject filter, deleted messages and limits leave out sequences of the stream, and a
 * stream that is read again sends them again, so that sequences are not marked.
 */
export const delivery: Delivery<Uint8Array> = {
	bits: natsFlag.consumed,
	repeated(flags, meta) {
		if (!(flags & natsFlag.consumed) || !meta || isFirst(meta)) return undefined;
		const { delivered = '1' } = placeOf(flags, meta) ?? {};
		return /^\d+$/.test(delivered) && Number(delivered) > 1
			? `Delivered again by the server (delivery ${delivered})`
			: undefined;
	},
	sequence: {
		label: 'Stream sequence',
		marks: false,
		of(flags, meta) {
			const place = placeOf(flags, meta);
			const value = Number(place?.sequence);
			return place && Number.isSafeInteger(value)
				? { stream: `${place.stream} ${place.consumer ?? ''}`, value }
				: undefined;
		},
	},
};

/**
 * Whether the reply subject says "1" as the number of deliveries: the fifth token, or the seventh with a domain in front
 * (ADR-15). Hot path: without decoding. False where it may be another number.
 */
function isFirst(meta: Uint8Array): boolean {
	const starts = [0];
	for (let at = 0; at < meta.length; at++) {
		const code = meta[at] as number;
		if (code <= 0x20) break;
		if (code === dot) starts.push(at + 1);
	}
	const start = starts[starts.length > 9 ? 6 : 4];
	return start !== undefined && meta[start] === one && meta[start + 1] === dot;
}
