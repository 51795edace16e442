import { EventEmitter } from 'node:events';

/**
 * The socket that rhea uses. Events `data`, `end` and `error` are emitted by the connection; what rhea writes in one turn is
 * written to the pipe at once. Nothing leaves after `silence`.
 */
export class LibrarySocket extends EventEmitter {
	private pending: Buffer[] = [];
	private isSilent = false;
	/** Bytes that wait for the end of the turn. */
	waiting = 0;

	constructor(
		private readonly toPipe: (bytes: Buffer) => void,
		/** rhea closes the connection. */
		private readonly closing: () => void,
	) {
		super();
	}

	write(bytes: Buffer): boolean {
		if (this.isSilent) return false;
		if (this.pending.length === 0) queueMicrotask(() => this.flush());
		this.pending.push(bytes);
		this.waiting += bytes.length;
		return true;
	}

	flush(): void {
		if (this.pending.length === 0) return;
		const bytes = this.pending.length === 1 ? (this.pending[0] as Buffer) : Buffer.concat(this.pending);
		this.pending = [];
		this.waiting = 0;
		this.toPipe(bytes);
	}

	silence(): void {
		this.isSilent = true;
		this.pending = [];
		this.waiting = 0;
	}

	end(): void {
		this.flush();
		this.closing();
	}

	destroy(): void {
		this.closing();
	}

	/** The pipe decides when small packets are sent. */
	setNoDelay(): void {}
}
