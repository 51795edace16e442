import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { fail } from '../../base/failure';
import { type RecordingHead, readHead } from '../../lines/recording';

/** Bytes in which the first line must end. */
const maxHead = 64 * 1024;

/**
 * The head of a recording, or of the latest part of a history; undefined where the file begins with a message. Throws
 * `bad-recording`, or `no-recording`.
 */
export async function headOf(path: string): Promise<RecordingHead | undefined> {
	if ((await stat(path).catch(() => undefined))?.isDirectory()) {
		const latest = (await readdir(path))
			.filter((name) => /\.recording\.jsonl(\.gz)?$/.test(name))
			.sort()
			.at(-1);
		if (latest === undefined) throw fail('no-recording', 'There are no recordings in this folder.');
		return headOf(join(path, latest));
	}
	const line = await firstLine(path);
	if (line === '') throw fail('bad-recording', 'The file is empty, or its beginning is damaged.');
	const found = readHead(line);
	if (found && 'problem' in found) throw fail('bad-recording', found.problem);
	return found?.head;
}

/** The first line of a file that may be compressed. What of it cannot be read is missing. */
async function firstLine(path: string): Promise<string> {
	const file = createReadStream(path, { highWaterMark: maxHead });
	const isCompressed = /\.gz$/i.test(path);
	const stream = isCompressed ? file.pipe(createGunzip({ chunkSize: maxHead })) : file;
	if (isCompressed) file.on('error', (error) => stream.destroy(error));
	let text = Buffer.alloc(0);
	try {
		for await (const piece of stream as AsyncIterable<Buffer>) {
			text = Buffer.concat([text, piece]);
			if (text.includes(10) || text.length >= maxHead) break;
		}
	} catch (error) {
		const { code = '' } = error as NodeJS.ErrnoException;
		// The thread that reads the file says what is damaged.
		if (!code.startsWith('Z_')) throw fail('no-recording', `The file cannot be read (${code}).`);
	} finally {
		file.destroy();
	}
	return text.toString('utf8').split('\n', 1)[0] ?? '';
}
