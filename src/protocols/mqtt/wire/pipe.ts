import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Failure } from '../../../base/failure';
import type { Peer } from '../../shared/dial/socket-failures';
import { peerText } from '../../shared/peer-text';
import { linkFailure } from '../../shared/tls/failures';
import { broken } from './reader';

/** The bytes' way to the broker and back, over TCP, TLS or WebSocket. */
export interface Pipe {
	/** `write` calls back when the system has taken the bytes. */
	write(bytes: Uint8Array, done: (error?: Error | null) => void): void;
	/** Sends what is waiting and closes. */
	end(): void;
	destroy(): void;
	/** Exactly one listener, which is also told what arrived before. */
	listen(listener: PipeListener): void;
}

export interface PipeListener {
	data(chunk: Buffer): void;
	/** Exactly once. */
	closed(failure: Failure): void;
}

/** Over a socket that is open. `error`: what it has told as its error. */
export function socketPipe(socket: Socket, error: () => unknown, peer: Peer): Pipe {
	return {
		write: (bytes, done) => void socket.write(bytes, done),
		end: () => void socket.destroySoon(),
		destroy: () => void socket.destroy(),
		listen({ data, closed }) {
			socket.on('data', data);
			const lost = () =>
				closed(
					error()
						? linkFailure(error(), peer)
						: { code: 'closed-by-broker', message: 'The broker closed the connection.' },
				);
			if (socket.closed) queueMicrotask(lost);
			else socket.on('close', lost);
		},
	};
}

/** Over an open WebSocket: MQTT packets in binary messages, however they are divided (MQTT 5, 6). */
export function webSocketPipe(ws: WebSocket, error: () => unknown, peer: Peer, early: Buffer[]): Pipe {
	let failure: Failure | undefined;
	ws.on('error', (fault) => {
		failure ??= linkFailure(fault, peer);
	});
	return {
		write: (bytes, done) => ws.send(bytes, { binary: true }, done),
		end: () => ws.close(1000),
		destroy: () => ws.terminate(),
		listen({ data, closed }) {
			ws.on('message', (bytes: Buffer, isBinary: boolean) => {
				if (isBinary) return data(bytes);
				failure ??= broken('The broker sent a text message, but MQTT over WebSocket is binary (MQTT 5, 6).').failure;
				ws.terminate();
			});
			ws.on('close', (code: number, reason: Buffer) => {
				// Ws keeps the socket's own error to itself.
				if (error()) failure ??= linkFailure(error(), peer);
				closed(
					failure ?? {
						code: 'closed-by-broker',
						message: 'The broker closed the connection.',
						evidence: `WebSocket close code ${code}${reason.length > 0 ? `, "${peerText(reason.toString())}"` : ''}`,
					},
				);
			});
			for (const bytes of early) data(bytes);
		},
	};
}
