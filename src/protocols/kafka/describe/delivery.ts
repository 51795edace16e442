import type { Delivery } from '../../../model/checks/delivery';
import { storedHead, storedOffset, storedPartition } from './stored-record';

/** Reused for each record of a flood. */
const place = { stream: 0, value: 0 };

/**
 * Offsets in a partition. Compaction, transactions and retention leave some out. Hot path: reads the offset from its bytes
 * without decoding key and headers, and creates no object.
 */
export const delivery: Delivery<Uint8Array> = {
	sequence: {
		label: 'Offset',
		marks: true,
		of(_, meta) {
			if (!(meta instanceof Uint8Array) || meta.length < storedHead) return undefined;
			place.stream = storedPartition(meta);
			place.value = storedOffset(meta);
			return place.stream < 0 || place.value < 0 || place.value > Number.MAX_SAFE_INTEGER ? undefined : place;
		},
	},
};
