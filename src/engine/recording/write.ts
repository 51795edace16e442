import { closeSync, openSync, writeSync } from 'node:fs';
import { fail } from '../../base/failure';
import { headLine, type RecordingHead, recordedLine } from '../../lines/recording';
import type { LineMessage } from '../../lines/write';
import type { ProtocolDescription } from '../../protocols/description';

export interface Recorder {
	/** Writes a message or note. When this returns, the operating system has the line: a killed process loses nothing. */
	write(message: LineMessage, time: number): void;
	readonly messages: number;
	readonly bytes: number;
	/** Why the recording has ended early, in a sentence. */
	readonly problem: string | undefined;
	close(): void;
}

export interface RecorderOptions {
	path: string;
	head: RecordingHead;
	description: ProtocolDescription;
	/** The recording has ended early: the disk is full. Called once. */
	onProblem(problem: string): void;
}

/**
 * Records into a new file. Each line is written before its message is acknowledged, at 2 µs of a local disk's time; a
 * disk that is slow slows the sender down. Throws `no-recording` if the file cannot be created.
 */
export function createRecorder({ path, head, description, onProblem }: RecorderOptions): Recorder {
	let file: number | undefined;
	let messages = 0;
	let bytes = 0;
	let problem: string | undefined;
	try {
		file = openSync(path, 'wx');
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw code === 'EEXIST'
			? fail('no-recording', `The file ${path} exists already. A recording replaces no file.`)
			: fail('no-recording', `The file ${path} cannot be written.`, { evidence: code });
	}
	const { started } = head;

	function put(line: string): void {
		if (file === undefined) return;
		const whole = Buffer.from(line);
		try {
			for (let at = 0; at < whole.length; ) at += writeSync(file, whole, at);
			bytes += whole.length;
		} catch (error) {
			problem = `The recording has ended early: ${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`;
			close();
			onProblem(problem);
		}
	}

	function close(): void {
		if (file === undefined) return;
		const open = file;
		file = undefined;
		try {
			closeSync(open);
		} catch {
			// It was closed by the failure of a write.
		}
	}

	put(headLine(head));
	return {
		write(message, time) {
			if (file === undefined) return;
			put(recordedLine(description, message, { time, started }));
			messages++;
		},
		get messages() {
			return messages;
		},
		get bytes() {
			return bytes;
		},
		get problem() {
			return problem;
		},
		close,
	};
}
