import { EventEmitter } from 'node:events';

/** The socket as the library sees it. */
export interface LibraryStream {
	/** For the library's `tls.open`. */
	stream: EventEmitter;
	/** A whole answer for the library, which it processes before this returns. */
	push(frame: Buffer): void;
	/** The connection has ended: the library rejects what is unanswered. */
	end(): void;
}

export interface StreamEvents {
	write(bytes: Buffer): void;
	/**
	 * The library ends the connection: because of this error, because a request was not answered in time ("timeout"), or
	 * because the login failed, which it reports by itself ("login").
	 */
	destroyed(reason: unknown): void;
}

/**
 * What the library uses of a TLS socket. Answers are passed on in the turn in which they arrive, so that an error keeps its
 * place among them; a stream of Node would report it in a later tick.
 */
export function libraryStream({ write, destroyed }: StreamEvents): LibraryStream {
	const stream = new EventEmitter();
	let isEnded = false;
	const end = () => {
		if (isEnded) return;
		isEnded = true;
		stream.emit('close');
	};
	const destroy = (error: unknown) => {
		if (isEnded) return;
		destroyed(error);
		end();
	};
	Object.assign(stream, {
		...{ setNoDelay() {}, setTimeout() {} },
		write(bytes: Buffer) {
			if (!isEnded) write(bytes);
			return true;
		},
		destroy: (error?: unknown) => destroy(error ?? 'timeout'),
		destroySoon() {},
		end: () => destroy('login'),
	});
	return {
		stream,
		push: (frame) => void stream.emit('data', frame),
		end,
	};
}

/** Tells the library that its stream is open, once it listens. */
export function announceOpen(stream: EventEmitter): void {
	process.nextTick(() => stream.emit('secureConnect'));
}
