import { gunzipSync } from 'node:zlib';
import { attribute, type Batch, baseTimestamp, buildBatch, headerBytes, placeBatch } from './batch';
import { Malformed } from './reader';

export interface NewRecord {
	key?: Buffer | string | null;
	/** null is a tombstone. */
	value: Buffer | string | null;
	headers?: readonly (readonly [string, Buffer | string | null])[];
	/** Milliseconds since 1970. Without: now. */
	timestamp?: bigint;
	/** Position in the batch. Without: one after the record before. */
	offsetDelta?: number;
}

export interface StoredRecord {
	offset: bigint;
	timestamp: bigint;
	key: Buffer | null;
	value: Buffer | null;
	/** The record without its length, as it stands in the batch. */
	bytes: Buffer;
}

/** An uncompressed batch. */
export function encodeRecords(
	records: readonly NewRecord[],
	options: { attributes?: number; producerId?: bigint; producerEpoch?: number; baseSequence?: number } = {},
): Buffer {
	const now = BigInt(Date.now());
	const times = records.map(({ timestamp }) => timestamp ?? now);
	const base = times[0] ?? now;
	let delta = -1;
	const encoded = records.map((record, index) => {
		delta = record.offsetDelta ?? delta + 1;
		return withLength(encodeRecord(record, (times[index] as bigint) - base, delta));
	});
	return buildBatch(Buffer.concat(encoded), {
		...options,
		baseTimestamp: base,
		maxTimestamp: times.reduce((highest, time) => (time > highest ? time : highest), base),
		lastOffsetDelta: delta,
		count: records.length,
	});
}

function encodeRecord({ key, value, headers = [] }: NewRecord, timestampDelta: bigint, offsetDelta: number): Buffer {
	const parts = [Buffer.of(0), varint(timestampDelta), varint(BigInt(offsetDelta)), sized(key), sized(value)];
	parts.push(varint(BigInt(headers.length)));
	for (const [name, content] of headers) parts.push(sized(name), sized(content));
	return Buffer.concat(parts);
}

function sized(value: Buffer | string | null | undefined): Buffer {
	return value === null || value === undefined ? varint(-1n) : withLength(Buffer.from(value as string));
}

function withLength(bytes: Buffer): Buffer {
	return Buffer.concat([varint(BigInt(bytes.length)), bytes]);
}

function varint(value: bigint): Buffer {
	let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
	const bytes: number[] = [];
	for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
	bytes.push(Number(rest));
	return Buffer.from(bytes);
}

/** Decompressed records are read up to this size, in bytes. */
const maxDecompressed = 4 * 1024 * 1024;

/** The records of a batch without compression or with gzip; undefined for other codecs, and if the records are malformed. */
export function decodeRecords({ bytes, attributes, baseOffset, maxTimestamp }: Batch): StoredRecord[] | undefined {
	const codec = attributes & attribute.codec;
	if (codec > 1) return undefined;
	try {
		const body = bytes.subarray(headerBytes);
		const records = codec === 1 ? gunzipSync(body, { maxOutputLength: maxDecompressed }) : body;
		const fromBroker = (attributes & attribute.logAppendTime) !== 0;
		const base = baseTimestamp(bytes);
		const stored: StoredRecord[] = [];
		for (let at = 0; at < records.length; ) {
			const [length, start] = readVarint(records, at);
			at = start + Number(length);
			if (length < 1n || at > records.length) throw new Malformed('A record has a wrong length.');
			const record = records.subarray(start, at);
			const [timestampDelta, afterTime] = readVarint(record, 1);
			const [offsetDelta, afterOffset] = readVarint(record, afterTime);
			const [key, afterKey] = readSized(record, afterOffset);
			const [value] = readSized(record, afterKey);
			const timestamp = fromBroker ? maxTimestamp : base + timestampDelta;
			stored.push({ offset: baseOffset + offsetDelta, timestamp, key, value, bytes: record });
		}
		return stored;
	} catch {
		return undefined;
	}
}

/** The batch with only these of its records, at their offsets, uncompressed. */
export function keepRecords(batch: Batch, kept: readonly StoredRecord[]): Batch {
	const bytes = buildBatch(Buffer.concat(kept.map((record) => withLength(record.bytes))), {
		attributes: batch.attributes & ~attribute.codec,
		producerId: batch.producerId,
		producerEpoch: batch.producerEpoch,
		baseSequence: batch.baseSequence,
		baseTimestamp: baseTimestamp(batch.bytes),
		maxTimestamp: batch.maxTimestamp,
		lastOffsetDelta: Number(batch.lastOffset - batch.baseOffset),
		count: kept.length,
	});
	return placeBatch(bytes, batch.baseOffset, 0);
}

function readSized(bytes: Buffer, at: number): [Buffer | null, number] {
	const [length, start] = readVarint(bytes, at);
	if (length < 0n) return [null, start];
	const end = start + Number(length);
	if (end > bytes.length) throw new Malformed('A field is longer than its record.');
	return [bytes.subarray(start, end), end];
}

function readVarint(bytes: Buffer, start: number): [bigint, number] {
	let value = 0n;
	for (let at = start, shift = 0n; at < bytes.length && shift < 70n; at++, shift += 7n) {
		const byte = bytes[at] as number;
		value |= BigInt(byte & 0x7f) << shift;
		if (byte < 0x80) return [(value >> 1n) ^ -(value & 1n), at + 1];
	}
	throw new Malformed('A variable-length number does not end.');
}
