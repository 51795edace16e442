import { kafkaFlag } from '../describe/flags';
import { storedHead } from '../describe/stored-record';
import { decompress, Unreadable } from './decompress';
import { crc32c } from './library';

/** Sizes of a batch's start, and of its whole header (https://kafka.apache.org/documentation/#recordbatch). */
const batchStart = 12;
const batchHead = 61;

/** Receives the records of a partition. Payload and meta are valid until the call returns. */
export interface RecordReader {
	/** Smallest offset that is wanted. */
	from: bigint;
	/** First offset that is not wanted. */
	until: bigint | undefined;
	/** Records with this timestamp or a later one are not wanted. */
	untilTime: number | undefined;
	/** `meta`: as in `describe/stored-record.ts`. Returns false to end the reading. */
	record(value: Uint8Array, meta: Uint8Array, flags: number): boolean;
	/** Records were skipped because a batch cannot be read; `reason` completes a sentence. */
	skipped(first: bigint, last: bigint, reason: string): void;
}

export interface BatchesResult {
	/** The offset to read next. */
	next: bigint;
	ended: boolean;
}

/** Transactions that were aborted, as a fetch with `read_committed` names them. */
export interface Aborted {
	producerId: bigint;
	firstOffset: bigint;
}

const usualScratch = 4096;
/** A buffer of more bytes, for a large key, is not kept. */
const maxScratch = 1024 * 1024;
/** Where the meta of a record is written, and views of its start by their length, so that a flood creates none. */
let scratch = new Uint8Array(usualScratch);
let scratchView = new DataView(scratch.buffer);
const maxViews = 512;
let views: (Uint8Array | undefined)[] = [];

function metaOf(size: number): Uint8Array {
	const had = views[size];
	if (had) return had;
	const view = scratch.subarray(0, size);
	if (size < maxViews) views[size] = view;
	return view;
}

function resize(size: number): void {
	scratch = new Uint8Array(size);
	scratchView = new DataView(scratch.buffer);
	views = [];
}

/**
 * Reads the batches of a fetched partition and passes their records on: control records and those of aborted transactions
 * are left out. `limit`: bytes of a message; a batch may have twice as many after decompression. `isCut`: the bytes are only the
 * start of a batch that was too large for an answer, which is skipped. The library's own reader creates objects for each record,
 * and decompresses without limit. Throws a RangeError if the bytes have no batch of the wanted offset, which would be fetched
 * again without end.
 */
export function readBatches(
	bytes: Buffer,
	partition: number,
	aborted: readonly Aborted[],
	limit: number,
	reader: RecordReader,
	isCut = false,
): BatchesResult {
	const wanted = reader.from;
	let next = wanted;
	const pending = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
	const aborting = new Set<bigint>();
	for (let at = 0; at + batchStart <= bytes.length; ) {
		const end = at + batchStart + bytes.readInt32BE(at + 8);
		if (end > bytes.length) {
			// The broker cuts the last batch where the fetch is full, but sends the first one whole (KIP-74).
			if (!isCut || next !== wanted || at + batchHead > bytes.length) break;
			const [first, size] = [bytes.readBigInt64BE(at), (end - at).toLocaleString('en-US')];
			const last = first + BigInt(bytes.readInt32BE(at + 23));
			if (last < wanted) break;
			next = last + 1n;
			const reason = `the batch has ${size} bytes, and messages of ${limit.toLocaleString('en-US')} are accepted`;
			reader.skipped(first > wanted ? first : wanted, last, `${reason} ("Largest message accepted")`);
			break;
		}
		if (end < at + batchStart + 5) throw new RangeError('A batch is shorter than its header.');
		const first = bytes.readBigInt64BE(at);
		const magic = bytes.readInt8(at + 16);
		if (magic !== 2) {
			reader.skipped(first, first, `it has the message format ${magic}, which brokers before Kafka 0.11 wrote`);
			if (first >= next) next = first + 1n;
			at = end;
			continue;
		}
		if (end < at + batchHead) throw new RangeError('A batch is shorter than its header.');
		const attributes = bytes.readInt16BE(at + 21);
		const last = first + BigInt(bytes.readInt32BE(at + 23));
		const count = bytes.readInt32BE(at + 57);
		const start = at + batchHead;
		at = end;
		if (last < reader.from) continue;
		if (crc32c(bytes.subarray(start - batchHead + 21, end)) !== bytes.readUInt32BE(start - batchHead + 17)) {
			next = last + 1n;
			reader.skipped(first > reader.from ? first : reader.from, last, 'its checksum is wrong');
			reader.from = next;
			continue;
		}
		if (reader.until !== undefined && first >= reader.until) return { next: first, ended: true };
		const isTransactional = (attributes & 0x10) !== 0;
		if (isTransactional && aborted.length > 0) {
			const producer = bytes.readBigInt64BE(start - batchHead + 43);
			for (let one = pending[0]; one && one.firstOffset <= last; one = pending[0]) {
				aborting.add(one.producerId);
				pending.shift();
			}
			if ((attributes & 0x20) !== 0) aborting.delete(producer);
			else if (aborting.has(producer)) {
				next = last + 1n;
				continue;
			}
		}
		next = last + 1n;
		// Control records mark the end of transactions.
		if ((attributes & 0x20) !== 0) continue;
		const codec = attributes & 7;
		let records = bytes.subarray(start, end);
		try {
			if (count < 0) throw new RangeError('The number of records is negative.');
			if (codec !== 0) records = decompress(codec, records, 2 * limit);
			if (!readRecords(records, count, bytes, start - batchHead, attributes, partition, reader))
				return { next: reader.from, ended: true };
		} catch (error) {
			if (!(error instanceof Unreadable || error instanceof RangeError)) throw error;
			const reason = error instanceof Unreadable ? error.message : 'its records are malformed';
			reader.skipped(first > reader.from ? first : reader.from, last, reason);
		}
		reader.from = next;
	}
	if (next === wanted && bytes.length > 0) throw new RangeError(`No batch with offset ${wanted} can be read.`);
	return { next, ended: reader.until !== undefined && next >= reader.until };
}

