import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';
import type { Coding } from '../../../model/contracts/message';

/** `end`: `limit` if there is more than was asked for, `cut` if the compressed data ends too early. */
export interface Inflated {
	bytes: Buffer;
	end: 'whole' | 'limit' | 'cut';
}

type Run = (data: Uint8Array, options: ZlibOptions) => Buffer;

/** The content coding "deflate" is zlib, but some senders leave its frame out (RFC 9110, section 8.4.1.2). */
const decoders: Record<Coding, readonly Run[]> = {
	gzip: [gunzipSync],
	zlib: [inflateSync],
	deflate: [inflateSync, inflateRawSync],
	brotli: [brotliDecompressSync],
};

/** Maximum number of parts of a payload that are tried in order to find one whose output fits. */
const maxTries = 24;
const chunkSize = 16 * 1024;
/**
 * Output that is produced where less is asked for, because one call is cheaper than seeking the part. Brotli's decoder
 * produces its output in large pieces only.
 */
const room = 64 * 1024;
const brotliRoom = 256 * 1024;
/** Each try may fill Brotli's window of several MB. */
const maxBrotliTries = 2;

/** Decompresses at most `limit` bytes; less if the limit cannot be met exactly. Undefined if the data is malformed. */
export function inflate(data: Uint8Array, coding: Coding, limit: number): Inflated | undefined {
	for (const run of decoders[coding]) {
		const result = inflateWith(run, data, coding, Math.max(1, limit));
		if (!result) continue;
		const isLong = result.bytes.length > limit;
		return isLong ? { bytes: result.bytes.subarray(0, limit), end: 'limit' } : result;
	}
	return undefined;
}

function inflateWith(run: Run, data: Uint8Array, coding: Coding, limit: number): Inflated | undefined {
	const isBrotli = coding === 'brotli';
	const options = { maxOutputLength: Math.max(limit, isBrotli ? brotliRoom : room), chunkSize };
	const finishFlush = isBrotli ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH;
	const start = (part: Uint8Array) => attempt(() => run(part, { ...options, finishFlush }));
	const whole = attempt(() => run(data, options));
	if (whole instanceof Buffer) return { bytes: whole, end: 'whole' };
	if (whole === 'malformed') return undefined;
	const part = whole === 'cut' ? start(data) : whole;
	if (part instanceof Buffer) return part.length > 0 ? { bytes: part, end: 'cut' } : undefined;
	if (part !== 'limit') return undefined;
	const bytes = fill(start, data, limit, isBrotli ? maxBrotliTries : maxTries);
	return bytes && { bytes, end: 'limit' };
}

/** Node's zlib returns nothing when the output is too large, so a part of the input is sought whose output fits. */
function fill(
	start: (part: Uint8Array) => Attempt,
	data: Uint8Array,
	limit: number,
	tries: number,
): Buffer | undefined {
	let best: Buffer | undefined;
	let low = 0;
	let high = data.length;
	for (let count = 0; count < tries && high - low > 1; count++) {
		const middle = Math.max(low + 1, count === 0 ? Math.min(limit, high >> 1) : (low + high) >> 1);
		const part = start(data.subarray(0, middle));
		if (!(part instanceof Buffer)) high = middle;
		else {
			low = middle;
			if (part.length > 0) best = part;
			if (part.length >= limit) break;
		}
	}
	return best;
}

type Attempt = Buffer | 'limit' | 'cut' | 'malformed';

function attempt(run: () => Buffer): Attempt {
	try {
		return run();
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		return code === 'ERR_BUFFER_TOO_LARGE' ? 'limit' : code === 'Z_BUF_ERROR' ? 'cut' : 'malformed';
	}
}
