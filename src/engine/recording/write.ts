import { rmSync } from 'node:fs';
import { fail } from '../../base/failure';
import { headLine, type RecordingHead, recordedLine } from '../../lines/recording';
import type { LineMessage } from '../../lines/write';
import { flag } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { createLineFile } from './line-file';

export interface Recorder {
	/** Writes a message or note. When this returns, the operating system has the line: a killed process loses nothing. */
	write(message: LineMessage, time: number): void;
	/** Ends the recording if its file has been deleted. */
	check(): void;
	/** Without notes. */
	readonly messages: number;
	readonly bytes: number;
	/** Why the recording has ended early, in a sentence. */
	readonly problem: string | undefined;
	close(): void;
}

/** The recorder of one file. */
export interface FileRecorder extends Recorder {
	/** Writes lines of another recording with the same start, which hold this many messages. False: it has ended early. */
	append(lines: Uint8Array, messages: number): boolean;
}

export interface RecorderOptions {
	path: string;
	head: RecordingHead;
	description: ProtocolDescription;
	/** The recording has ended early, because the disk is full or the file was deleted. Called once. */
	onProblem(problem: string): void;
}

/**
 * Records into a new file. Each line is written before its message is acknowledged, at 2 µs of a local disk's time; a
 * disk that is slow slows the sender down. Throws `no-recording` if the file cannot be created.
 */
export function createRecorder({ path, head, description, onProblem }: RecorderOptions): FileRecorder {
	const file = createLineFile(path);
	const { started } = head;
	let messages = 0;
	let problem: string | undefined;
	let isOpen = true;

	function put(lines: Uint8Array): boolean {
		if (!isOpen) return false;
		try {
			file.write(lines);
			return true;
		} catch (error) {
			end(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
			return false;
		}
	}

	function end(reason: string): void {
		problem = `The recording has ended early: ${reason}.`;
		close();
		onProblem(problem);
	}

	function close(): void {
		isOpen = false;
		file.close();
	}

	try {
		file.write(Buffer.from(headLine(head)));
	} catch (error) {
		file.close();
		rmSync(path, { force: true });
		const { code } = error as NodeJS.ErrnoException;
		throw fail('no-recording', `The file ${path} cannot be written.`, { evidence: code });
	}
	return {
		write(message, time) {
			if (!isOpen || !put(Buffer.from(recordedLine(description, message, { time, started })))) return;
			if ((message.flags & flag.note) === 0) messages++;
		},
		append(lines, count) {
			const isWritten = put(lines);
			if (isWritten) messages += count;
			return isWritten;
		},
		check() {
			if (isOpen && file.isRemoved()) end(`${path} was deleted`);
		},
		get messages() {
			return messages;
		},
		get bytes() {
			return file.bytes;
		},
		get problem() {
			return problem;
		},
		close,
	};
}
