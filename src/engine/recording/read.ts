import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { fail } from '../../base/failure';
import { type Recorded, type RecordingHead, readHead, readRecorded } from '../../lines/recording';

/** Messages of a recording in the order of the file. */
export interface RecordedBatch {
	messages: Recorded[];
	/** Lines that could not be read, as sentences; at most `maxProblems` in the whole file, and the number of all. */
	problems: string[];
	unread: number;
	/** Part of the file that has been read, 0 to 1. */
	share: number;
}

export interface OpenedRecording {
	/** Undefined: the file begins with a message, as the output of `listen` does. */
	head: RecordingHead | undefined;
	/** Can be read once. Ends early when the signal is aborted. */
	batches(signal?: AbortSignal): AsyncGenerator<RecordedBatch>;
}

/** Problems that are told one by one. */
const maxProblems = 10;
/** Bytes of a line. A payload of 16 MiB takes up to six times as much where each byte is written as an escape. */
const maxLine = 128 * 1024 * 1024;
const chunk = 1024 * 1024;

/**
 * Opens a recording, compressed where its name ends in ".gz". Throws `no-recording` if the file cannot be read, and
 * `bad-recording` with the reason if its head cannot be used.
 */
export async function openRecording(path: string): Promise<OpenedRecording> {
	const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
		throw fail('no-recording', `The recording ${path} cannot be read.`, { evidence: error.code });
	});
	const lines = linesOf(path, size);
	const first = await lines.next();
	let early = first.done ? undefined : first.value;
	const [line] = early?.lines ?? [];
	const found = line === undefined ? undefined : readHead(line.toString());
	if (found && 'problem' in found) {
		await lines.return(undefined);
		throw fail('bad-recording', found.problem);
	}
	const head = found?.head;
	if (early && head) early = { ...early, lines: early.lines.slice(1) };
	return {
		head,
		async *batches(signal) {
			let number = head ? 1 : 0;
			let told = 0;
			const read = ({ lines: some, share }: Lines): RecordedBatch => {
				const batch: RecordedBatch = { messages: [], problems: [], unread: 0, share };
				const bad = (reason: string) => {
					batch.unread++;
					if (told++ < maxProblems) batch.problems.push(`Line ${number}: ${reason}.`);
				};
				for (const one of some) {
					number++;
					if (typeof one === 'string') bad(one);
					else if (one.length === 0) continue;
					else if (!isUtf8(one)) bad('it is not UTF-8 text');
					else
						try {
							batch.messages.push(readRecorded(one.toString(), head?.started));
						} catch (error) {
							bad(error instanceof Error ? error.message : String(error));
						}
				}
				return batch;
			};
			try {
				if (early) yield read(early);
				early = undefined;
				for await (const some of lines) {
					if (signal?.aborted) return;
					yield read(some);
				}
			} finally {
				await lines.return(undefined);
			}
		},
	};
}

interface Lines {
	/** Without their ends. A string: why a line is missing. */
	lines: (Buffer | string)[];
	share: number;
}

/** Lines of a file in chunks. What the file has lost is a line that says so. */
async function* linesOf(path: string, size: number): AsyncGenerator<Lines, undefined> {
	const file = createReadStream(path, { highWaterMark: chunk });
	const isCompressed = /\.gz$/i.test(path);
	const stream = isCompressed ? file.pipe(createGunzip({ chunkSize: chunk })) : file;
	if (isCompressed) file.on('error', (error) => stream.destroy(error));
	const share = () => (size === 0 ? 1 : Math.min(1, file.bytesRead / size));
	let rest: Buffer[] = [];
	let restBytes = 0;
	let skipping = false;
	try {
		for await (const piece of stream as AsyncIterable<Buffer>) {
			const lines: (Buffer | string)[] = [];
			let start = 0;
			for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, start)) {
				if (skipping) lines.push(tooLong);
				else if (rest.length === 0) lines.push(trimmed(piece.subarray(start, end)));
				else lines.push(trimmed(Buffer.concat([...rest, piece.subarray(start, end)])));
				rest = [];
				restBytes = 0;
				skipping = false;
				start = end + 1;
			}
			if (start < piece.length && !skipping) {
				rest.push(piece.subarray(start));
				restBytes += piece.length - start;
				if (restBytes > maxLine) {
					rest = [];
					skipping = true;
				}
			}
			if (lines.length > 0) yield { lines, share: share() };
		}
	} catch (error) {
		const { code = '' } = error as NodeJS.ErrnoException;
		const why = code.startsWith('Z_')
			? 'the compressed data ends too early or is damaged'
			: `the file cannot be read on (${code})`;
		yield { lines: [why], share: share() };
		return;
	} finally {
		file.destroy();
	}
	if (skipping) yield { lines: [tooLong], share: 1 };
	// A recording that was cut ends in the middle of a line; the output of another program may lack the last line end.
	else if (rest.length > 0) yield { lines: [trimmed(Buffer.concat(rest))], share: 1 };
}

const tooLong = `it has more than ${maxLine / 1024 / 1024} MiB`;

const trimmed = (line: Buffer): Buffer => (line.at(-1) === 13 ? line.subarray(0, -1) : line);
