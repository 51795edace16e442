import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** An answer to the handshake whose head is longer is left to Node's HTTP parser, which refuses it. Characters. */
const maxHeadLength = 64 * 1024;
const headEnd = '\r\n\r\n';

/**
 * The socket as ws sees it. The answer to the handshake passes through. What follows a 101 answer is held back until
 * `follow` is called, and then passes what follows the frames first, so that they can be read before ws reads them.
 */
export class FrontStream extends Duplex {
	/** The head of the answer so far; undefined once its end was found. */
	private answerHead: string | undefined = '';
	private held: Buffer[] | undefined;
	private receive: (chunk: Buffer) => void = (chunk) => this.readAnswer(chunk);

	constructor(private readonly socket: Socket) {
		super();
		socket.on('data', (chunk) => this.receive(chunk));
		socket.on('end', () => this.push(null));
		socket.on('error', (error) => this.destroy(error));
		socket.on('close', () => {
			// Bytes that were received before the end are still to be read.
			if (socket.readableEnded && !this.readableEnded) this.once('end', () => this.destroy());
			else this.destroy();
		});
	}

	private readAnswer(chunk: Buffer): void {
		let head = (this.answerHead ?? '') + chunk.toString('latin1');
		for (let end = head.indexOf(headEnd); end >= 0; end = head.indexOf(headEnd)) {
			const status = /^HTTP\/1\.\d (\d)(\d\d)/.exec(head);
			head = head.slice(end + headEnd.length);
			if (status?.[1] === '1' && status[2] !== '01') continue;
			const start = chunk.length - head.length;
			if (status?.[1] === '1') {
				this.hold(chunk.subarray(0, start), chunk.subarray(start));
				return;
			}
			this.receive = (bytes) => this.pass(bytes);
			break;
		}
		if (head.length > maxHeadLength) this.receive = (bytes) => this.pass(bytes);
		this.answerHead = head;
		this.pass(chunk);
	}

	private hold(answer: Buffer, rest: Buffer): void {
		const held = rest.length > 0 ? [rest] : [];
		this.held = held;
		this.answerHead = undefined;
		this.receive = (chunk) => void held.push(chunk);
		this.socket.pause();
		this.pass(answer);
	}

	/** Hands bytes to ws, which reads them before this returns unless it is paused. */
	pass(bytes: Buffer): void {
		if (!this.push(bytes)) this.socket.pause();
	}

	/** From now on `receive` gets what the server sends, and passes on what is for ws. ws must be reading. */
	follow(receive: (chunk: Buffer) => void): void {
		const { held } = this;
		// Without the end of the answer the frames cannot be told from it, and ws reads everything.
		if (!held) return;
		this.held = undefined;
		this.receive = receive;
		for (const chunk of held) receive(chunk);
		this.socket.resume();
	}

	override _read(): void {
		if (!this.held) this.socket.resume();
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.socket.write(chunk, done);
	}

	override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
		this.socket.cork();
		const last = chunks.pop();
		for (const { chunk } of chunks) this.socket.write(chunk);
		this.socket.write(last?.chunk ?? '', done);
		this.socket.uncork();
	}

	override _final(done: (error?: Error | null) => void): void {
		this.socket.end(done);
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		this.socket.destroy();
		done(error);
	}
}
