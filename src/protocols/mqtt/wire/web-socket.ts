import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { FailureError, fail } from '../../../base/failure';
import { type Address, hostForHttp } from '../../shared/dial/address';
import { hungUp, refusal, type Upgrade, upgradeFailure } from '../../shared/upgrade-failures';
import { mqtt } from '../describe/describe';
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
	const request = 'Check the path in the URL (often /mqtt) and the request headers.';
	const attempt: Upgrade = {
		...{ peer: address, protocol: mqtt, error },
		remedies: { request, signIn: 'Check the request headers of the connection.', subprotocol: request },
		noSubprotocol: 'The server speaks WebSocket but not MQTT over it.',
	};
	return new Promise((resolve, reject) => {
		// A connection may be cut off before `ws` listens to it.
		if (socket.destroyed) return reject(new FailureError(upgradeFailure(hungUp(), attempt)));
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
		let refused = false;
		ws.on('error', (fault) => {
			if (!refused) stop(new FailureError(upgradeFailure(fault, attempt)));
		});
		ws.on('unexpected-response', (_request, response) => {
			refused = true;
			void refusal(response, attempt).then((failure) => stop(new FailureError(failure)));
		});
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
