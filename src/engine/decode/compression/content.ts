import { isUtf8 } from 'node:buffer';
import type { Coding } from '../../../model/contracts/message';
import { wholeCharacters } from '../bytes';
import { type Declared, declaredCoding, signedCoding } from './coding';
import { type Inflated, inflate } from './inflate';

/** The bytes of a message after decompression. */
export interface Content {
	bytes: Buffer;
	/** What they were compressed with; undefined: they are the payload itself. */
	coding?: Coding;
	/** Where decompression stopped. */
	end: Inflated['end'];
}

/** Bytes that decide whether a payload without a declared compression is text. */
const maxExamined = 64;

/**
 * The content of a payload, decompressed up to `limit` bytes. Undeclared compression is recognized by its signature, unless
 * the payload is text; then the data must also be complete.
 */
export function contentOf(payload: Buffer, declared: Declared, limit: number): Content {
	const named = declaredCoding(declared);
	const unpacked = named && inflate(payload, named, limit);
	if (named && unpacked) return { ...unpacked, coding: named };
	const signed = signedCoding(payload);
	if (signed && signed !== named && !isText(payload)) {
		const found = inflate(payload, signed, limit);
		// gzip has a signature of three bytes, zlib only one of two: the rest of it must prove itself.
		if (found && (signed === 'gzip' || found.end !== 'cut')) return { ...found, coding: signed };
	}
	return { bytes: payload, end: 'whole' };
}

const isText = (payload: Buffer): boolean =>
	isUtf8(payload.length > maxExamined ? payload.subarray(0, wholeCharacters(payload, maxExamined)) : payload);
