import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Failure, FailureError } from '../../base/failure';
import type { Peer } from './dial/socket-failures';
import { closedByPeer, type PeerWord } from './failures';
import { webSocketClosed } from './http/web-socket-failures';
import { linkFailure } from './tls/failures';

/** An open connection as a stream of bytes in both directions, over TCP, TLS or WebSocket. */
export interface Pipe {
	/** `done` is called when the system has taken the bytes, and with an error, or not at all, when it has not. */
	write(bytes: Uint8Array | string, done?: (error?: Error | null) => void): void;
	/** Bytes that wait because the peer does not read. */
	readonly waiting: number;
	/** Must be called once, before the event loop turns; nothing has been read before. */
	listen(listener: PipeListener): void;
	/** Removes the listener, so that the socket can be handed on. */
	leave(): void;
	/** Sends what is waiting and closes the connection. Nothing is read or written any more. */
	end(): void;
	destroy(): void;
}

export interface PipeListener {
	/** Over WebSocket, each call is one message. */
	data(chunk: Buffer): void;
	/** Called exactly once. */
	closed(failure: Failure): void;
}

export interface PipeOptions {
	/** The error that the socket has reported, also before the pipe was made. */
	error(): unknown;
	peer: Peer;
	word: PeerWord;
}

/** Milliseconds in which the peer closes its side of a connection that was ended here. */
const closeWithin = 500;

export function socketPipe(socket: Socket, { error, peer, word }: PipeOptions): Pipe {
	let leave = () => {};
	let isEnded = false;
	return {
		write(bytes, done) {
			if (isEnded) done?.(new Error('The connection was ended.'));
			else socket.write(bytes, done);
		},
		get waiting() {
			return socket.writableLength;
		},
		listen({ data, closed }) {
			const read = (chunk: Buffer) => isEnded || data(chunk);
			leave = () => socket.off('data', read).off('end', lost).off('close', lost);
			const lost = () => {
				leave();
				closed(error() ? linkFailure(error(), peer) : closedByPeer(word));
			};
			socket.on('data', read).on('end', lost).on('close', lost);
			if (socket.closed) queueMicrotask(lost);
		},
		leave: () => leave(),
		/**
		 * Only this side at first: a socket that is closed while the peer still writes is reset, and the peer drops what it has not
		 * read yet, such as acknowledgements.
		 */
		end() {
			if (isEnded || socket.destroyed) return;
			isEnded = true;
			socket.end();
			const timer = setTimeout(() => socket.destroy(), closeWithin);
			socket.once('close', () => clearTimeout(timer));
		},
		destroy: () => void socket.destroy(),
	};
}

export interface WebSocketPipeOptions extends PipeOptions {
	/** The kind of message that the protocol uses, and the failure when the peer sends the other one. */
	kind: 'text' | 'binary';
	wrongKind: FailureError;
}

/** A pipe over the WebSocket that `openWebSocket` has opened. */
export function webSocketPipe(socket: WebSocket, { error, peer, word, kind, wrongKind }: WebSocketPipeOptions): Pipe {
	const isBinary = kind === 'binary';
	let failure: Failure | undefined;
	return {
		write: (bytes, done) => socket.send(bytes, { binary: isBinary }, done),
		get waiting() {
			return socket.bufferedAmount;
		},
		listen({ data, closed }) {
			const lost = (code: number, reason: Buffer) => {
				closed(failure ?? webSocketClosed(code, reason, error(), peer, word));
			};
			socket.on('message', (bytes: Buffer, isOther: boolean) => {
				if (isOther === isBinary) return data(bytes);
				failure ??= wrongKind.failure;
				socket.terminate();
			});
			socket.on('error', (fault) => {
				failure ??= linkFailure(fault, peer);
			});
			if (socket.readyState === socket.CLOSED) queueMicrotask(() => lost(1006, Buffer.alloc(0)));
			else socket.on('close', lost);
			socket.resume();
		},
		leave: () => void socket.removeAllListeners().on('error', () => {}),
		end: () => socket.close(1000),
		destroy: () => socket.terminate(),
	};
}
