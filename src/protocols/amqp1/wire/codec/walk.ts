import { Malformed, maxDepth, maxEmptyElements } from './values';

/** Four bytes as a number. The caller has checked that they are there; `Buffer.readUInt32BE` costs more, as it checks again. */
export function uint32At(bytes: Uint8Array, at: number): number {
	return (
		(bytes[at] as number) * 0x1000000 +
		(((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
	);
}

/** Bytes of a value behind its constructor, by the upper half of the constructor; -1 and -4: a length of that many bytes. */
const widths = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, -1, -4, -1, -4, -1, -4];

/** The end of the value that begins at `at`. Hot path: reads lengths and nothing else. Throws `Malformed`. */
export function skipValue(bytes: Uint8Array, at: number, end: number, depth = 0): number {
	let next = at;
	let code = bytes[next++] as number;
	if (code === 0) {
		if (depth > maxDepth) throw new Malformed('it is nested too deeply');
		next = skipValue(bytes, next, end, depth + 1);
		code = bytes[next++] as number;
		// A described value that is described itself.
		if (code === 0) return skipValue(bytes, next - 1, end, depth + 1);
	}
	next = bodyEnd(bytes, next, end, code);
	if (next > end) throw new Malformed('it ends early');
	return next;
}

/** May be beyond `end`, or not a number. */
function bodyEnd(bytes: Uint8Array, at: number, end: number, code: number): number {
	const width = widths[code >> 4] as number;
	if (at > end || code < 0x40) throw new Malformed('it ends early');
	if (width >= 0) return at + width;
	if (at - width > end) throw new Malformed('it ends early');
	return width === -1 ? at + 1 + (bytes[at] as number) : at + 4 + uint32At(bytes, at);
}

/**
 * Checks the value at `at` with everything in it, and returns its end: lengths lie within each other, and no list, map or
 * array announces more elements than there are bytes for. Throws `Malformed`. A value that passes costs memory in proportion
 * to its bytes when it is read.
 */
export function checkValue(bytes: Uint8Array, at: number, end: number, depth = 0): number {
	if (depth > maxDepth) throw new Malformed('it is nested too deeply');
	if (at >= end) throw new Malformed('it ends early');
	const code = bytes[at] as number;
	if (code === 0) return checkValue(bytes, checkValue(bytes, at + 1, end, depth + 1), end, depth + 1);
	return checkBody(bytes, at + 1, end, code, depth);
}

function checkBody(bytes: Uint8Array, at: number, end: number, code: number, depth: number): number {
	const next = bodyEnd(bytes, at, end, code);
	if (next > end) throw new Malformed('it ends early');
	const isShort = code >> 4 === 0xc || code >> 4 === 0xe;
	if (code < 0xc0) return next;
	const sizeBytes = isShort ? 1 : 4;
	let from = at + 2 * sizeBytes;
	if (from > next) throw new Malformed('it has no number of elements');
	const count = isShort ? (bytes[at + 1] as number) : uint32At(bytes, at + 4);
	if (code < 0xe0) {
		if (count > next - from) throw new Malformed('it has fewer elements than it announces');
		for (let index = 0; index < count; index++) from = checkValue(bytes, from, next, depth + 1);
		return next;
	}
	if (bytes[from] === 0) from = checkValue(bytes, from + 1, next, depth + 1);
	const element = bytes[from] as number;
	from++;
	if (from > next) throw new Malformed('it has no type of elements');
	if (count > Math.max(next - from, element < 0x50 ? maxEmptyElements : 0))
		throw new Malformed('it has more elements than it may have');
	for (let index = 0; index < count; index++) from = checkBody(bytes, from, next, element, depth + 1);
	return next;
}
