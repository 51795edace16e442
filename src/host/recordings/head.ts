import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { fail } from '../../base/failure';
import { type RecordingHead, readHead } from '../../lines/recording';

/** Bytes in which the first line must end. */
const maxHead = 64 * 1024;

/**
 * The head of a recording, or of the latest one of a history; undefined where the file begins with a message. Throws
 * `bad-recording`.
 */
export async function headOf(path: string): Promise<RecordingHead | undefined> {
	if ((await stat(path)).isDirectory()) {
		const latest = (await readdir(path))
			.filter((name) => /\.recording\.jsonl(\.gz)?$/.test(name))
			.sort()
			.at(-1);
		if (latest === undefined) throw fail('no-recording', 'There are no recordings in this folder.');
		return headOf(join(path, latest));
	}
	const start = await startOf(path);
	const found = readHead(start.toString('utf8').split('\n', 1)[0] ?? '');
	if (found && 'problem' in found) throw fail('bad-recording', found.problem);
	return found?.head;
}

async function startOf(path: string): Promise<Buffer> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(maxHead), 0, maxHead, 0);
		const start = buffer.subarray(0, bytesRead);
		// The rest of the file is missing here, which is no error with this flush.
		return /\.gz$/i.test(path) ? inflated(start) : start;
	} finally {
		await file.close();
	}
}

/** At most `maxInflated` bytes: the first block of a file of another program may become large. */
function inflated(start: Buffer): Buffer {
	try {
		return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxInflated });
	} catch {
		return Buffer.alloc(0);
	}
}

const maxInflated = 128 * 1024 * 1024;
