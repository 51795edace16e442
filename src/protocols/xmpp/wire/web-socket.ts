import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { FailureError, fail } from '../../../base/failure';
import { type Address, hostForHttp } from '../../shared/dial/address';
import { hungUp, refusal, type Upgrade, upgradeFailure } from '../../shared/upgrade-failures';
import { xmpp } from '../describe/describe';

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
	const request = 'Check the path in the URL (often /xmpp-websocket or /ws).';
	const attempt: Upgrade = {
		...{ peer: address, protocol: xmpp, error },
		remedies: { request, signIn: request, subprotocol: request },
		noSubprotocol: 'The server speaks WebSocket but not XMPP over it.',
	};
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
		if (socket.destroyed) return stop(new FailureError(upgradeFailure(hungUp(), attempt)));
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
		let refused = false;
		opening.on('error', (fault) => {
			if (!refused) stop(new FailureError(upgradeFailure(fault, attempt)));
		});
		opening.on('unexpected-response', (_request, response) => {
			refused = true;
			void refusal(response, attempt).then((failure) => stop(new FailureError(failure)));
		});
		opening.on('open', () => {
			signal.removeEventListener('abort', abort);
			opening.removeAllListeners();
			options.opened(opening);
			resolve();
		});
	});
}
