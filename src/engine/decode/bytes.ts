import { fail } from '../../base/failure';
import type { Outline } from '../../model/json/outline';

/** Reads bytes in order. Throws `cut` when there are not enough of them, before it allocates anything. */
export interface Bytes {
	isAtEnd(): boolean;
	byte(): number;
	peek(): number;
	take(count: bigint): Buffer;
	/** A big-endian number of 1, 2, 4 or 8 bytes. */
	unsigned(size: number): bigint;
	/** " at byte 12", for error messages. */
	place(): string;
	readonly at: number;
}

export function createBytes(data: Buffer): Bytes {
	let at = 0;
	function need(count: bigint): void {
		const left = BigInt(data.length - at);
		if (count > left) throw fail('cut', `The data ends ${count - left} bytes too early, at byte ${data.length}.`);
	}
	function take(count: bigint): Buffer {
		need(count);
		const start = at;
		at += Number(count);
		return data.subarray(start, at);
	}
	return {
		isAtEnd: () => at >= data.length,
		byte() {
			need(1n);
			return data[at++] as number;
		},
		peek() {
			need(1n);
			return data[at] as number;
		},
		take,
		unsigned(size) {
			const bytes = take(BigInt(size));
			return size === 8 ? bytes.readBigUInt64BE() : BigInt(bytes.readUIntBE(0, size));
		},
		place: () => ` at byte ${at}`,
		get at() {
			return at;
		},
	};
}

/** Bytes in CBOR's diagnostic notation (RFC 8949, section 8). */
export const hexText = (bytes: Buffer): string => `h'${bytes.toString('hex')}'`;

/** A comment in diagnostic notation (RFC 8610, appendix G.6). */
export const comment = (text: string): string => `/ ${text} /`;

/** Milliseconds since the epoch, rounded, as "2026-11-28T18:36:11.088Z", without a fraction of zero; undefined beyond the years of Date. */
export function dateText(ms: number): string | undefined {
	const date = new Date(Math.round(ms));
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z');
}

/** A floating-point number in a form that differs from an integer. */
export const floatText = (value: number): string =>
	Object.is(value, -0) ? '-0.0' : Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);

// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds control characters.
const control = /[\u0000-\u0008\u000e-\u001f]/;

export function textLeaf(outline: Outline, text: string): void {
	if (control.test(text)) outline.wonder();
	outline.leaf(JSON.stringify(text), undefined, text);
}

/** The largest length up to `max` that does not cut a UTF-8 character in two. */
export function wholeCharacters(bytes: Uint8Array, max: number): number {
	if (bytes.length <= max) return bytes.length;
	// A character has at most three continuation bytes (10xxxxxx); longer sequences are invalid anyway.
	for (let length = max; length > max - 4 && length > 0; length--)
		if (((bytes[length] as number) & 0xc0) !== 0x80) return length;
	return max;
}

/** The same bytes as a buffer, not a copy. */
export const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
	Buffer.from(buffer, byteOffset, byteLength);
