import { isUtf8 } from 'node:buffer';
import { fail } from '../../base/failure';
import type { Outline } from '../../model/json/outline';
import { type Bytes, comment, dateText, floatText, hexText, textLeaf } from './bytes';

/** Receives the items of CBOR in their order. Every `open` is followed by the content and one `close`. */
export interface CborVisitor {
	integer(value: bigint): void;
	float(value: number): void;
	bytes(content: Buffer): void;
	text(content: Buffer): void;
	/** `isShort`: written in the item's first byte, as false, true, null and undefined are. */
	simple(value: number, isShort: boolean): void;
	/** `length`: items of a list, pairs of a map, the number of a tag; undefined for an indefinite length. */
	open(kind: CborContainer, length: bigint | undefined): void;
	close(kind: CborContainer): void;
}

/** `chunks`: a byte or text string of indefinite length. */
export type CborContainer = 'list' | 'map' | 'tag' | 'chunks';

/** The "stop" code of items of indefinite length. */
const stopCode = 0xff;
const indefinite = Symbol('indefinite');

/** Reads CBOR (RFC 8949), one item after another until the end. Throws `malformed`, `cut`, and what the visitor throws. */
export function readCbor(bytes: Bytes, visit: CborVisitor): void {
	while (!bytes.isAtEnd()) item();

	function item() {
		const first = bytes.byte();
		const major = first >> 5;
		const info = first & 31;
		if (major === 7) return simpleOrFloat(info);
		const argument = readArgument(info);
		if (argument === indefinite) return indefiniteItem(major);
		switch (major) {
			case 0:
				return visit.integer(argument);
			case 1:
				return visit.integer(-1n - argument);
			case 2:
				return visit.bytes(bytes.take(argument));
			case 3:
				return visit.text(bytes.take(argument));
			case 4:
				return container('list', argument, argument);
			case 5:
				return container('map', argument, argument * 2n);
			default:
				return container('tag', argument, 1n);
		}
	}

	function container(kind: CborContainer, length: bigint, items: bigint): void {
		visit.open(kind, length);
		for (let at = 0n; at < items; at++) item();
		visit.close(kind);
	}

	function readArgument(info: number): bigint | typeof indefinite {
		if (info < 24) return BigInt(info);
		if (info === 31) return indefinite;
		if (info > 27) throw malformed(`${info} is reserved as additional information`);
		return bytes.unsigned(1 << (info - 24));
	}

	function simpleOrFloat(info: number) {
		if (info === 25) return visit.float(halfFloat(Number(bytes.unsigned(2))));
		if (info === 26) return visit.float(bytes.take(4n).readFloatBE());
		if (info === 27) return visit.float(bytes.take(8n).readDoubleBE());
		if (info > 27) throw malformed('a code that has no meaning');
		visit.simple(info === 24 ? bytes.byte() : info, info !== 24);
	}

	function indefiniteItem(major: number) {
		if (major !== 2 && major !== 3 && major !== 4 && major !== 5) throw malformed('this has no indefinite length');
		const kind = major === 4 ? 'list' : major === 5 ? 'map' : 'chunks';
		visit.open(kind, undefined);
		let count = 0;
		for (; bytes.peek() !== stopCode; count++) {
			if (kind === 'chunks' && (bytes.peek() >> 5 !== major || (bytes.peek() & 31) > 27))
				throw malformed('a chunk of another type');
			item();
		}
		if (kind === 'map' && count % 2 === 1) throw malformed('a key without a value');
		bytes.byte();
		visit.close(kind);
	}

	function malformed(what: string) {
		return fail('malformed', `Not CBOR: ${what}${bytes.place()}.`);
	}
}

const simples = new Map([
	[20, 'false'],
	[21, 'true'],
	[22, 'null'],
	[23, 'undefined'],
]);

/**
 * Lays out CBOR in its diagnostic notation (RFC 8949, section 8). Duplicate keys, keys of any type and integers of 64
 * bits are kept as they are. A comment (RFC 8610 appendix G.6) states the date of tags 1 and 100 (RFC 8943) and the value
 * of a bignum.
 */
export function layCbor(bytes: Bytes, outline: Outline): void {
	/** The tag whose content follows, and what is known of the content of the tag that ends next. */
	let tag: bigint | undefined;
	let meaning: string | undefined;
	const number = (value: number, text: string) => {
		if (tag === 1n) meaning = dateText(value * 1000);
		else if (tag === 100n) meaning = dateText(value * 86_400_000)?.slice(0, 10);
		tag = undefined;
		outline.leaf(text, value);
	};
	readCbor(bytes, {
		integer: (value) => number(Number(value), String(value)),
		float: (value) => number(value, floatText(value)),
		bytes(content) {
			meaning = tag === undefined ? undefined : bigNumber(tag, content);
			tag = undefined;
			outline.leaf(hexText(content));
		},
		text(content) {
			tag = undefined;
			if (!isUtf8(content)) outline.doubt('A text string in it is not valid UTF-8.');
			textLeaf(outline, content.toString());
		},
		simple(value, isShort) {
			tag = undefined;
			const name = isShort ? simples.get(value) : undefined;
			if (!name) outline.doubt('A simple value in it has no meaning yet.');
			outline.leaf(name ?? `simple(${value})`);
		},
		open(kind, length) {
			tag = kind === 'tag' ? length : undefined;
			if (kind === 'map') outline.open('map', length === undefined ? '{_' : '{');
			else if (kind === 'list') outline.open('list', length === undefined ? '[_' : '[');
			else if (kind === 'tag') outline.open('tag', `${length}(`);
			else outline.open('list', '(_');
		},
		close(kind) {
			const note = kind === 'tag' && meaning !== undefined ? ` ${comment(meaning)}` : '';
			meaning = undefined;
			outline.close((kind === 'map' ? '}' : kind === 'list' ? ']' : ')') + note);
		},
	});
}

/** The value of a bignum of at most 64 bytes: tag 2, or 3 for a negative one (RFC 8949 section 3.4.3). */
function bigNumber(tag: bigint, content: Buffer): string | undefined {
	if ((tag !== 2n && tag !== 3n) || content.length > 64) return undefined;
	const value = BigInt(`0x0${content.toString('hex')}`);
	return String(tag === 2n ? value : -1n - value);
}

/** IEEE 754 binary16, RFC 8949 appendix D. */
function halfFloat(bits: number): number {
	const exponent = (bits >> 10) & 31;
	const fraction = bits & 1023;
	const size =
		exponent === 0
			? fraction * 2 ** -24
			: exponent === 31
				? fraction === 0
					? Number.POSITIVE_INFINITY
					: Number.NaN
				: (1024 + fraction) * 2 ** (exponent - 25);
	return bits & 0x8000 ? -size : size;
}
