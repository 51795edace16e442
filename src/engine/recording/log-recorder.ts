import { closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { flag } from '../../model/contracts/message';
import { formatCount } from '../../model/text/words';
import type { Store } from '../store/store';
import { createRecorder, type FileRecorder, type Recorder, type RecorderOptions } from './write';

/** Milliseconds of work at a time, so that the session goes on meanwhile. */
const slice = 10;
const linesPerStep = 500;
const bytesPerStep = 256 * 1024;

export interface LogRecorderOptions extends RecorderOptions {
	store: Pick<Store, 'feed' | 'next'>;
	/** Line of the log with which the recording begins; with `store.next`, it begins now. */
	from: number;
	/** Called while the log is written. */
	changed(): void;
}

export interface LogRecorder extends Recorder {
	/** Takes no more lines. Resolves when the file has all of them, or the recording has ended early. */
	finish(): Promise<void>;
}

/** A free name beside the file. What it holds is a recording of its own, in case the process is killed. */
function arrivingPath(path: string): string {
	const start = `${path.replace(/(?:\.recording)?\.jsonl$/i, '')}.new`;
	for (let number = 1; ; number++) {
		const free = `${start}${number === 1 ? '' : `-${number}`}.recording.jsonl`;
		if (!existsSync(free)) return free;
	}
}

/**
 * Records what the log holds and what arrives. While the log is written, an arriving line goes into a second file before its
 * message is acknowledged; then that file is appended to the first one and deleted. Throws `no-recording`.
 */
export function createLogRecorder({ store, from, changed, onProblem, ...options }: LogRecorderOptions): LogRecorder {
	const encoder = new TextEncoder();
	const until = store.next;
	const whole = createRecorder({ ...options, onProblem: end });
	/** `copied`: its bytes that were appended. */
	let arriving: { recorder: FileRecorder; path: string; copied: number } | undefined;
	let next = from;
	let problem: string | undefined;
	let isFinishing = false;
	let isOpen = true;
	let finished: () => void = () => {};
	const complete = new Promise<void>((resolve) => {
		finished = resolve;
	});

	function end(reason: string): void {
		if (!isOpen) return;
		const rest = arriving && arriving.recorder.messages > 0 ? ` What arrived last is in ${arriving.path}.` : '';
		problem = `${reason}${rest}`;
		close();
		onProblem(problem);
	}

	function close(): void {
		isOpen = false;
		whole.close();
		arriving?.recorder.close();
		finished();
	}

	function writeLog(): void {
		const feed = store.feed(next, Math.min(linesPerStep, until - next), true);
		const lost = Math.min(feed.lost, until - next);
		if (lost > 0) whole.write(lostNote(lost), feed.messages[0]?.time ?? Date.now());
		for (const message of feed.messages) if (message.seq < until) whole.write(message, message.time);
		next = feed.next;
	}

	const lostNote = (lost: number) => ({
		target: '',
		payload: encoder.encode(`${formatCount(lost)} lines are missing here: they were no longer in the log.`),
		flags: flag.note | flag.bad,
	});

	/** Appends a piece of the second file, and deletes the file after its last piece. */
	function append(own: NonNullable<typeof arriving>): void {
		const { recorder, path, copied } = own;
		const piece = Buffer.alloc(Math.min(bytesPerStep, recorder.bytes - copied));
		const file = openSync(path, 'r');
		try {
			if (readSync(file, piece, 0, piece.length, copied) < piece.length) throw new Error(`${path} was cut`);
		} finally {
			closeSync(file);
		}
		const isLast = copied + piece.length === recorder.bytes;
		if (!whole.append(piece, isLast ? recorder.messages : 0)) return;
		own.copied += piece.length;
		if (!isLast) return;
		arriving = undefined;
		recorder.close();
		rmSync(path, { force: true });
	}

	/** Writes a part of what the file lacks. */
	function step(): void {
		if (next < until) writeLog();
		else if (arriving) append(arriving);
	}

	const isBehind = () => isOpen && (next < until || arriving !== undefined);

	function work(): void {
		const stopAt = performance.now() + slice;
		try {
			while (isBehind() && performance.now() < stopAt) step();
			if (isBehind() && !arriving) arriving = createArriving();
		} catch (error) {
			end(`The recording has ended early: ${(error as Error).message.replace(/\.$/, '')}.`);
		}
		if (isBehind()) {
			setImmediate(work);
			changed();
		} else if (isFinishing) finished();
	}

	function createArriving() {
		const path = arrivingPath(options.path);
		const recorder = createRecorder({ ...options, path, onProblem: end });
		return { recorder, path, copied: recorder.bytes };
	}

	work();
	return {
		write(message, time) {
			if (isOpen && !isFinishing) (arriving?.recorder ?? whole).write(message, time);
		},
		check() {
			whole.check();
			arriving?.recorder.check();
		},
		get messages() {
			return whole.messages + (arriving?.recorder.messages ?? 0);
		},
		get bytes() {
			return whole.bytes + (arriving ? arriving.recorder.bytes - arriving.copied : 0);
		},
		get problem() {
			return problem;
		},
		close,
		finish() {
			isFinishing = true;
			if (!isBehind()) finished();
			return complete;
		},
	};
}
