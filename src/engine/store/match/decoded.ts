import type { ProtocolDescription } from '../../../protocols/description';
import { decodedText } from '../../decode/preview/decoded-text';
import { metaOf, payloadOf, type Segment } from '../log/segment';
import { declaredOf } from '../previews';

/** Content and text of one payload that are searched, so that a decompression bomb costs little. */
const limits = { bytes: 64 * 1024, characters: 64 * 1024 };
/** Bytes at the start of a payload that tell binary data from text. */
const maxExamined = 16;
/** Aim for the decoding in one step of a search, in milliseconds. */
const stepMs = 4;
/** Assumed cost of a payload before any was decoded, and the share of the last cost that the next one is assumed to have. */
const startMs = 0.3;
const decay = 0.95;

/** Searches the text that binary payloads are decoded to: what the previews show. Text payloads cost a look at their start. */
export interface DecodedSearch {
	/** Whether any of these rows may be binary. */
	isAny(segment: Segment, from: number, to: number): boolean;
	fits(segment: Segment, row: number): boolean;
	/**
	 * The number of rows in [`from`, `to`), counted from the end if `isBackward`, that can be searched without blocking the
	 * event loop. At least 1 unless the range is empty.
	 */
	reach(segment: Segment, from: number, to: number, isBackward: boolean): number;
}

export function createDecodedSearch(
	description: ProtocolDescription,
	contains: (text: string) => boolean,
): DecodedSearch {
	let cost = startMs;
	return {
		isAny,
		fits(segment, row) {
			if (!isBinary(segment, row)) return false;
			const start = performance.now();
			const text = searchableText(segment, row, description);
			const isFit = text !== undefined && contains(text);
			cost = Math.max(performance.now() - start, cost * decay);
			return isFit;
		},
		reach(segment, from, to, isBackward) {
			if (!isAny(segment, from, to)) return to - from;
			let left = Math.max(1, Math.floor(stepMs / cost));
			for (let count = 0; count < to - from; count++) {
				if (!isBinary(segment, isBackward ? to - 1 - count : from + count)) continue;
				if (left-- === 0) return count;
			}
			return to - from;
		},
	};
}

/** The text of a payload that is compressed, CBOR or MessagePack, as far as it is searched; undefined for all others. */
export function searchableText(segment: Segment, row: number, description: ProtocolDescription): string | undefined {
	return decodedText(payloadOf(segment, row), declaredOf(description, metaOf(segment, row)), limits)?.text;
}

/** The number of rows at the start of a segment that are text, so that only the first search looks at them. */
const texts = new WeakMap<Segment, { first: number; rows: number }>();

/** Whether any of these rows may be binary. */
function isAny(segment: Segment, from: number, to: number): boolean {
	const cached = texts.get(segment);
	const examined = cached?.first === segment.first ? cached.rows : 0;
	let row = examined;
	while (row < to && !isBinary(segment, row)) row++;
	if (row > examined) texts.set(segment, { first: segment.first, rows: row });
	for (row = Math.max(row, from); row < to; row++) if (isBinary(segment, row)) return true;
	return false;
}

/**
 * Hot path of a search. A control character or a byte beyond ASCII near the start; only such payloads are worth decoding.
 * Without properties that declare something, the first byte decides, except that "x" may begin zlib.
 */
function isBinary(segment: Segment, row: number): boolean {
	const { bytes, offset, length } = segment;
	const start = offset[row] as number;
	const end = start + Math.min(length[row] as number, maxExamined);
	if (start === end) return false;
	const first = bytes[start] as number;
	if (first >= 0x80 || first < 0x20) return first >= 0x80 || !isSpace(first);
	if (first !== 0x78 && !segment.meta && !segment.metaLength) return false;
	for (let at = start + 1; at < end; at++) {
		const byte = bytes[at] as number;
		if (byte >= 0x80 || (byte < 0x20 && !isSpace(byte))) return true;
	}
	return false;
}

const isSpace = (byte: number): boolean => byte === 0x0a || byte === 0x0d || byte === 0x09;
