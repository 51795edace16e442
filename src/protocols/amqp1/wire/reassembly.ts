import type { Unfinished } from '../../adapter';
import { tooLarge } from '../../shared/failures';
import type { Transfer } from './performatives';

/** A complete message as it was transferred. */
export interface Payload {
	bytes: Uint8Array;
	format: number;
}

export interface Reassembly {
	/** The part of a message from `transfer.payload` to `end`. Throws when the message becomes larger than allowed. */
	add(channel: number, transfer: Transfer, bytes: Buffer, end: number): void;
	/** The oldest complete message that was not taken; undefined for one that was aborted. */
	take(): Payload | undefined;
	unfinished(): Unfinished | undefined;
}

interface Partial {
	parts: Buffer[];
	size: number;
	format: number;
	since: number;
}

/** Puts messages together from their transfers, which those of other links may interleave. `limit`: bytes of one message. */
export function createReassembly(limit: number): Reassembly {
	/** By channel and handle. */
	const partial = new Map<number, Partial>();
	/** Bytes in `partial`. */
	let reserved = 0;
	let complete: (Payload | undefined)[] = [];
	let taken = 0;

	return {
		add(channel, transfer, bytes, end) {
			const start = transfer.payload;
			const key = channel * 0x100000000 + transfer.handle;
			const begun = partial.size === 0 ? undefined : partial.get(key);
			const size = end - start + (begun?.size ?? 0);
			if (size > limit) throw tooLarge('server', 'a message', size, limit);
			if (!transfer.more && !begun) {
				complete.push(transfer.aborted ? undefined : { bytes: bytes.subarray(start, end), format: transfer.format });
				return;
			}
			if (!transfer.more || transfer.aborted) {
				partial.delete(key);
				reserved -= begun?.size ?? 0;
				if (transfer.aborted || !begun) complete.push(undefined);
				else {
					begun.parts.push(bytes.subarray(start, end));
					complete.push({ bytes: Buffer.concat(begun.parts), format: begun.format });
				}
				return;
			}
			reserved += end - start;
			if (reserved > 2 * limit) throw tooLarge('server', 'several messages at once', reserved, 2 * limit);
			// Copied: a small part must not keep the whole chunk of the network in memory.
			const part = Buffer.from(bytes.subarray(start, end));
			if (begun) {
				begun.parts.push(part);
				begun.size = size;
			} else partial.set(key, { parts: [part], size, format: transfer.format, since: performance.now() });
		},
		take() {
			const payload = complete[taken++];
			if (taken === complete.length) {
				complete = [];
				taken = 0;
			}
			return payload;
		},
		unfinished() {
			const [oldest] = partial.values();
			return oldest && { since: oldest.since, bytes: oldest.size, size: undefined };
		},
	};
}
