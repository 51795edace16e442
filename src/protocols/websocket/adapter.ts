import type { IncomingMessage } from 'node:http';
import { FailureError } from '../../base/failure';
import type { Property } from '../../model/contracts/session';
import { shortened } from '../../model/text/text';
import type { Adapter } from '../adapter';
import { attempt, authenticationWords } from '../shared/attempt';
import { parseAddress } from '../shared/dial/address';
import { tlsSettings } from '../shared/tls/settings';
import { numberValue, textValue } from '../shared/values';
import { openWebSocket } from '../shared/web-socket';
import { websocket } from './describe/describe';
import { grouping } from './grouping';
import { createLink, goodbyeWithin } from './link';
import { FrontStream } from './wire/front-stream';
import { handshake } from './wire/handshake';
import { withSocketIoServer } from './wire/socketio-server';

/** WebSocket (RFC 6455) with the library ws, over a connection that is dialed like every other one. */
export const adapter: Adapter = {
	async connect(context) {
		const { profile, secrets, sink } = context;
		const { values } = profile;
		const address = parseAddress(profile.url, websocket);
		const request = handshake(values, secrets);
		const tls = address.tls ? tlsSettings(profile, secrets) : undefined;
		return attempt({ context, address, tls }, async ({ socket, error, security, limit }) => {
			let server: Property[] = [];
			const front = new FrontStream(socket);
			const opened = await openWebSocket(front, {
				...{ address, error, limit, protocol: websocket, closeWithin: goodbyeWithin },
				...{ subprotocols: request.subprotocols, headers: request.headers, origin: request.origin },
				compression: request.perMessageDeflate,
				remedies: {
					request: 'Check the path of the URL, and the headers and subprotocols of the connection.',
					signIn: 'Check user name, password, token and headers of the connection.',
					subprotocol: 'Check the subprotocols of the connection.',
				},
				noSubprotocol: `The server chose none of the offered subprotocols: ${request.subprotocols.join(', ')}.`,
				upgraded: (answer) => {
					server = serverOf(answer);
				},
				signInRefused: () => context.step('login'),
			}).catch((error) => {
				throw error instanceof FailureError ? new FailureError(withSocketIoServer(error.failure)) : error;
			});
			const facts = [
				{ label: 'Subprotocol', value: opened.protocol || 'none' },
				{ label: 'Extensions', value: opened.extensions || 'none' },
				...server,
			];
			context.found(facts.map(({ label, value }) => `${label}: ${value}`).join(', '));
			return createLink({
				...{ socket: opened, stream: socket, front, facts, sink, limit },
				security: { ...security, authentication: authenticationWords(request.authentication, security) },
				group: grouping(textValue(values, 'groupBy')),
				pingEvery: (numberValue(values, 'pingInterval') ?? 30) * 1000,
				logPings: values.logPings === true,
			});
		});
	},
};

function serverOf({ headers: { server } }: IncomingMessage): Property[] {
	return server ? [{ label: 'Server', value: shortened(String(server), 200) }] : [];
}
