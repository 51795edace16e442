import type { Message, Sketch, SketchHeader } from '../../shared/commands/sketch';
import { keyHeaders } from './record';

/** A record as a line of the input of a tool states it. */
export interface LineRecord {
	/** Undefined: without a key. */
	key?: Uint8Array;
	/** Undefined: a tombstone. */
	value?: Uint8Array;
	/** As in a request. */
	headers?: SketchHeader[];
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
	a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((byte, at) => byte === b[at]));

/** The sketches that send these records, or one without any. Consecutive ones that differ only in their values are one sketch. */
export function sketchesOf(base: Sketch, records: readonly LineRecord[]): Sketch[] {
	const sketches: Sketch[] = [];
	let last: LineRecord | undefined;
	for (const record of records) {
		const { key, value, headers = [] } = record;
		const joins =
			last !== undefined &&
			isSame(last.key, key) &&
			(last.value === undefined) === (value === undefined) &&
			JSON.stringify(last.headers ?? []) === JSON.stringify(headers);
		const message: Message = { bytes: value ?? new Uint8Array() };
		if (joins) sketches.at(-1)?.messages.push(message);
		else
			sketches.push({
				...base,
				headers: [
					...(key ? keyHeaders(key) : []),
					...(value ? [] : [['Tombstone', 'true'] satisfies SketchHeader]),
					...base.headers,
					...headers,
				],
				messages: [message],
			});
		last = record;
	}
	return sketches.length > 0 ? sketches : [base];
}

/** Where one byte sequence first stands in another; -1 if it does not. */
export function indexOfBytes(bytes: Uint8Array, part: Uint8Array, from = 0): number {
	for (let at = bytes.indexOf(part[0] as number, from); at !== -1; at = bytes.indexOf(part[0] as number, at + 1))
		if (part.every((byte, index) => bytes[at + index] === byte)) return at;
	return -1;
}

/** Splits at each delimiter. Like kcat, skips empty parts. */
export function splitBytes(bytes: Uint8Array, delimiter: Uint8Array): Uint8Array[] {
	const parts: Uint8Array[] = [];
	let start = 0;
	for (;;) {
		const at = indexOfBytes(bytes, delimiter, start);
		const part = bytes.subarray(start, at === -1 ? bytes.length : at);
		if (part.length > 0) parts.push(part);
		if (at === -1) return parts;
		start = at + delimiter.length;
	}
}

/** A delimiter of one byte, or of two, that stands nowhere in the bytes. Never NUL and never a backslash. */
export function freeDelimiter(
	bytes: Uint8Array,
	preferred: readonly number[],
	taken: readonly number[] = [],
): number[] {
	const all = Array.from({ length: 255 }, (_, at) => at + 1).filter((one) => one !== 0x5c && !taken.includes(one));
	const used = new Set(bytes);
	for (const one of [...preferred, 0x1e, 0x1f, ...all]) if (!used.has(one) && !taken.includes(one)) return [one];
	const pairs = new Set<number>();
	for (let at = 1; at < bytes.length; at++) pairs.add(((bytes[at - 1] as number) << 8) | (bytes[at] as number));
	for (const a of all) for (const b of all) if (a !== b && !pairs.has((a << 8) | b)) return [a, b];
	return [];
}
