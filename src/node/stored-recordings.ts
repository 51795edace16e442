import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../base/failure';
import { type RecordingHead, readHead } from '../lines/recording';
import { fileName } from '../model/text/file-name';
import type { Mode, ProtocolDescription, Verb } from '../protocols/description';

/** A recording whose lines are the messages of a target at a peer that keeps them, such as a topic of a log. */
export interface StoredRecording {
	/** A file with its lines. */
	path: string;
	/** Undefined: its first message is not there any more. */
	head: RecordingHead | undefined;
	/** Messages and notes. */
	lines: number;
}

export interface StoredRecordings {
	/** Takes the payload of the next message. The recordings of each target follow one another. */
	add(target: string, payload: Uint8Array): void;
	/**
	 * Those that were found, in the order of their beginnings. Ends writing. Throws `bad-recording` if none of them can be read,
	 * such as those of a later version.
	 */
	finish(): StoredRecording[];
	/** Messages that are no line of a recording that can be read. */
	readonly foreign: number;
	/** Deletes the files. */
	remove(): void;
}

interface OpenFile extends StoredRecording {
	file: number;
	pending: Uint8Array[];
	bytes: number;
}

const newline = Uint8Array.of(10);
/** Starts of the lines of a recording. Other messages of the target are not parsed. */
const headStart = Buffer.from('{"recording":');
const lineStarts = ['{"at":', '{"time":'].map((text) => Buffer.from(text));
const writeAt = 256 * 1024;

/** Writes the recordings that a target holds into files of a folder for temporary files, which only this user can read. */
export function createStoredRecordings(): StoredRecordings {
	const folder = mkdtempSync(join(tmpdir(), 'messaging-workbench-recordings-'));
	const all: OpenFile[] = [];
	/** The recording to which the next line of a target belongs. */
	const current = new Map<string, OpenFile>();
	/** Targets whose present recording cannot be read, and why that of the first one. */
	const unreadable = new Set<string>();
	let problem: string | undefined;
	let foreign = 0;

	function begin(target: string, head: RecordingHead | undefined): OpenFile {
		const path = join(folder, fileName(head?.connection ?? target, `-${all.length + 1}.recording.jsonl`, 'recording'));
		const open: OpenFile = { path, head, lines: 0, file: openSync(path, 'wx', 0o600), pending: [], bytes: 0 };
		all.push(open);
		current.set(target, open);
		return open;
	}

	function write(open: OpenFile, line: Uint8Array): void {
		open.pending.push(line, newline);
		open.bytes += line.length;
		if (open.bytes >= writeAt) flush(open);
	}

	function flush(open: OpenFile): void {
		const bytes = Buffer.concat(open.pending);
		for (let at = 0; at < bytes.length; ) at += writeSync(open.file, bytes, at);
		open.pending = [];
		open.bytes = 0;
	}

	return {
		get foreign() {
			return foreign;
		},
		add(target, payload) {
			const line = payload.at(-1) === 10 ? payload.slice(0, -1) : payload.slice();
			const starts = (start: Buffer) => start.equals(line.subarray(0, start.length));
			const isHead = starts(headStart);
			if (!(isHead || lineStarts.some(starts)) || line.includes(10)) {
				foreign++;
				return;
			}
			const found = isHead ? readHead(Buffer.from(line).toString()) : undefined;
			if (found && 'problem' in found) {
				problem ??= found.problem;
				unreadable.add(target);
			} else if (found) unreadable.delete(target);
			if (unreadable.has(target)) {
				foreign++;
				return;
			}
			const open =
				found && 'head' in found ? begin(target, found.head) : (current.get(target) ?? begin(target, undefined));
			if (!found) open.lines++;
			write(open, line);
		},
		finish() {
			for (const open of all) {
				flush(open);
				closeSync(open.file);
			}
			if (all.length === 0 && problem !== undefined) throw fail('bad-recording', problem);
			return all.map(({ path, head, lines }) => ({ path, head, lines }));
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** The mode that reads everything that a peer of this protocol keeps. Throws `keeps-nothing`. */
export function readingMode({ label, subscription }: ProtocolDescription): Mode {
	const mode = subscription?.modes?.find(({ readsAll }) => readsAll);
	if (!mode) throw fail('keeps-nothing', `${label} keeps no messages that could be read from the beginning.`);
	return mode;
}

/** The verb whose messages a peer of this protocol keeps in order. Throws `keeps-nothing`. */
export function keepingVerb({ label, verbs }: ProtocolDescription): Verb {
	const verb = verbs.find(({ keeps }) => keeps);
	if (!verb)
		throw fail('keeps-nothing', `${label} keeps no messages in order, so a recording cannot be written there.`);
	return verb;
}
