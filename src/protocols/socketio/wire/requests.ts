import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import { FailureError } from '../../../base/failure';
import type { ConnectContext } from '../../adapter';
import type { Opened } from '../../shared/attempt';
import type { Address } from '../../shared/dial/address';
import { type Dialed, dial } from '../../shared/dial/dial';
import type { RequestHeaders } from '../../shared/http/headers';
import type { Upgrade } from '../../shared/http/upgrade-failures';
import type { TlsSettings } from '../../shared/tls/settings';
import { openWebSocket } from '../../shared/web-socket';
import { socketio } from '../describe/describe';
import { type Auth, type Endpoint, requestPath } from '../settings';
import { createHttp, type Http } from './http';
import { explained } from './refusals';
import { type Revision, revision3 } from './revision';

/** One attempt, as far as its requests need it. */
export interface EngineRequest {
	context: ConnectContext;
	opened: Opened;
	address: Address;
	tls: TlsSettings | undefined;
	endpoint: Endpoint;
	request: RequestHeaders;
	auth: Auth;
	goodbye(): void;
	destroyed(): void;
}

/** Milliseconds for the close frame of the server. */
const closeWithin = 1000;

function upgradeOf({ address, opened: { error } }: EngineRequest, hint = ''): Upgrade {
	return {
		...{ peer: address, protocol: socketio, error },
		remedies: {
			request: `Check the path of the connection, usually /socket.io/, and its headers.${hint}`,
			signIn: 'Check the headers, user name, password and token of the connection.',
			subprotocol: '',
		},
		noSubprotocol: '',
	};
}

/** Opens a further connection, without reporting steps. */
export async function dialAgain({ context: { signal, opened }, address, tls }: EngineRequest): Promise<Dialed> {
	const silent = { signal, opened, step() {}, found() {} };
	const dialed = await dial({ host: address.host, port: address.port, tls, context: silent });
	signal.addEventListener('abort', () => dialed.socket.destroy(), { once: true });
	return dialed;
}

export function httpOf(options: EngineRequest, first?: Socket): Http {
	const { address, request } = options;
	return createHttp({
		...{ address, first, upgrade: upgradeOf(options), headers: request.headers },
		dial: async () => (await dialAgain(options)).socket,
	});
}

/** Path and query of a request. Version 2 gets the auth payload in the query. */
function pathOf({ endpoint, auth }: EngineRequest, revision: Revision, parameters: Record<string, string>): string {
	const query = revision === revision3 ? [...endpoint.query, ...new URLSearchParams(auth.query)] : endpoint.query;
	return requestPath({ ...endpoint, query }, { EIO: String(revision), ...parameters });
}

/** Path and query of the requests of polling, without the session. */
export const pollingPath = (options: EngineRequest, revision: Revision): string =>
	pathOf(options, revision, {
		transport: 'polling',
		// Asks a server of revision 3 for text, in which binary packets are Base64.
		...(revision === revision3 && { b64: '1' }),
	});

/** Opens the WebSocket of a session on an open connection. Throws a FailureError. */
export function webSocketOf(
	options: EngineRequest,
	socket: Socket,
	error: () => unknown,
	headers: RequestHeaders['headers'],
	revision: Revision,
	sid?: string,
): Promise<WebSocket> {
	const { address, context, opened } = options;
	const path = pathOf(options, revision, { transport: 'websocket', ...(sid !== undefined && { sid }) });
	return openWebSocket(socket, {
		...{ ...upgradeOf(options, ' Behind a proxy that refuses WebSockets, choose the transport "Polling".'), error },
		address: { ...address, scheme: address.tls ? 'wss' : 'ws', path },
		...{ subprotocols: [], headers },
		...{ limit: opened.limit, closeWithin, compression: context.profile.values.perMessageDeflate !== false },
		signInRefused: () => context.step('login'),
	}).catch((fault) => {
		throw fault instanceof FailureError ? new FailureError(explained(fault.failure)) : fault;
	});
}
