/**
 * The parts of a record that the log keeps besides its value and flags: partition (4 bytes), offset and timestamp (8 each),
 * then the bytes of key and headers as they are in the record (https://kafka.apache.org/documentation/#record), so that
 * everything is exact and a flood costs two copies.
 */
export interface StoredRecord {
	/** -1: not known, for a sent record whose partition was left to the partitioner. */
	partition: number;
	/** -1: not known yet. */
	offset: bigint;
	/** Milliseconds since the epoch; -1: none. */
	timestamp: bigint;
	key: Uint8Array | undefined;
	/** In their order, with duplicates. */
	headers: StoredHeader[];
}

export interface StoredHeader {
	name: Uint8Array;
	/** Undefined: null. */
	value: Uint8Array | undefined;
}

/** Bytes in front of the key. */
export const storedHead = 20;

/** Decodes what the log keeps; undefined for a message without it, or if it is malformed. */
export function storedRecord(meta: unknown): StoredRecord | undefined {
	if (!(meta instanceof Uint8Array) || meta.length < storedHead) return undefined;
	const view = new DataView(meta.buffer, meta.byteOffset, meta.length);
	try {
		const at = { position: storedHead };
		const key = nullable(meta, at);
		const count = varint(meta, at);
		const headers: StoredHeader[] = [];
		for (let index = 0; index < count; index++)
			headers.push({ name: nullable(meta, at) ?? new Uint8Array(), value: nullable(meta, at) });
		return {
			partition: view.getInt32(0),
			offset: view.getBigInt64(4),
			timestamp: view.getBigInt64(12),
			key,
			headers,
		};
	} catch {
		return undefined;
	}
}

/** The partition alone. Hot path: without an object. */
export const storedPartition = (bytes: Uint8Array): number => int32(bytes, 0);

/** The offset alone, as a number. Hot path: small integers are compared several times as fast as doubles. */
export function storedOffset(bytes: Uint8Array): number {
	const upper = int32(bytes, 4);
	const lower = int32(bytes, 8);
	return upper === 0 && lower >= 0 ? lower : upper * 2 ** 32 + (lower >>> 0);
}

const int32 = (bytes: Uint8Array, at: number): number =>
	((bytes[at] as number) << 24) |
	((bytes[at + 1] as number) << 16) |
	((bytes[at + 2] as number) << 8) |
	(bytes[at + 3] as number);

/** Encodes the parts as the log keeps them. */
export function storeRecord({ partition, offset, timestamp, key, headers }: StoredRecord): Uint8Array {
	const parts: Uint8Array[] = [sized(key), zigzag(headers.length)];
	for (const { name, value } of headers) parts.push(sized(name), sized(value));
	const size = parts.reduce((sum, { length }) => sum + length, storedHead);
	const bytes = new Uint8Array(size);
	const view = new DataView(bytes.buffer);
	view.setInt32(0, partition);
	view.setBigInt64(4, offset);
	view.setBigInt64(12, timestamp);
	let at = storedHead;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

interface Position {
	position: number;
}

function nullable(bytes: Uint8Array, at: Position): Uint8Array | undefined {
	const length = varint(bytes, at);
	if (length < 0) return undefined;
	const end = at.position + length;
	if (end > bytes.length) throw new RangeError('A record ends within a key or header.');
	const part = bytes.subarray(at.position, end);
	at.position = end;
	return part;
}

/** A zigzag varint of at most 32 bits. */
function varint(bytes: Uint8Array, at: Position): number {
	let value = 0;
	for (let shift = 0; shift < 35; shift += 7) {
		const byte = bytes[at.position++];
		if (byte === undefined) throw new RangeError('A record ends within a number.');
		value |= (byte & 0x7f) << shift;
		if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
	}
	throw new RangeError('A number in a record is too long.');
}

function sized(bytes: Uint8Array | undefined): Uint8Array {
	if (!bytes) return zigzag(-1);
	const length = zigzag(bytes.length);
	const both = new Uint8Array(length.length + bytes.length);
	both.set(length);
	both.set(bytes, length.length);
	return both;
}

function zigzag(number: number): Uint8Array {
	let rest = ((number << 1) ^ (number >> 31)) >>> 0;
	const bytes: number[] = [];
	for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
	bytes.push(rest);
	return Uint8Array.from(bytes);
}
