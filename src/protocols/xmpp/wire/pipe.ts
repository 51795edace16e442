import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { FailureError, fail } from '../../../base/failure';
import type { Peer } from '../../shared/dial/socket-failures';
import { createGreetingCheck } from '../../shared/foreign-server';
import { peerText } from '../../shared/peer-text';
import { linkFailure } from '../../shared/tls/failures';
import { expectedServer } from '../describe/expected-server';
import type { Wire } from './wire';

/** The way of the bytes. Everything that is received goes to a wire as text. */
export interface Pipe {
	/** `done` is called once the system has taken it; not, where it was cut off. */
	write(text: string, done?: () => void): void;
	/** Bytes that are waiting for a peer that does not read. */
	readonly waiting: number;
	/** Stops telling: the socket goes to somebody else. */
	leave(): void;
	destroy(): void;
}

const closed = (evidence?: string) =>
	fail('closed-by-server', 'The server closed the connection.', evidence ? { evidence } : {});

const unanswered = () =>
	fail('closed-by-server', 'The server closed the connection before it had said anything.', {
		remedy: { text: 'Check the port, and whether the URL must start with xmpps:// or xmpp://.' },
	});

/** Bytes are cut anywhere by the network, characters of several bytes too: the decoder keeps what is not whole yet. */
export function socketPipe(socket: Socket, error: () => unknown, peer: Peer, wire: Wire): Pipe {
	const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
	const greeting = createGreetingCheck(expectedServer);
	let silent = true;
	const data = (chunk: Buffer) => {
		silent = false;
		let text: string | undefined;
		try {
			const bytes = greeting(chunk);
			text = bytes && decoder.decode(bytes, { stream: true });
		} catch (error) {
			const unreadable = 'The server sent bytes that are no UTF-8, so the connection was ended.';
			wire.fault(error instanceof FailureError ? error : fail('bad-encoding', unreadable));
			return;
		}
		if (text !== undefined) wire.hear(text);
	};
	const lost = () =>
		wire.fault(error() ? new FailureError(linkFailure(error(), peer)) : silent ? unanswered() : closed());
	socket.on('data', data);
	if (socket.destroyed) queueMicrotask(lost);
	else socket.on('close', lost).on('end', lost);
	return {
		write(text, done) {
			if (socket.destroyed) return;
			socket.write(text, (fault) => {
				if (!fault && !socket.destroyed) done?.();
			});
		},
		get waiting() {
			return socket.writableLength;
		},
		leave: () => void socket.off('data', data).off('close', lost).off('end', lost),
		destroy: () => void socket.destroy(),
	};
}

/** One element in each text message (RFC 7395, section 3.3). */
export function webSocketPipe(ws: WebSocket, socket: Socket, error: () => unknown, peer: Peer, wire: Wire): Pipe {
	let fault: Error | undefined;
	ws.on('message', (bytes: Buffer, isBinary: boolean) => {
		if (isBinary) wire.fault(fail('not-xmpp', 'The server sent a binary message, but XMPP is text (RFC 7395, 3.2).'));
		else wire.hear(bytes.toString());
	});
	ws.on('error', (one) => {
		fault ??= one;
	});
	ws.on('close', (code: number, reason: Buffer) => {
		if (error() ?? fault) return wire.fault(new FailureError(linkFailure(error() ?? fault, peer)));
		const said = reason.length > 0 ? `, "${peerText(reason.toString())}"` : '';
		wire.fault(closed(`WebSocket close code ${code}${said}`));
	});
	return {
		write(text, done) {
			if (ws.readyState !== ws.OPEN) return;
			ws.send(text, (one) => {
				if (!one && !socket.destroyed) done?.();
			});
		},
		get waiting() {
			return ws.bufferedAmount;
		},
		leave() {},
		destroy() {
			ws.terminate();
			socket.destroy();
		},
	};
}
