import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Fast: lines of JSON become a tenth at any level. */
const level = 3;

/**
 * Replaces a file by its compressed form, whose name ends in ".gz". At each moment one of the two is complete. Rejects, and
 * leaves the file, if the compressed form cannot be written or the signal is aborted.
 */
export async function compress(path: string, signal?: AbortSignal): Promise<string> {
	const temporary = `${path}.gz.tmp`;
	try {
		await pipeline(
			createReadStream(path, { highWaterMark: 1024 * 1024 }),
			createGzip({ level, chunkSize: 256 * 1024 }),
			createWriteStream(temporary, { flags: 'w' }),
			{ signal },
		);
		signal?.throwIfAborted();
		await rename(temporary, `${path}.gz`);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
	await rm(path, { force: true });
	return `${path}.gz`;
}
