import { Duplex } from 'node:stream';
import type { Pipe } from '../../shared/pipe';

/**
 * The stream that mqtt.js uses as its socket. It reads the packets that the guard pushes and writes to the pipe. Packets
 * that the adapter writes by itself go through it as well, so that none lands in the middle of another. A write that fails
 * is never called back, since mqtt.js would report the error before the pipe reports why it has closed.
 */
export function libraryStream(pipe: Pipe, written: () => void): Duplex {
	const stream = new Duplex({
		read() {},
		write(chunk: Buffer, _encoding, done) {
			written();
			if (chunk.length === 0) done();
			else pipe.write(chunk, answered(done));
		},
		writev(chunks, done) {
			written();
			const bytes = Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer));
			if (bytes.length === 0) done();
			else pipe.write(bytes, answered(done));
		},
		// mqtt.js would close the socket on its own timers; the link closes it instead.
		final: (done) => done(),
	});
	stream.on('error', () => {});
	return stream;
}

const answered = (done: () => void) => (error?: Error | null) => {
	if (!error) done();
};

/** Resolves once it is known whether the system has taken everything that was written so far. */
export function flushed(stream: Duplex): Promise<boolean> {
	return new Promise((resolve) => {
		// The callback gets an error if the stream is destroyed before.
		stream.write(Buffer.alloc(0), (error) => resolve(!error));
	});
}
