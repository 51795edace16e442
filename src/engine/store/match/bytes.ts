import type { Segment } from '../log/segment';

/** Searches the payloads of segments for a text. */
export interface Finder {
	/**
	 * Writes the rows in [`from`, `to`) whose payloads contain the text to `found`, in order, and returns their number.
	 */
	find(segment: Searched, from: number, to: number, found: Uint32Array): number;
}

/** Where the searched texts are: those of rows follow each other, with other bytes between them. */
export type Searched = Pick<Segment, 'bytes' | 'offset' | 'length'>;

const sampleSize = 512;
/** A prime, so that samples do not fall into step with the rows. */
const golden = 618_033_989;
/** Larger than any index in a segment. */
const nowhere = 0x3fffffff;
/** Approximate nanoseconds per candidate, per byte with memchr, and per step of the skipping loop. */
const cost = { candidate: 25, byte: 0.06, step: 2.5 };

/**
 * Searches text in bytes, ignoring the case of ASCII letters unless `matchCase`. Two strategies: find the needle's
 * rarest byte with memchr and compare around it, or skip by the needle's length (Boyer-Moore-Horspool). The first wins
 * where that byte is rare, the second where all bytes are frequent.
 */
export function createFinder(text: string, matchCase: boolean): Finder {
	const fold = Uint8Array.from({ length: 256 }, (_, byte) =>
		!matchCase && byte >= 65 && byte <= 90 ? byte + 32 : byte,
	);
	const needle = Uint8Array.from(Buffer.from(text), (byte) => fold[byte] as number);
	const { length } = needle;
	const last = length - 1;
	const skip = skipTable(needle, fold);

	/** The needle's rarest byte in a sample of these bytes, and its share of the sample. */
	function rarest(bytes: Buffer, start: number, end: number): { anchor: number; share: number } {
		const counts = new Uint32Array(256);
		// Sample at scattered positions: a fixed stride would hit the same column of every message.
		for (let sample = 0, at = 0; sample < sampleSize; sample++, at = (at + golden) % (end - start)) {
			const byte = fold[bytes[start + at] as number] as number;
			counts[byte] = (counts[byte] as number) + 1;
		}
		let anchor = 0;
		for (let at = 1; at < length; at++)
			if ((counts[needle[at] as number] as number) < (counts[needle[anchor] as number] as number)) anchor = at;
		return { anchor, share: (counts[needle[anchor] as number] as number) / sampleSize };
	}

	function anchored(segment: Searched, from: number, to: number, found: Uint32Array, anchor: number): number {
		const { bytes, offset, length: sizes } = segment;
		const byte = needle[anchor] as number;
		const isLetter = byte >= 97 && byte <= 122 && fold[byte - 32] === byte;
		const latest = (offset[to - 1] as number) + (sizes[to - 1] as number) - length + anchor;
		/** Next position of the anchor in lower and in upper case; searched again only when passed. */
		let small = -1;
		let capital = isLetter ? -1 : nowhere;
		let count = 0;
		let row = from;
		let at = (offset[from] as number) + anchor;
		while (at <= latest) {
			if (small < at) small = place(bytes.indexOf(byte, at));
			if (capital < at) capital = place(bytes.indexOf(byte - 32, at));
			at = Math.min(small, capital);
			if (at > latest) break;
			const start = at - anchor;
			at++;
			let same = 0;
			while (same < length && fold[bytes[start + same] as number] === needle[same]) same++;
			if (same < length) continue;
			while (row + 1 < to && (offset[row + 1] as number) <= start) row++;
			// A match across the end of the payload does not count.
			if (start + length > (offset[row] as number) + (sizes[row] as number)) continue;
			found[count++] = row++;
			if (row >= to) break;
			at = (offset[row] as number) + anchor;
		}
		return count;
	}

	function skipping(segment: Searched, from: number, to: number, found: Uint32Array): number {
		const { bytes, offset, length: sizes } = segment;
		const end = (offset[to - 1] as number) + (sizes[to - 1] as number);
		let count = 0;
		let row = from;
		let at = (offset[from] as number) + last;
		while (at < end) {
			const jump = skip[bytes[at] as number] as number;
			if (jump !== 0) {
				at += jump;
				continue;
			}
			let back = 1;
			while (back < length && fold[bytes[at - back] as number] === needle[last - back]) back++;
			const start = at - last;
			at++;
			if (back < length) continue;
			while (row + 1 < to && (offset[row + 1] as number) <= start) row++;
			if (start + length > (offset[row] as number) + (sizes[row] as number)) continue;
			found[count++] = row++;
			if (row >= to) break;
			at = (offset[row] as number) + last;
		}
		return count;
	}

	return {
		find(segment, from, to, found) {
			const start = segment.offset[from] as number;
			const end = (segment.offset[to - 1] as number) + (segment.length[to - 1] as number);
			if (from >= to || end - start < length) return 0;
			const { anchor, share } = rarest(segment.bytes, start, end);
			// Single byte: each hit ends its row, so candidates are few.
			return length === 1 || share * cost.candidate + 2 * cost.byte < cost.step / length
				? anchored(segment, from, to, found, anchor)
				: skipping(segment, from, to, found);
		},
	};
}

const place = (index: number): number => (index < 0 ? nowhere : index);

/** Skip distance by the byte under the needle's last position; 0: it matches there. */
function skipTable(needle: Uint8Array, fold: Uint8Array): Uint8Array {
	const skip = new Uint8Array(256).fill(Math.min(255, needle.length));
	for (let at = 0; at < needle.length; at++)
		for (let byte = 0; byte < 256; byte++)
			if (fold[byte] === needle[at]) skip[byte] = Math.min(255, needle.length - 1 - at);
	return skip;
}
