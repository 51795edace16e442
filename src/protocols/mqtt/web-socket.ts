import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { FailureError, fail } from '../../base/failure';
import { type Address, hostForHttp } from '../shared/address';
import { peerText } from '../shared/peer-text';
import { linkFailure } from '../shared/tls-failures';
import { type Pipe, webSocketPipe } from './pipe';

export interface WebSocketOptions {
	address: Address;
	headers: readonly [string, string][];
	origin?: string;
	/** Of a whole MQTT packet; a WebSocket message may carry several. */
	limit: number;
	signal: AbortSignal;
}

/** The HTTP upgrade on a socket that is open, with the subprotocol "mqtt" (MQTT 5, 6). Redirects are not followed. */
export function upgrade(socket: Socket, error: () => unknown, options: WebSocketOptions): Promise<Pipe> {
	const { address, signal } = options;
	const host = hostForHttp(address.host);
	const headers: Record<string, string[]> = {};
	for (const [name, value] of options.headers) headers[name] = [...(headers[name] ?? []), value];
	return new Promise((resolve, reject) => {
		// The socket carries TLS already where it should: to ws it is plain.
		const ws = new WebSocket(`ws://${host}:${address.port}${pathOf(address)}`, 'mqtt', {
			createConnection: () => socket,
			headers: headers as unknown as Record<string, string>,
			origin: options.origin,
			perMessageDeflate: false,
			followRedirects: false,
			maxPayload: options.limit + 65_536,
		});
		const early: Buffer[] = [];
		const keep = (bytes: Buffer) => early.push(bytes);
		const stop = (fault: unknown) => {
			signal.removeEventListener('abort', abort);
			ws.on('error', () => {});
			ws.terminate();
			socket.destroy();
			reject(fault);
		};
		const abort = () => stop(fail('cancelled', 'The connection attempt was cancelled.'));
		signal.addEventListener('abort', abort);
		ws.on('message', keep);
		ws.on('error', (fault) => stop(explain(error() ?? fault, address)));
		ws.on('unexpected-response', (_request, response) => stop(refused(response)));
		ws.on('open', () => {
			signal.removeEventListener('abort', abort);
			ws.removeAllListeners();
			resolve(webSocketPipe(ws, error, address, early));
		});
		if (signal.aborted) abort();
	});
}

/** Brokers agree on /mqtt where the URL says nothing. */
function pathOf(address: Address): string {
	if (address.path === '') return '/mqtt';
	return address.path.startsWith('/') ? address.path : `/${address.path}`;
}

function refused(response: IncomingMessage): FailureError {
	const status = `${response.statusCode} ${peerText(response.statusMessage ?? '')}`.trim();
	const { location } = response.headers;
	const moved = location ? `, location ${peerText(location)}` : '';
	const credentials = response.statusCode === 401 || response.statusCode === 403;
	return fail('upgrade-refused', `The server refused the WebSocket handshake with HTTP ${status}.`, {
		evidence: `HTTP ${status}${moved}`,
		final: credentials,
		remedy: { text: 'Check the path in the URL (often /mqtt) and the request headers.' },
	});
}

function explain(error: unknown, address: Address): FailureError {
	const message = error instanceof Error ? error.message : String(error);
	if (/subprotocol/i.test(message))
		return fail('no-subprotocol', 'The server speaks WebSocket but not MQTT over it.', {
			evidence: message,
			remedy: { text: 'Check the path in the URL (often /mqtt).' },
		});
	const failure = linkFailure(error, address);
	if (failure.code !== 'connection-failed') return new FailureError(failure);
	return fail('bad-upgrade', 'The server did not answer as a WebSocket server must.', { evidence: message });
}
