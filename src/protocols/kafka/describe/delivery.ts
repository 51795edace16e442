import type { Delivery } from '../../../model/checks/delivery';
import { storedHead } from './stored-record';

const high = 2 ** 32;

/**
 * Offsets in a partition. Compaction, transactions and retention leave some out. Hot path: reads the offset from its bytes
 * without decoding key and headers.
 */
export const delivery: Delivery<Uint8Array> = {
	sequence: {
		label: 'Offset',
		marks: true,
		of(_, meta) {
			if (!(meta instanceof Uint8Array) || meta.length < storedHead) return undefined;
			const stream = int32(meta, 0);
			const value = int32(meta, 4) * high + (int32(meta, 8) >>> 0);
			return stream < 0 || value < 0 || value > Number.MAX_SAFE_INTEGER ? undefined : { stream, value };
		},
	},
};

const int32 = (bytes: Uint8Array, at: number): number =>
	((bytes[at] as number) << 24) |
	((bytes[at + 1] as number) << 16) |
	((bytes[at + 2] as number) << 8) |
	(bytes[at + 3] as number);
