import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import type { Failure } from '../../../base/failure';
import type { Peer } from '../../shared/dial/socket-failures';
import { webSocketClosed, webSocketFault } from '../../shared/http/web-socket-failures';
import { refusedAfterOpening } from './refusals';
import { type Revision, revision3 } from './revision';
import type { Transport, Unit } from './transport';

export interface WebSocketTransportOptions {
	/** Open and paused, as `openWebSocket` returns it. */
	socket: WebSocket;
	/** The connection below. */
	stream: Socket;
	error(): unknown;
	peer: Peer;
	/** Largest packet accepted, in bytes. */
	limit: number;
	revision(): Revision;
}

const binary = { binary: true } as const;
const text = { binary: false } as const;
const ping = Buffer.from('liveness');
/** The type of a message, which revision 3 writes in front of binary packets. */
const messageType = Buffer.of(4);

/** Engine.IO over a WebSocket: a text message is a packet, a binary message an attachment. */
export function webSocketTransport(options: WebSocketTransportOptions): Transport {
	const { socket, stream, error, peer, limit } = options;
	let failure: Failure | undefined;

	function send({ text: packet, attachments = [] }: Unit, done?: (error?: Error | null) => void): void {
		const last = attachments.at(-1);
		socket.send(packet, text, last ? undefined : done);
		for (const attachment of attachments) {
			const bytes = options.revision() === revision3 ? Buffer.concat([messageType, attachment]) : attachment;
			socket.send(bytes, binary, attachment === last ? done : undefined);
		}
	}

	return {
		name: 'websocket',
		get waiting() {
			return socket.bufferedAmount;
		},
		listen(listener) {
			const lost = (code: number, reason: Buffer) => {
				listener.ended(failure ?? webSocketClosed(code, reason, error(), peer, 'server'));
			};
			stream.on('data', () => listener.heard());
			// Version 4 opens the WebSocket first, and then refuses a version of the protocol with an HTTP answer in it.
			stream.once('data', (chunk: Buffer) => {
				const text = chunk.toString('latin1', 0, 1000);
				if (/^HTTP\/1\.1 4/.test(text)) failure = refusedAfterOpening(text);
			});
			stream.on('end', () => setTimeout(() => stream.destroy(), restWithin).unref());
			socket.on('message', (bytes: Buffer, isBinary: boolean) => {
				if (!isBinary) listener.text(bytes);
				else listener.binary(options.revision() === revision3 ? bytes.subarray(1) : bytes);
			});
			socket.on('error', (fault) => {
				failure ??= webSocketFault(fault, { limit, what: 'a packet' });
				setTimeout(() => stream.destroy(), restWithin).unref();
			});
			if (socket.readyState === socket.CLOSED) queueMicrotask(() => lost(1006, Buffer.alloc(0)));
			else socket.on('close', lost);
			socket.resume();
		},
		send,
		pause: () => socket.pause(),
		resume: () => socket.resume(),
		ping: () => socket.readyState === socket.OPEN && socket.ping(ping),
		end: () => socket.close(1000),
		destroy: () => socket.terminate(),
	};
}

/** Time for the rest of a broken connection, in milliseconds. */
const restWithin = 1000;
