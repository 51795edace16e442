import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, toFailure } from '../../base/failure';
import { headLine, type RecordingHead, readHead, recordedLine } from '../../lines/recording';
import type { LineMessage } from '../../lines/write';
import { flag } from '../../model/contracts/message';
import { shownUrl } from '../../model/profile/shown-url';
import type { ProtocolDescription } from '../../protocols/description';
import { compress } from './compress';
import { continueLineFile, createLineFile, type LineFile } from './line-file';
import { firstLine, isWrittenElsewhere, nameOfPart, type Part, partsIn, tidy } from './parts';
import type { Recorder } from './write';

export interface HistoryOptions {
	/** Is created if it does not exist. */
	folder: string;
	/** Maximum bytes of all files in the folder together, at least `minKept`. */
	keep: number;
	head: Omit<RecordingHead, 'started'>;
	description: ProtocolDescription;
	/** The recording has ended early, because the disk is full. Called once. */
	onProblem(problem: string): void;
}

export interface History extends Recorder {
	/** Resolves when no part is being compressed. */
	idle(): Promise<void>;
}

export const minKept = 1_000_000;
/** Part of `keep` that one part takes; the smaller, the less is deleted at a time. */
const partShare = 1 / 10;
/** Part of `keep` that one line may take. A larger message would delete most of the history. */
const lineShare = 1 / 2;
const maxPart = 32_000_000;
/** Bytes of the compressed form while it is not known: data may be such that gzip only adds the heads of its blocks. */
const compressedAtMost = (bytes: number) => Math.ceil(bytes * 1.01) + 1000;

/**
 * Records without an end into a folder: a part that is full is compressed, and the oldest parts are deleted, so that the sum
 * of all files never exceeds `keep`. Continues the last part of an earlier process. Throws `no-recording` if the folder
 * cannot be written.
 */
export function createHistory({ folder, keep, head, description, onProblem }: HistoryOptions): History {
	const partBytes = Math.min(maxPart, Math.floor(keep * partShare));
	/** Compressing parts by path, with the bytes that their compressed forms may take. */
	const compressing = new Map<string, { reserved: number; abort: AbortController; done: Promise<void> }>();
	let part: { file: LineFile; path: string; started: number; limit: number } | undefined;
	let messages = 0;
	/** Bytes of the other parts, as of the last rotation. */
	let others = 0;
	let problem: string | undefined;
	let isOpen = true;

	const reserved = () => [...compressing.values()].reduce((sum, one) => sum + one.reserved, 0);

	/** Deletes oldest parts until this many bytes can be added. False if there are not enough that can be deleted. */
	function makeRoom(bytes: number): boolean {
		const parts = partsIn(folder);
		let sum = parts.reduce((total, one) => total + one.bytes, reserved());
		for (const one of parts) {
			if (sum + bytes <= keep) break;
			if (one.path === part?.path || isWrittenElsewhere(one)) continue;
			compressing.get(one.path)?.abort.abort();
			rmSync(one.path, { force: true });
			sum -= one.bytes;
		}
		others = sum - reserved() - (part?.file.bytes ?? 0);
		return sum + bytes <= keep;
	}

	/** Compresses a part unless there is no room for both forms. */
	function shrink({ path, bytes }: Pick<Part, 'path' | 'bytes'>): void {
		const more = compressedAtMost(bytes);
		if (compressing.has(path) || others + reserved() + more + (part?.limit ?? partBytes) > keep) return;
		const abort = new AbortController();
		const done = compress(path, abort.signal).then(
			() => {},
			// The part stays as it is, or was deleted.
			() => {},
		);
		compressing.set(path, { reserved: more, abort, done });
		void done.then(() => {
			compressing.delete(path);
			if (isOpen) attempt(() => makeRoom(part?.limit ?? partBytes));
		});
	}

	/** Continues the last part if its process has ended, its connection is the same, and it has room. */
	function resume(): boolean {
		const last = partsIn(folder).at(-1);
		if (!last || last.isCompressed || isWrittenElsewhere(last) || last.bytes >= partBytes) return false;
		const line = firstLine(last.path);
		const found = line === undefined ? undefined : readHead(line);
		if (!found || 'problem' in found) return false;
		const { protocol, connection, url, started } = found.head;
		if (protocol !== head.protocol || connection !== head.connection || url !== shownUrl(head.url)) return false;
		const file = continueLineFile(last.path);
		if (!file) return false;
		part = { file, path: last.path, started, limit: partBytes };
		return true;
	}

	/** Starts a part with room for this line. False if the line is too large for what is kept. */
	function rotate(time: number, bytes: number): boolean {
		const full = part;
		full?.file.close();
		part = undefined;
		const started = Math.floor(time);
		const first = headLine({ ...head, started });
		const limit = Math.max(partBytes, first.length + bytes);
		const compressed = full ? compressedAtMost(full.file.bytes) : 0;
		if (!makeRoom(limit + compressed) && !makeRoom(limit)) return false;
		mkdirSync(folder, { recursive: true });
		const number = (partsIn(folder).at(-1)?.number ?? 0) + 1;
		const path = join(folder, nameOfPart(started, number));
		part = { file: createLineFile(path), path, started, limit };
		part.file.write(Buffer.from(first));
		if (full) shrink({ path: full.path, bytes: full.file.bytes });
		return true;
	}

	function put(message: LineMessage, time: number): boolean {
		// A message without a part would have a time before the start of the part.
		const started = part?.started ?? Math.floor(time);
		let line = Buffer.from(recordedLine(description, message, { time, started }));
		if (line.length > keep * lineShare) return false;
		if (!part || part.file.bytes + line.length > part.limit) {
			if (!rotate(time, line.length) || !part) return false;
			line = Buffer.from(recordedLine(description, message, { time, started: part.started }));
		}
		part.file.write(line);
		return true;
	}

	function end(error: unknown): void {
		const { code } = error as NodeJS.ErrnoException;
		problem = `The history has ended early: ${folder} cannot be written (${code ?? toFailure(error).evidence}).`;
		close();
		onProblem(problem);
	}

	function close(): void {
		isOpen = false;
		part?.file.close();
	}

	function attempt(action: () => void): void {
		try {
			action();
		} catch (error) {
			end(error);
		}
	}

	function record(message: LineMessage, time: number): void {
		if (put(message, time)) {
			if ((message.flags & flag.note) === 0) messages++;
			return;
		}
		const text = `A message of ${message.payload.length} bytes is missing here: the history keeps ${keep} bytes.`;
		put({ target: message.target, payload: Buffer.from(text), flags: flag.note | flag.bad }, time);
	}

	try {
		mkdirSync(folder, { recursive: true });
		tidy(folder);
		if (!resume()) rotate(Date.now(), 0);
		else makeRoom(partBytes);
		for (const one of partsIn(folder))
			if (!one.isCompressed && one.path !== part?.path && !isWrittenElsewhere(one)) shrink(one);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw fail('no-recording', `The history cannot be written into ${folder}.`, { evidence: code });
	}
	return {
		write(message, time) {
			if (isOpen) attempt(() => record(message, time));
		},
		check() {
			// The user has deleted the history: it starts again with the next message.
			if (!isOpen || !part?.file.isRemoved()) return;
			part.file.close();
			part = undefined;
		},
		get messages() {
			return messages;
		},
		get bytes() {
			return others + reserved() + (part?.file.bytes ?? 0);
		},
		get problem() {
			return problem;
		},
		close,
		async idle() {
			while (compressing.size > 0) await Promise.all([...compressing.values()].map(({ done }) => done));
		},
	};
}
