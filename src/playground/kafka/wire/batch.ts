import { errors, KafkaError } from '../errors';
import { crc32c } from './crc32c';

// Offsets of the fields of a record batch of format 2 (KIP-98).
const lengthAt = 8;
const epochAt = 12;
const magicAt = 16;
const crcAt = 17;
const attributesAt = 21;
const lastDeltaAt = 23;
const baseTimestampAt = 27;
const maxTimestampAt = 35;
const producerIdAt = 43;
const producerEpochAt = 51;
const baseSequenceAt = 53;
const countAt = 57;
export const headerBytes = 61;

/** Bits of a batch's attributes. */
export const attribute = { codec: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const;

/** What a broker reads of a batch; the records stay as they came, compressed or not. */
export interface Batch {
	readonly baseOffset: bigint;
	readonly lastOffset: bigint;
	readonly maxTimestamp: bigint;
	readonly attributes: number;
	readonly producerId: bigint;
	readonly producerEpoch: number;
	readonly baseSequence: number;
	readonly bytes: Buffer;
}

/** The batches of a produce request. Throws `KafkaError` for an old format, a wrong checksum or a wrong length. */
export function splitBatches(bytes: Buffer): Buffer[] {
	const batches: Buffer[] = [];
	for (let at = 0; at < bytes.length; ) {
		if (bytes.length - at < headerBytes) throw new KafkaError(errors.corruptMessage, 'The batch ends early.');
		if (bytes[at + magicAt] !== 2)
			throw new KafkaError(errors.unsupportedForMessageFormat, 'Only record batches of format 2 are accepted.');
		const length = 12 + bytes.readInt32BE(at + lengthAt);
		if (length < headerBytes || at + length > bytes.length)
			throw new KafkaError(errors.corruptMessage, 'The length of the batch is wrong.');
		const batch = bytes.subarray(at, at + length);
		if (crc32c(batch.subarray(attributesAt)) !== batch.readUInt32BE(crcAt))
			throw new KafkaError(errors.corruptMessage, 'The checksum of the batch is wrong.');
		if (batch.readInt32BE(countAt) < 1 || batch.readInt32BE(lastDeltaAt) < 0)
			throw new KafkaError(errors.invalidRecord, 'The batch has no record.');
		batches.push(batch);
		at += length;
	}
	return batches;
}

/** Gives the batch its place in the log. The checksum covers neither offset nor epoch. */
export function placeBatch(source: Buffer, baseOffset: bigint, leaderEpoch: number): Batch {
	// A copy: the source is a view of a whole request.
	const bytes = Buffer.from(source);
	bytes.writeBigInt64BE(baseOffset, 0);
	bytes.writeInt32BE(leaderEpoch, epochAt);
	return readBatch(bytes);
}

/** Replaces the timestamps by the broker's time (`message.timestamp.type=LogAppendTime`). */
export function stampBatch(source: Buffer, time: bigint): Buffer {
	const bytes = Buffer.from(source);
	bytes.writeInt16BE(bytes.readInt16BE(attributesAt) | attribute.logAppendTime, attributesAt);
	bytes.writeBigInt64BE(time, maxTimestampAt);
	bytes.writeUInt32BE(crc32c(bytes.subarray(attributesAt)), crcAt);
	return bytes;
}

export function readBatch(bytes: Buffer): Batch {
	const baseOffset = bytes.readBigInt64BE(0);
	return {
		baseOffset,
		lastOffset: baseOffset + BigInt(bytes.readInt32BE(lastDeltaAt)),
		maxTimestamp: bytes.readBigInt64BE(maxTimestampAt),
		attributes: bytes.readInt16BE(attributesAt),
		producerId: bytes.readBigInt64BE(producerIdAt),
		producerEpoch: bytes.readInt16BE(producerEpochAt),
		baseSequence: bytes.readInt32BE(baseSequenceAt),
		bytes,
	};
}

export function recordCount(bytes: Buffer): number {
	return bytes.readInt32BE(countAt);
}

export interface BatchOptions {
	/** Bits of `attribute`. */
	attributes?: number;
	producerId?: bigint;
	producerEpoch?: number;
	baseSequence?: number;
	baseTimestamp: bigint;
	maxTimestamp: bigint;
	lastOffsetDelta: number;
	count: number;
}

/** A batch around records that are already encoded. Its base offset is 0 until it is placed. */
export function buildBatch(records: Buffer, options: BatchOptions): Buffer {
	const bytes = Buffer.alloc(headerBytes + records.length);
	bytes.writeInt32BE(bytes.length - 12, lengthAt);
	bytes.writeInt8(2, magicAt);
	bytes.writeInt16BE(options.attributes ?? 0, attributesAt);
	bytes.writeInt32BE(options.lastOffsetDelta, lastDeltaAt);
	bytes.writeBigInt64BE(options.baseTimestamp, baseTimestampAt);
	bytes.writeBigInt64BE(options.maxTimestamp, maxTimestampAt);
	bytes.writeBigInt64BE(options.producerId ?? -1n, producerIdAt);
	bytes.writeInt16BE(options.producerEpoch ?? -1, producerEpochAt);
	bytes.writeInt32BE(options.baseSequence ?? -1, baseSequenceAt);
	bytes.writeInt32BE(options.count, countAt);
	records.copy(bytes, headerBytes);
	bytes.writeUInt32BE(crc32c(bytes.subarray(attributesAt)), crcAt);
	return bytes;
}

/** The timestamp that the records' differences count from. */
export function baseTimestamp(bytes: Buffer): bigint {
	return bytes.readBigInt64BE(baseTimestampAt);
}
