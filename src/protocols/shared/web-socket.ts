import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { FailureError, fail } from '../../base/failure';
import { type Address, hostForHttp } from './dial/address';
import { hungUp, refusal, type Upgrade, upgradeFailure } from './http/upgrade-failures';

export interface WebSocketOptions extends Omit<Upgrade, 'peer'> {
	address: Address;
	/** Offered in this order. */
	subprotocols: readonly string[];
	/** Path and query where the URL has none; "/" unless given. */
	defaultPath?: string;
	/** Several values are several lines. */
	headers?: Readonly<Record<string, string | string[]>>;
	origin?: string;
	/** Offers permessage-deflate (RFC 7692). */
	compression?: boolean;
	/** Largest message accepted, in bytes. */
	limit: number;
	/** Milliseconds that ws waits for the peer's close frame. */
	closeWithin?: number;
	/** Called with the answer that opens the WebSocket. */
	upgraded?(answer: IncomingMessage): void;
	/** Called when the server has refused the sign-in. */
	signInRefused?(): void;
}

/**
 * The WebSocket handshake (RFC 6455, section 4) on a connection that is open; the socket carries TLS already where it
 * should. Resolves with a paused WebSocket without listeners, so that nothing is read before `resume`. Redirects are not
 * followed. Throws a FailureError; the caller destroys the socket then, and also to cancel.
 */
export function openWebSocket(socket: Duplex, options: WebSocketOptions): Promise<WebSocket> {
	const { address } = options;
	const upgrade: Upgrade = { ...options, peer: address };
	return new Promise((resolve, reject) => {
		let opening: WebSocket | undefined;
		let isRefused = false;
		const give = (failure: FailureError) => {
			socket.off('close', lost);
			opening
				?.removeAllListeners()
				.on('error', () => {})
				.terminate();
			reject(failure);
		};
		const lost = (error?: unknown) => {
			const fault = error instanceof Error ? error : hungUp();
			if (!isRefused) give(new FailureError(upgradeFailure(fault, upgrade)));
		};
		// The connection may have been cut off before ws listens to it.
		if (socket.destroyed) return lost();
		socket.once('close', lost);
		try {
			opening = create(socket, options);
		} catch {
			// The error of ws repeats the URL, which may hold a token.
			return give(fail('bad-url', 'The URL is not one that WebSocket can open.', { final: true }));
		}
		const created = opening;
		created.on('error', lost);
		created.on('unexpected-response', (_request, answer) => {
			isRefused = true;
			void refusal(answer, upgrade).then((failure) => {
				if (failure.code === 'credentials-refused') options.signInRefused?.();
				give(new FailureError(failure));
			});
		});
		created.on('upgrade', (answer) => options.upgraded?.(answer));
		created.on('open', () => {
			socket.off('close', lost);
			created.removeAllListeners().on('error', () => {});
			created.pause();
			resolve(created);
		});
	});
}

function create(socket: Duplex, options: WebSocketOptions): WebSocket {
	const { address, defaultPath = '/' } = options;
	const path = address.path === '' ? defaultPath : address.path.startsWith('/') ? address.path : `/${address.path}`;
	// The types of ws 8 know neither `closeTimeout` nor headers with several lines.
	const settings: WebSocket.ClientOptions & { closeTimeout?: number } = {
		createConnection: () => socket as never,
		headers: options.headers as Record<string, string> | undefined,
		origin: options.origin,
		perMessageDeflate: options.compression === true,
		maxPayload: options.limit,
		followRedirects: false,
		...(options.closeWithin !== undefined && { closeTimeout: options.closeWithin }),
	};
	const url = `${address.scheme}://${hostForHttp(address.host)}:${address.port}${path}`;
	return new WebSocket(url, [...options.subprotocols], settings);
}
