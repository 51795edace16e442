import { writeSync } from 'node:fs';
import type { Failure } from '../../base/failure';

/** Standard output with back-pressure: a write returns when the reader has room for the bytes. */
export interface Output {
	/** False if the pipe is closed. */
	write(bytes: Uint8Array | string): boolean;
	/** Writes the buffered bytes, which otherwise happens at the end of the event loop's turn. */
	flush(): boolean;
	readonly closed: boolean;
	onClosed(action: () => void): void;
}

const chunk = 64 * 1024;

/**
 * Writes are synchronous: while the reader is slow, nothing is read from the broker either. So memory stays bounded, and a
 * message is acknowledged after it was written.
 */
export function createOutput(fd = 1): Output {
	let buffered: Uint8Array[] = [];
	let size = 0;
	let closed = false;
	let scheduled = false;
	let onClosed: () => void = () => {};
	const encoder = new TextEncoder();

	function flush(): boolean {
		if (closed) return false;
		if (size === 0) return true;
		const bytes = buffered.length === 1 ? (buffered[0] as Uint8Array) : Buffer.concat(buffered);
		buffered = [];
		size = 0;
		try {
			writeAll(fd, bytes);
		} catch {
			// EPIPE or a full disk: nothing more can be written.
			closed = true;
			onClosed();
		}
		return !closed;
	}

	return {
		flush,
		write(bytes) {
			if (closed) return false;
			const piece = typeof bytes === 'string' ? encoder.encode(bytes) : bytes.slice();
			buffered.push(piece);
			size += piece.length;
			if (size >= chunk) return flush();
			if (!scheduled) {
				scheduled = true;
				setImmediate(() => {
					scheduled = false;
					flush();
				});
			}
			return true;
		},
		get closed() {
			return closed;
		},
		onClosed(action) {
			onClosed = action;
		},
	};
}

/** A value to wait on; it never changes, so that the wait lasts its whole time. */
const idle = new Int32Array(new SharedArrayBuffer(4));

function writeAll(fd: number, bytes: Uint8Array): void {
	for (let at = 0; at < bytes.length; ) {
		try {
			at += writeSync(fd, bytes, at, bytes.length - at);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
			// Another process has made the pipe non-blocking. Wait until it has room.
			Atomics.wait(idle, 0, 0, 2);
		}
	}
}

/** A failure on one line: what happened, why, and what to do. */
export function failureText({ message, evidence, remedy }: Failure): string {
	return [message, evidence && `(${evidence})`, remedy?.text].filter(Boolean).join(' ');
}
