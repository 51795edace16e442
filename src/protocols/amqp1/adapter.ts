import { randomBytes } from 'node:crypto';
import type { Adapter, ConnectContext } from '../adapter';
import { attempt, authenticationWords, type Opened } from '../shared/attempt';
import { type Pipe, type PipeOptions, socketPipe, webSocketPipe } from '../shared/pipe';
import { openWebSocket } from '../shared/web-socket';
import { amqp1 } from './describe/describe';
import { createLink } from './link';
import { type Settings, settingsOf } from './settings';
import { openConnection } from './wire/connection';
import { broken, ownFrameMax } from './wire/frames';
import { loginWords } from './wire/sasl';

/** AMQP 1.0 with rhea, behind the guard in `wire/`. */
export const adapter: Adapter = {
	async connect(context) {
		const settings = settingsOf(context.profile, context.secrets);
		return attempt({ context, address: settings.address, tls: settings.tls }, async (opened) => {
			const { security, limit } = opened;
			const pipe = await pipeOver(opened, settings);
			const connection = await openConnection({
				...settings,
				...{ pipe, limit, peer: settings.address },
				containerId: settings.containerId ?? ownContainerId(context),
				properties: { product: 'Messaging Workbench' },
				greeted(mechanisms) {
					context.found(mechanisms.length > 0 ? `AMQP 1.0, logins: ${mechanisms.join(', ')}` : 'AMQP 1.0');
					if (settings.mechanism !== undefined) context.step('login');
				},
			});
			const { mechanism } = settings;
			// A client certificate that is also the login is named once.
			const used = mechanism === 'EXTERNAL' && security.authentication !== 'none' ? undefined : loginWords(settings);
			return createLink({
				...{ context, settings, connection },
				security: {
					...security,
					authentication: authenticationWords(used, security),
					...(mechanism && { mechanisms: { offered: [...connection.mechanisms], used: mechanism } }),
				},
			});
		});
	},
};

async function pipeOver(opened: Opened, settings: Settings): Promise<Pipe> {
	const { socket, error, limit } = opened;
	const { address, headers, origin } = settings;
	const options: PipeOptions = { error, peer: address, word: 'server' };
	if (address.scheme !== 'ws' && address.scheme !== 'wss') return socketPipe(socket, options);
	const request = 'Check the path in the URL and the request headers.';
	const webSocket = await openWebSocket(socket, {
		...{ address, error, headers, origin, protocol: amqp1 },
		// OASIS AMQP WebSocket Binding 1.0, section 2.
		subprotocols: ['amqp'],
		// A message of WebSocket may hold several frames.
		limit: limit + ownFrameMax,
		remedies: { request, signIn: 'Check the request headers of the connection.', subprotocol: request },
		noSubprotocol: 'The server speaks WebSocket but not AMQP over it.',
	});
	const wrongKind = broken('The server sent a text message, but AMQP over WebSocket is binary.');
	return webSocketPipe(webSocket, { ...options, kind: 'binary', wrongKind });
}

/** The container ID where the profile has none: a new one for each session, the same across its links. */
function ownContainerId({ memory }: ConnectContext): string {
	const stored = memory.get('amqp1.containerId');
	if (typeof stored === 'string') return stored;
	const created = `messaging-workbench-${randomBytes(6).toString('hex')}`;
	memory.set('amqp1.containerId', created);
	return created;
}
