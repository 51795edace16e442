import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { fail } from '../../../base/failure';

/** Maximum bytes of a line. */
const maxLine = 16 * 1024 * 1024;

/** The lines of a file as bytes, without their ends; empty ones are left out. Throws a FailureError. */
export async function* linesOf(path: string, signal?: AbortSignal): AsyncGenerator<{ number: number; bytes: Buffer }> {
	let rest: Buffer[] = [];
	let size = 0;
	let number = 0;
	const take = (last: Buffer): Buffer => {
		const bytes = rest.length === 0 ? last : Buffer.concat([...rest, last]);
		rest = [];
		size = 0;
		number++;
		const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
		// A byte order mark belongs to the file, not to its first message.
		const start = number === 1 && bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? 3 : 0;
		return bytes.subarray(start, end);
	};
	try {
		for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
			let at = 0;
			for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, at)) {
				const bytes = take(chunk.subarray(at, end));
				at = end + 1;
				if (bytes.length > 0) yield { number, bytes };
			}
			rest.push(chunk.subarray(at));
			size += chunk.length - at;
			if (size > maxLine)
				throw fail('line-too-long', `Line ${number + 1} of "${basename(path)}" is longer than 16 MB.`, {
					field: 'file',
				});
		}
		const bytes = take(Buffer.alloc(0));
		if (bytes.length > 0) yield { number, bytes };
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (typeof code !== 'string' || code === 'ABORT_ERR') throw error;
		throw fail('bad-file', `The file "${basename(path)}" cannot be read.`, { evidence: code, field: 'file' });
	}
}
