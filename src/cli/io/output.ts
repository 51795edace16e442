import { writeSync } from 'node:fs';

/** Standard output with back-pressure: a write returns when the reader has room for it. */
export interface Output {
	/** False when nobody reads any more (the pipe is closed). */
	write(bytes: Uint8Array | string): boolean;
	/** What waits is written, at the end of the turn at the latest. */
	flush(): boolean;
	readonly closed: boolean;
	onClosed(action: () => void): void;
}

const chunk = 64 * 1024;

/**
 * Writes are synchronous. While the reader is slow nothing is read from the broker either, so that nothing piles up
 * here, and an acknowledgement follows the write.
 */
export function createOutput(fd = 1): Output {
	let waiting: Uint8Array[] = [];
	let size = 0;
	let closed = false;
	let scheduled = false;
	let tell: () => void = () => {};
	const encoder = new TextEncoder();

	function flush(): boolean {
		if (closed) return false;
		if (size === 0) return true;
		const bytes = waiting.length === 1 ? (waiting[0] as Uint8Array) : Buffer.concat(waiting);
		waiting = [];
		size = 0;
		try {
			writeAll(fd, bytes);
		} catch {
			// EPIPE, or a full disk: either way nothing more can be said there.
			closed = true;
			tell();
		}
		return !closed;
	}

	return {
		flush,
		write(bytes) {
			if (closed) return false;
			const piece = typeof bytes === 'string' ? encoder.encode(bytes) : bytes.slice();
			waiting.push(piece);
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
			tell = action;
		},
	};
}

const nap = new Int32Array(new SharedArrayBuffer(4));

function writeAll(fd: number, bytes: Uint8Array): void {
	for (let at = 0; at < bytes.length; ) {
		try {
			at += writeSync(fd, bytes, at, bytes.length - at);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
			// Another process has made the pipe non-blocking: wait for room.
			Atomics.wait(nap, 0, 0, 2);
		}
	}
}
