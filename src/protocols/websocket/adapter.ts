import type { Socket } from 'node:net';
import WebSocket from 'ws';
import { FailureError, fail } from '../../base/failure';
import type { Property } from '../../model/contracts/session';
import { shortened } from '../../model/text/text';
import type { Adapter, ConnectContext, Link } from '../adapter';
import { type Address, hostForHttp, parseAddress } from '../shared/dial/address';
import { type Dialed, dial } from '../shared/dial/dial';
import { tlsSettings } from '../shared/tls/settings';
import { hungUp, refusal, type Upgrade, upgradeFailure } from '../shared/upgrade-failures';
import { websocket } from './describe/describe';
import { grouping } from './grouping';
import { createLink, goodbyeWithin } from './link';
import { type Handshake, handshake } from './wire/handshake';

/** WebSocket (RFC 6455) by `ws`, over a connection that is dialed like every other one. */
export const adapter: Adapter = {
	async connect(context) {
		const { profile, secrets } = context;
		const address = parseAddress(profile.url, websocket);
		const request = handshake(profile.values, secrets);
		const dialed = await dial({
			host: address.host,
			port: address.port,
			tls: address.tls ? tlsSettings(profile, secrets) : undefined,
			context,
		});
		context.step('handshake');
		return upgrade(context, address, request, dialed);
	},
};

function upgrade(context: ConnectContext, address: Address, request: Handshake, dialed: Dialed): Promise<Link> {
	const { signal } = context;
	const { values } = context.profile;
	const limit = number(values.maxMessageBytes) ?? context.limits.messageBytes;
	const attempt: Upgrade = {
		...{ peer: address, protocol: websocket, error: dialed.error },
		remedies: {
			request: 'Check the path of the URL, and the headers and subprotocols of the connection.',
			signIn: 'Check user name, password, token and headers of the connection.',
			subprotocol: 'Check the subprotocols of the connection.',
		},
		noSubprotocol: 'The server chose none of the offered subprotocols.',
	};
	return new Promise((resolve, reject) => {
		const give = (error: unknown) => {
			signal.removeEventListener('abort', abort);
			dialed.socket.off('close', lost);
			socket?.terminate();
			dialed.socket.destroy();
			reject(error);
		};
		const abort = () => give(fail('cancelled', 'The connection attempt was cancelled.'));
		let socket: WebSocket | undefined;
		let refused = false;
		const lost = () => {
			if (!refused) give(new FailureError(upgradeFailure(hungUp(), attempt)));
		};
		if (signal.aborted) return abort();
		// A connection may be cut off before `ws` listens to it.
		if (dialed.socket.destroyed) return lost();
		signal.addEventListener('abort', abort);
		dialed.socket.once('close', lost);
		try {
			socket = start(address, request, dialed.socket, limit);
		} catch {
			// The error of `ws` repeats the URL, which may hold a token.
			return give(fail('bad-url', 'The URL is not one that WebSocket can open.', { final: true }));
		}
		const opened = socket;
		let facts: Property[] = [];
		opened.on('error', (error) => {
			if (!refused) give(new FailureError(upgradeFailure(error, attempt)));
		});
		opened.on('unexpected-response', (_, answer) => {
			refused = true;
			void refusal(answer, attempt).then((failure) => {
				if (failure.code === 'credentials-refused') context.step('login');
				give(new FailureError(failure));
			});
		});
		opened.on('upgrade', (answer) => {
			const { server } = answer.headers;
			facts = server ? [{ label: 'Server', value: shortened(String(server), 200) }] : [];
		});
		opened.on('open', () => {
			signal.removeEventListener('abort', abort);
			dialed.socket.off('close', lost);
			opened.removeAllListeners();
			// What has come with the answer waits until the session knows the link.
			opened.pause();
			facts.unshift(...negotiated(opened, request));
			context.found(facts.map(({ label, value }) => `${label}: ${value}`).join(', '));
			resolve(
				createLink({
					socket: opened,
					stream: dialed.socket,
					security: {
						...dialed.security,
						authentication: authentication(dialed.security.authentication, request.authentication),
					},
					facts,
					sink: context.sink,
					group: grouping(typeof values.groupBy === 'string' ? values.groupBy : undefined),
					limit,
					pingEvery: (number(values.pingInterval) ?? 30) * 1000,
					logPings: values.logPings === true,
				}),
			);
		});
	});
}

function start(address: Address, request: Handshake, stream: Socket, limit: number): WebSocket {
	const host = hostForHttp(address.host);
	// The types of ws 8.18 do not know `closeTimeout`, nor that a header may have several lines.
	const options: WebSocket.ClientOptions & { closeTimeout: number } = {
		createConnection: () => stream,
		headers: request.headers as Record<string, string>,
		origin: request.origin,
		perMessageDeflate: request.perMessageDeflate,
		maxPayload: limit,
		followRedirects: false,
		closeTimeout: goodbyeWithin,
	};
	return new WebSocket(`${address.scheme}://${host}:${address.port}${address.path}`, request.subprotocols, options);
}

function negotiated(socket: WebSocket, request: Handshake): Property[] {
	return [
		{
			label: 'Subprotocol',
			value: socket.protocol || (request.subprotocols.length > 0 ? 'none chosen' : 'none'),
		},
		{ label: 'Extensions', value: socket.extensions || 'none' },
	];
}

function authentication(transport: string, message: string | undefined): string {
	if (!message) return transport;
	return transport === 'none' ? message : `${transport} and ${message}`;
}

function number(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
