import { isUtf8 } from 'node:buffer';
import { fail } from '../../base/failure';
import type { Outline } from '../../model/json/outline';
import { type Bytes, floatText, hexText, textLeaf } from './bytes';

const indefinite = Symbol('indefinite');
const simples = new Map([
	[20, 'false'],
	[21, 'true'],
	[22, 'null'],
	[23, 'undefined'],
]);
/** The "stop" code of items of indefinite length. */
const stopCode = 0xff;

/**
 * Lays out CBOR (RFC 8949) in its diagnostic notation (section 8), one item after another until the end. Duplicate keys,
 * keys of any type and integers of 64 bits stay as they are.
 */
export function readCbor(bytes: Bytes, outline: Outline): void {
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
				return outline.leaf(String(argument), Number(argument));
			case 1: {
				const value = -1n - argument;
				return outline.leaf(String(value), Number(value));
			}
			case 2:
				return outline.leaf(hexText(bytes.take(argument)));
			case 3:
				return text(bytes.take(argument));
			case 4:
				outline.open('list', '[');
				for (let at = 0n; at < argument; at++) item();
				return outline.close(']');
			case 5:
				outline.open('map', '{');
				for (let at = 0n; at < argument * 2n; at++) item();
				return outline.close('}');
			default:
				outline.open('list', `${argument}(`);
				item();
				return outline.close(')');
		}
	}

	function readArgument(info: number): bigint | typeof indefinite {
		if (info < 24) return BigInt(info);
		if (info === 31) return indefinite;
		if (info > 27) throw fail('malformed', `Not CBOR: ${info} is reserved as additional information${bytes.place()}.`);
		return bytes.unsigned(1 << (info - 24));
	}

	function text(content: Buffer): void {
		if (!isUtf8(content)) outline.doubt('A text string in it is not valid UTF-8.');
		textLeaf(outline, content.toString());
	}

	function simpleOrFloat(info: number) {
		if (info === 25) return float(halfFloat(Number(bytes.unsigned(2))));
		if (info === 26) return float(bytes.take(4n).readFloatBE());
		if (info === 27) return float(bytes.take(8n).readDoubleBE());
		if (info > 27) throw fail('malformed', `Not CBOR: a code that has no meaning${bytes.place()}.`);
		const value = info === 24 ? bytes.byte() : info;
		const name = info === 24 ? undefined : simples.get(value);
		if (!name) outline.doubt('A simple value in it has no meaning yet.');
		outline.leaf(name ?? `simple(${value})`);
	}

	function float(value: number): void {
		outline.leaf(floatText(value), value);
	}

	function indefiniteItem(major: number) {
		if (major === 4 || major === 5) {
			outline.open(major === 4 ? 'list' : 'map', major === 4 ? '[_' : '{_');
			let count = 0;
			for (; bytes.peek() !== stopCode; count++) item();
			if (major === 5 && count % 2 === 1) throw fail('malformed', `Not CBOR: a key without a value${bytes.place()}.`);
			bytes.byte();
			return outline.close(major === 4 ? ']' : '}');
		}
		if (major !== 2 && major !== 3) throw fail('malformed', `Not CBOR: this has no indefinite length${bytes.place()}.`);
		outline.open('list', '(_');
		while (bytes.peek() !== stopCode) {
			if (bytes.peek() >> 5 !== major || (bytes.peek() & 31) > 27)
				throw fail('malformed', `Not CBOR: a chunk of another type${bytes.place()}.`);
			item();
		}
		bytes.byte();
		outline.close(')');
	}
}

/** IEEE 754 binary16, RFC 8949 appendix D. */
export function halfFloat(bits: number): number {
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
