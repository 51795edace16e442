import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { FailureError, fail } from '../../base/failure';
import { type Address, hostForHttp } from '../shared/address';
import { peerText } from '../shared/peer-text';
import { linkFailure } from '../shared/tls-failures';

export interface UpgradeOptions {
	address: Address;
	origin?: string;
	/** Of one message, in bytes. */
	limit: number;
	signal: AbortSignal;
	/** Given the open WebSocket before anything it has received is told. */
	opened(ws: WebSocket): void;
}

/** The HTTP upgrade on a socket that is open, with the subprotocol "xmpp" (RFC 7395, 3.1). Redirects are not followed. */
export function upgrade(socket: Socket, error: () => unknown, options: UpgradeOptions): Promise<void> {
	const { address, signal, origin } = options;
	const host = hostForHttp(address.host);
	const path = address.path.startsWith('/') ? address.path : `/${address.path || 'xmpp-websocket'}`;
	return new Promise((resolve, reject) => {
		const stop = (fault: unknown) => {
			signal.removeEventListener('abort', abort);
			ws?.on('error', () => {});
			ws?.terminate();
			socket.destroy();
			reject(fault);
		};
		const abort = () => stop(fail('cancelled', 'The connection attempt was cancelled.'));
		let ws: WebSocket | undefined;
		signal.addEventListener('abort', abort);
		if (signal.aborted) return abort();
		if (socket.destroyed) return stop(explain(error() ?? new Error('the socket was closed'), address));
		try {
			// The socket carries TLS already where it should: to ws it is plain.
			ws = new WebSocket(`ws://${host}:${address.port}${path}`, 'xmpp', {
				createConnection: () => socket,
				origin,
				perMessageDeflate: false,
				followRedirects: false,
				maxPayload: options.limit,
			});
		} catch {
			return stop(fail('bad-url', 'The URL is not one that WebSocket can open.', { final: true }));
		}
		const opening = ws;
		opening.on('error', (fault) => stop(explain(error() ?? fault, address)));
		opening.on('unexpected-response', (_request, response) => stop(refused(response)));
		opening.on('open', () => {
			signal.removeEventListener('abort', abort);
			opening.removeAllListeners();
			options.opened(opening);
			resolve();
		});
	});
}

function refused(response: IncomingMessage): FailureError {
	const status = `${response.statusCode} ${peerText(response.statusMessage ?? '')}`.trim();
	const { location } = response.headers;
	return fail('upgrade-refused', `The server refused the WebSocket handshake with HTTP ${status}.`, {
		evidence: `HTTP ${status}${location ? `, location ${peerText(location)}` : ''}`,
		remedy: { text: 'Check the path in the URL (often /xmpp-websocket or /ws).' },
	});
}

function explain(error: unknown, address: Address): FailureError {
	const message = peerText(error instanceof Error ? error.message : String(error));
	if (/subprotocol/i.test(message))
		return fail('no-subprotocol', 'The server speaks WebSocket but not XMPP over it.', {
			evidence: message,
			remedy: { text: 'Check the path in the URL (often /xmpp-websocket or /ws).' },
		});
	const failure = linkFailure(error, address);
	if (failure.code !== 'connection-failed') return new FailureError(failure);
	return fail('bad-upgrade', 'The server did not answer as a WebSocket server must.', { evidence: message });
}
