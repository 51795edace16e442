import zlib from 'node:zlib';
import { compressionsAlgorithms } from './library';

/** Codecs by the three lowest bits of a batch's attributes. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof codecs)[number];

/** Why a batch cannot be decompressed, as the end of a sentence. */
export class Unreadable extends Error {}

// Node 22.15 and later.
type Zstd = { zstdDecompressSync?(bytes: Uint8Array, options: { maxOutputLength: number }): Buffer };
const { zstdDecompressSync } = zlib as Zstd;

/** Whether this Node has Zstandard. */
export const hasZstd = zstdDecompressSync !== undefined;

/**
 * Decompresses the records of a batch. Throws Unreadable, before memory is used for it, if the result exceeds `limit` bytes:
 * a fetch limits the compressed size only.
 */
export function decompress(codec: number, bytes: Buffer, limit: number): Buffer {
	try {
		switch (codec) {
			case 1:
				return zlib.gunzipSync(bytes, { maxOutputLength: limit });
			case 2:
				checkSnappy(bytes, limit);
				return compressionsAlgorithms.snappy.decompressSync(bytes);
			case 3:
				checkLz4(bytes, limit);
				return compressionsAlgorithms.lz4.decompressSync(bytes);
			case 4:
				if (!zstdDecompressSync) throw new Unreadable('it is compressed with zstd, which needs Node 22.15 or later');
				return zstdDecompressSync(bytes, { maxOutputLength: limit });
			default:
				throw new Unreadable(`it is compressed with the unknown codec ${codec}`);
		}
	} catch (error) {
		if (error instanceof Unreadable) throw error;
		if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
		throw new Unreadable(`its ${codecs[codec] ?? ''} data is malformed`);
	}
}

const tooLarge = (limit: number) =>
	new Unreadable(`it has more than ${limit.toLocaleString('en-US')} bytes when it is decompressed`);

const xerialHead = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialStart = 16;

/** Throws if the blocks exceed the limit. The Java client writes several (xerial's framing), others one. */
function checkSnappy(bytes: Buffer, limit: number): void {
	let rest = limit;
	const check = (block: Buffer) => {
		rest -= snappySize(block);
		if (rest < 0) throw tooLarge(limit);
	};
	if (!bytes.subarray(0, xerialHead.length).equals(xerialHead)) check(bytes);
	else
		for (let at = xerialStart; at < bytes.length; ) {
			const size = bytes.readUInt32BE(at);
			check(bytes.subarray(at + 4, at + 4 + size));
			at += 4 + size;
		}
}

/** A block begins with the length of its content (https://github.com/google/snappy/blob/main/format_description.txt). */
function snappySize(block: Buffer): number {
	let size = 0;
	for (let at = 0, factor = 1; at < 5; at++, factor *= 128) {
		const byte = block.readUInt8(at);
		size += (byte & 0x7f) * factor;
		if (byte < 0x80) return size;
	}
	throw new RangeError('The length is too long.');
}

/** Maximum size of a block by the descriptor of an LZ4 frame (LZ4 Frame Format 1.6, "Block Maximum Size"). */
const lz4Blocks: Record<number, number> = { 4: 64 * 1024, 5: 256 * 1024, 6: 1024 * 1024, 7: 4 * 1024 * 1024 };
const lz4Magic = 0x184d2204;

/** Throws if the blocks of the frame may exceed the limit by more than one block. */
function checkLz4(bytes: Buffer, limit: number): void {
	if (bytes.readUInt32LE(0) !== lz4Magic) throw new RangeError('It is no LZ4 frame.');
	const flags = bytes.readUInt8(4);
	const maximum = lz4Blocks[(bytes.readUInt8(5) >> 4) & 7];
	if (maximum === undefined) throw new RangeError('Unknown block size.');
	let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
	let size = 0;
	for (;;) {
		const word = bytes.readUInt32LE(at);
		if (word === 0) return;
		const length = word & 0x7fffffff;
		// A block without compression has its own size; another at most 255 bytes for each of its bytes.
		size += word === length ? Math.min(maximum, length * 255) : length;
		if (size > limit + maximum) throw tooLarge(limit);
		at += 4 + length + (flags & 16 ? 4 : 0);
	}
}
