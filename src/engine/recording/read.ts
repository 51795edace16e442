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
	/**
	 * Can be read once, and closes the file at its end. Ends early when the signal is aborted. `from`: messages before it are skipped without being read,
	 * where their lines begin with their time; in milliseconds since the start.
	 */
	batches(signal?: AbortSignal, from?: number): AsyncGenerator<RecordedBatch>;
	/** What the file has got since it was read to its end. Undefined: it cannot be read on, because it is compressed. */
	more?(signal?: AbortSignal): AsyncGenerator<RecordedBatch>;
	/** Bytes of the file, or of all files of a history, when it was opened. */
	readonly size: number;
	/** Bytes of the file that have been read, up to the end of the last whole line; undefined: it is compressed. */
	readonly read?: number;
}

/** Problems that are reported one by one. */
const maxProblems = 10;
/** Bytes of a line. A payload of 16 MiB takes up to six times as much where each byte is written as an escape. */
const maxLine = 128 * 1024 * 1024;
/** Bytes that are read and parsed at once: a replay at 20,000 messages per second must not wait long for them. */
const chunk = 128 * 1024;

/**
 * Opens a recording, compressed where its name ends in ".gz". Throws `no-recording` if the file cannot be read, and
 * `bad-recording` with the reason if its head cannot be used.
 */
export async function openRecording(path: string): Promise<OpenedRecording> {
	const size = await sizeOf(path);
	const lines = linesOf(path, size);
	const first = await lines.next();
	const early = first.done ? undefined : first.value;
	const [line] = early?.lines ?? [];
	const found = typeof line === 'object' ? readHead(line.toString()) : undefined;
	if (found && 'problem' in found) {
		await lines.return(undefined);
		throw fail('bad-recording', found.problem);
	}
	const head = found?.head;
	const reader = createReader(head);
	let end = 0;

	function take(some: Lines, from?: number): RecordedBatch {
		const batch = reader.read(some, from);
		// The rest of a line that was cut may come: then it is read again.
		if (!some.isCut || batch.unread === 0) end = some.end;
		return batch;
	}

	async function* all(): AsyncGenerator<Lines, undefined> {
		try {
			if (early) yield head ? { ...early, lines: early.lines.slice(1) } : early;
			yield* lines;
		} finally {
			await lines.return(undefined);
		}
	}

	async function* read(some: AsyncGenerator<Lines, undefined>, signal?: AbortSignal, from?: number) {
		try {
			for await (const one of some) {
				if (signal?.aborted) return;
				yield take(one, from);
			}
		} finally {
			await some.return(undefined);
		}
	}

	return {
		...{ head, size },
		get read() {
			return isCompressed(path) ? undefined : end;
		},
		batches: (signal, from) => read(all(), signal, from),
		...(!isCompressed(path) && {
			async *more(signal?: AbortSignal) {
				yield* read(linesOf(path, await sizeOf(path), end), signal);
			},
		}),
	};
}

const isCompressed = (path: string) => /\.gz$/i.test(path);

async function sizeOf(path: string): Promise<number> {
	const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
		throw fail('no-recording', `The recording ${path} cannot be read.`, { evidence: error.code });
	});
	return size;
}

/** Reads the lines of a file in their order, and counts those that cannot be read. */
function createReader(head: RecordingHead | undefined) {
	let number = head ? 1 : 0;
	let reported = 0;
	/** The time of the first message, from which the times of a file without a head count. */
	let start: number | undefined;

	function message(line: Buffer): Recorded {
		const text = line.toString();
		const one = readRecorded(text, head?.started);
		if (head) return one;
		start ??= one.time;
		return { ...one, at: one.time - start, line: text };
	}

	return {
		read({ lines, share, isCut }: Lines, from?: number): RecordedBatch {
			const batch: RecordedBatch = { messages: [], problems: [], unread: 0, share };
			const bad = (reason: string) => {
				batch.unread++;
				if (reported++ < maxProblems) batch.problems.push(`Line ${number}: ${reason}.`);
			};
			const cut = isCut ? lines.at(-1) : undefined;
			for (const line of lines) {
				number++;
				const unreadable = (reason: string) => bad(line === cut ? 'the file ends in the middle of it' : reason);
				if (typeof line === 'string') bad(line);
				else if (line.length === 0 || (head && from !== undefined && timeAtStart(line) < from)) continue;
				else if (!isUtf8(line)) unreadable('it is not UTF-8 text');
				else
					try {
						const one = message(line);
						if (from === undefined || one.at >= from) batch.messages.push(one);
					} catch (error) {
						unreadable(reasonOf(error));
					}
			}
			// It goes on with the next read.
			if (isCut) number--;
			return batch;
		},
	};
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const atMember = Buffer.from('{"at":');

/** The time at which a line begins, as the recorder writes it; infinite where it begins otherwise. */
function timeAtStart(line: Buffer): number {
	if (!atMember.equals(line.subarray(0, atMember.length))) return Number.POSITIVE_INFINITY;
	const time = Number(line.toString('latin1', atMember.length, line.indexOf(44, atMember.length)));
	return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

interface Lines {
	/** Without their ends. A string: why a line is missing. */
	lines: (Buffer | string)[];
	share: number;
	/** Bytes of the file up to the end of these lines. */
	end: number;
	/** The last line has no end. */
	isCut?: true;
}

/** Lines of a file in chunks, from the byte `from` on. What the file has lost is a line that says so. */
async function* linesOf(path: string, size: number, from = 0): AsyncGenerator<Lines, undefined> {
	const file = createReadStream(path, { highWaterMark: chunk, start: from });
	const stream = isCompressed(path) ? file.pipe(createGunzip({ chunkSize: chunk })) : file;
	if (stream !== file) file.on('error', (error) => stream.destroy(error));
	const share = () => (size === 0 ? 1 : Math.min(1, (from + file.bytesRead) / size));
	let read = from;
	let rest: Buffer[] = [];
	let restBytes = 0;
	let skipping = false;
	try {
		for await (const piece of stream as AsyncIterable<Buffer>) {
			const lines: (Buffer | string)[] = [];
			let start = 0;
			for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, start)) {
				if (skipping) lines.push(tooLong);
				else if (rest.length === 0) lines.push(trimmed(piece.subarray(start, at)));
				else lines.push(trimmed(Buffer.concat([...rest, piece.subarray(start, at)])));
				rest = [];
				restBytes = 0;
				skipping = false;
				start = at + 1;
			}
			if (start < piece.length && !skipping) {
				rest.push(piece.subarray(start));
				restBytes += piece.length - start;
				if (restBytes > maxLine) {
					rest = [];
					skipping = true;
				}
			}
			if (lines.length > 0) yield { lines, share: share(), end: read + start };
			read += piece.length;
		}
	} catch (error) {
		const { code = '' } = error as NodeJS.ErrnoException;
		const why = code.startsWith('Z_')
			? 'the compressed data ends too early or is damaged'
			: `the file cannot be read on (${code})`;
		yield { lines: [why], share: share(), end: read };
		return;
	} finally {
		file.destroy();
	}
	if (skipping) yield { lines: [tooLong], share: 1, end: read };
	// A recording that was cut ends in the middle of a line; the output of another program may lack the last line end.
	else if (rest.length > 0) yield { lines: [trimmed(Buffer.concat(rest))], share: 1, end: read, isCut: true };
}

const tooLong = `it has more than ${maxLine / 1024 / 1024} MiB`;

const trimmed = (line: Buffer): Buffer => (line.at(-1) === 13 ? line.subarray(0, -1) : line);
