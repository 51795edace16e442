import { fail } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { broken } from './reader';

/** One packet: `first` is its first byte, the rest after the fixed header is `bytes` from `start` to `end`. */
export type OnFrame = (first: number, bytes: Buffer, start: number, end: number, frameStart: number) => void;

export interface Framer {
	push(chunk: Buffer): void;
	/** A packet that is not whole yet. */
	unfinished(): Unfinished | undefined;
}

/**
 * Cuts the stream into packets by their length (MQTT 5, 2.1.4), however it is chopped. Throws before it keeps a packet
 * that declares more than `limit` bytes, or a length that is none; after that it must not be used again.
 */
export function createFramer(limit: number, onFrame: OnFrame): Framer {
	let parts: Buffer[] = [];
	let have = 0;
	/** Bytes from the start of `parts` without which there is no use in looking again. */
	let need = 0;
	/** Of the packet in `parts`: when it began, and its size once that has been read. */
	let since = 0;
	let size: number | undefined;

	function push(chunk: Buffer): void {
		let bytes = chunk;
		let began = have === 0;
		if (have > 0) {
			parts.push(chunk);
			have += chunk.length;
			if (have < need) return;
			bytes = Buffer.concat(parts, have);
			parts = [];
			have = 0;
		}
		const length = bytes.length;
		let at = 0;
		while (at < length) {
			let header = at + 1;
			let remaining = 0;
			let shift = 0;
			let byte = 0x80;
			while (header < length && byte >= 0x80) {
				byte = bytes[header++] as number;
				remaining |= (byte & 0x7f) << shift;
				shift += 7;
				if (byte >= 0x80 && shift === 28)
					throw broken(
						'The broker sent a packet whose length has more than four bytes (MQTT 5, 1.5.5).',
						`first bytes ${bytes.subarray(at, at + 5).toString('hex')}`,
					);
			}
			if (byte >= 0x80) {
				need = header - at + 1;
				size = undefined;
				break;
			}
			if (remaining > limit) throw tooLarge(remaining, limit);
			const end = header + remaining;
			if (end > length) {
				need = end - at;
				size = need;
				break;
			}
			onFrame(bytes[at] as number, bytes, header, end, at);
			at = end;
			began = true;
		}
		if (at < length) {
			if (began) since = performance.now();
			const rest = at === 0 ? bytes : bytes.subarray(at);
			parts.push(rest);
			have = rest.length;
		}
	}

	return { push, unfinished: () => (have > 0 ? { since, bytes: have, size } : undefined) };
}

function tooLarge(declared: number, limit: number) {
	return fail(
		'message-too-large',
		`The broker announced a packet of ${declared.toLocaleString('en')} bytes; ${limit.toLocaleString('en')} are accepted.`,
		{ remedy: { text: 'Raise "Largest message accepted" of the connection if this is what you expect.' } },
	);
}
