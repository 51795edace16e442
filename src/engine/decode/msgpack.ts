import { isUtf8 } from 'node:buffer';
import { fail } from '../../base/failure';
import type { Outline } from '../../model/json/outline';
import { type Bytes, comment, dateText, floatText, hexText, textLeaf } from './bytes';

/** The type of the extension that holds a timestamp. */
const timestamp = -1;

/**
 * Lays out MessagePack (github.com/msgpack/msgpack, spec.md) like JSON, one value after another until the end. Bytes are
 * written as h'…', extensions as ext(type, h'…'), with the date of a timestamp as a comment. Duplicate keys and integers of 64 bits are kept as they are.
 */
export function readMsgpack(bytes: Bytes, outline: Outline): void {
	while (!bytes.isAtEnd()) value();

	function value() {
		const first = bytes.byte();
		if (first < 0x80) return integer(BigInt(first));
		if (first < 0x90) return map(BigInt(first & 15));
		if (first < 0xa0) return list(BigInt(first & 15));
		if (first < 0xc0) return text(BigInt(first & 31));
		if (first >= 0xe0) return integer(BigInt(first - 256));
		/** Formats of one kind are consecutive, in the order of their number's size: 1, 2, 4, 8 bytes. */
		const number = (start: number, smallest = 1) => bytes.unsigned(smallest << (first - start));
		if (first === 0xc0) return outline.leaf('null');
		if (first === 0xc1) throw fail('malformed', `Not MessagePack: 0xc1 is never used${bytes.place()}.`);
		if (first <= 0xc3) return outline.leaf(first === 0xc3 ? 'true' : 'false');
		if (first <= 0xc6) return outline.leaf(hexText(bytes.take(number(0xc4))));
		if (first <= 0xc9) return extension(number(0xc7));
		if (first === 0xca) return float(bytes.take(4n).readFloatBE());
		if (first === 0xcb) return float(bytes.take(8n).readDoubleBE());
		if (first <= 0xcf) return integer(number(0xcc));
		if (first <= 0xd3) return integer(BigInt.asIntN(8 << (first - 0xd0), number(0xd0)));
		if (first <= 0xd8) return extension(1n << BigInt(first - 0xd4));
		if (first <= 0xdb) return text(number(0xd9));
		if (first <= 0xdd) return list(number(0xdc, 2));
		return map(number(0xde, 2));
	}

	function integer(number: bigint): void {
		outline.leaf(String(number), Number(number));
	}

	function float(number: number): void {
		outline.leaf(floatText(number), number);
	}

	function text(size: bigint): void {
		const content = bytes.take(size);
		if (!isUtf8(content)) outline.doubt('A text in it is not valid UTF-8.');
		textLeaf(outline, content.toString());
	}

	function list(count: bigint): void {
		outline.open('list', '[');
		for (let at = 0n; at < count; at++) value();
		outline.close(']');
	}

	function map(count: bigint): void {
		outline.open('map', '{');
		for (let at = 0n; at < count; at++) {
			const key = bytes.peek();
			const isText = (key >= 0xa0 && key < 0xc0) || (key >= 0xd9 && key <= 0xdb);
			if (!isText) outline.wonder();
			value();
			value();
		}
		outline.close('}');
	}

	function extension(size: bigint): void {
		const type = (bytes.byte() << 24) >> 24;
		const content = bytes.take(size);
		const date = type === timestamp ? timestampText(content) : undefined;
		outline.leaf(`ext(${type}, ${hexText(content)})${date === undefined ? '' : ` ${comment(date)}`}`);
	}
}

/** A timestamp of 4, 8 or 12 bytes: seconds, or nanoseconds and seconds. Nanoseconds are written with all digits. */
function timestampText(content: Buffer): string | undefined {
	let [seconds, nanoseconds] = [0, 0];
	if (content.length === 4) seconds = content.readUInt32BE();
	else if (content.length === 8) {
		const packed = content.readBigUInt64BE();
		nanoseconds = Number(packed >> 34n);
		seconds = Number(packed & 0x3_ffff_ffffn);
	} else if (content.length === 12) {
		nanoseconds = content.readUInt32BE();
		seconds = Number(content.readBigInt64BE(4));
	} else return undefined;
	const whole = dateText(seconds * 1000);
	if (whole === undefined || nanoseconds >= 1e9) return undefined;
	const fraction =
		nanoseconds === 0
			? ''
			: `.${String(nanoseconds)
					.padStart(9, '0')
					.replace(/(000)+$/, '')}`;
	return whole.replace('Z', `${fraction}Z`);
}