/** Position behind the number that `varint` has read, so that no object is created for the two. */
let at = 0;
/** Largest timestamp and difference that are computed as numbers. */
const safe = 2 ** 52;

/** Hot path: no object per record but the view of its value. */
function readRecords(
	records: Buffer,
	count: number,
	batch: Buffer,
	head: number,
	attributes: number,
	partition: number,
	reader: RecordReader,
): boolean {
	const first = batch.readBigInt64BE(head);
	const [firstHigh, firstLow] = [batch.readInt32BE(head), batch.readUInt32BE(head + 4)];
	const isAppendTime = (attributes & 8) !== 0;
	const time = batch.readBigInt64BE(head + (isAppendTime ? 35 : 27));
	const baseTime = time > -safe && time < safe ? Number(time) : undefined;
	const from = Number(reader.from - first);
	const until = reader.until === undefined ? Number.POSITIVE_INFINITY : Number(reader.until - first);
	const untilTime = reader.untilTime ?? Number.POSITIVE_INFINITY;
	const flags = (isAppendTime ? kafkaFlag.appendTime : 0) | ((attributes & 0x10) !== 0 ? kafkaFlag.transactional : 0);
	const { buffer, byteOffset } = records;
	at = 0;
	for (let index = 0; index < count; index++) {
		const length = varint(records);
		const end = at + length;
		if (length < 0 || end > records.length) throw new RangeError('A record is cut.');
		const timeAt = ++at;
		while ((records[at++] as number) >= 0x80);
		const timeEnd = at;
		const delta = varint(records);
		if (delta < from) {
			at = end;
			continue;
		}
		const keyAt = at;
		const keyLength = varint(records);
		if (keyLength > 0) at += keyLength;
		const keyEnd = at;
		const valueLength = varint(records);
		const valueAt = at;
		if (valueLength > 0) at += valueLength;
		const headersAt = at;
		if (headersAt > end || keyLength > length || valueLength > length) throw new RangeError('A record is cut.');
		at = end;
		const size = storedHead + (keyEnd - keyAt) + (end - headersAt);
		if (size > scratch.length) resize(size > maxScratch ? size : Math.max(size, 2 * scratch.length));
		else if (scratch.length > maxScratch) resize(Math.max(size, usualScratch));
		let timestamp: number;
		if (baseTime !== undefined && (isAppendTime || timeEnd - timeAt <= 4)) {
			timestamp = isAppendTime ? baseTime : baseTime + shortVarint(records, timeAt, timeEnd);
			scratchView.setInt32(12, Math.floor(timestamp / 0x100000000));
			scratchView.setInt32(16, timestamp | 0);
		} else {
			const exact = isAppendTime ? time : BigInt.asIntN(64, time + varlong(records, timeAt, timeEnd));
			scratchView.setBigInt64(12, exact);
			timestamp = Number(exact);
		}
		if (delta >= until || timestamp >= untilTime) {
			reader.from = first + BigInt(delta);
			return false;
		}
		const low = firstLow + delta;
		scratchView.setInt32(0, partition);
		scratchView.setInt32(4, low > 0xffffffff ? firstHigh + 1 : firstHigh);
		scratchView.setInt32(8, low | 0);
		let to = storedHead;
		if (size < maxCopied) {
			for (let from = keyAt; from < keyEnd; from++) scratch[to++] = records[from] as number;
			for (let from = headersAt; from < end; from++) scratch[to++] = records[from] as number;
		} else {
			scratch.set(records.subarray(keyAt, keyEnd), to);
			scratch.set(records.subarray(headersAt, end), to + keyEnd - keyAt);
		}
		const value = new Uint8Array(buffer, byteOffset + valueAt, headersAt - valueAt);
		if (!reader.record(value, metaOf(size), valueLength < 0 ? flags | kafkaFlag.tombstone : flags)) {
			reader.from = first + BigInt(delta) + 1n;
			return false;
		}
	}
	return true;
}

/** Up to this size a loop copies faster than a call. */
const maxCopied = 256;

/** A zigzag varint of at most 32 bits at `at`. */
function varint(bytes: Buffer): number {
	let byte = bytes[at++] as number;
	if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
	let value = byte & 0x7f;
	for (let shift = 7; shift < 35; shift += 7) {
		byte = bytes[at++] as number;
		value |= (byte & 0x7f) << shift;
		if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
	}
	throw new RangeError('A number in a record is cut or too long.');
}

/** A zigzag varint of at most 28 bits. */
function shortVarint(bytes: Buffer, start: number, end: number): number {
	let value = 0;
	for (let index = end - 1; index >= start; index--) value = (value << 7) | ((bytes[index] as number) & 0x7f);
	return (value >>> 1) ^ -(value & 1);
}

/** A zigzag varint of at most 64 bits. */
function varlong(bytes: Buffer, start: number, end: number): bigint {
	if (end - start > 10) throw new RangeError('A number in a record is too long.');
	let value = 0n;
	for (let index = end - 1; index >= start; index--) value = (value << 7n) | BigInt((bytes[index] as number) & 0x7f);
	return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
}
