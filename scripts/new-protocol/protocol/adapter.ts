import { fail } from '../../base/failure';
import type { Property } from '../../model/contracts/session';
import type { Adapter, ConnectContext } from '../adapter';
import { attempt, authenticationWords } from '../shared/attempt';
import { parseAddress } from '../shared/dial/address';
import { socketPipe } from '../shared/pipe';
import { tlsSettings } from '../shared/tls/settings';
import { numberValue, textValue } from '../shared/values';
import { sample } from './describe/describe';
import { createLink } from './link';
import { type Connection, createConnection } from './wire/connection';
import { frameType } from './wire/frames';

/** Version of the protocol that this adapter speaks. */
const version = '1';

export const adapter: Adapter = {
	async connect(context) {
		const { profile, secrets, sink } = context;
		const address = parseAddress(profile.url, sample);
		const username = textValue(profile.values, 'username');
		const tls = address.tls ? tlsSettings(profile, secrets) : undefined;
		// Reports the steps "lookup", "tcp", "tls" and "handshake".
		return attempt({ context, address, tls }, async ({ socket, error, security, limit }) => {
			const connection = createConnection(socketPipe(socket, { error, peer: address, word: 'server' }), limit);
			const facts = await greet(connection, context);
			if (username !== undefined) await login(connection, context, username);
			const signIn = username === undefined ? undefined : 'user name and password';
			return createLink({
				...{ connection, facts, sink },
				security: { ...security, authentication: authenticationWords(signIn, security) },
				pingEvery: (numberValue(profile.values, 'pingInterval') ?? 60) * 1000,
			});
		});
	},
};

/** The handshake. Returns what the server says about itself. */
async function greet(connection: Connection, context: ConnectContext): Promise<Property[]> {
	const { isAccepted, text } = await connection.ask({ type: frameType.hello, payload: Buffer.from(version) });
	if (!isAccepted)
		throw fail('version-refused', `The server does not support version ${version} of the protocol.`, {
			evidence: text,
			final: true,
		});
	context.found(`Server: ${text}`);
	return [{ label: 'Server', value: text }];
}

/** A step of its own, so that a refused password is not reported as a failed handshake. */
async function login(connection: Connection, context: ConnectContext, username: string): Promise<void> {
	context.step('login');
	const payload = Buffer.from(context.secrets.password ?? '');
	const { isAccepted, text } = await connection.ask({ type: frameType.login, target: username, payload });
	if (!isAccepted)
		throw fail('credentials-refused', 'The server refused the user name or the password.', {
			evidence: text,
			remedy: { text: 'Check the user name and the password of the connection.' },
			final: true,
		});
}
