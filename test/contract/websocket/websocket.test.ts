import { adapter } from '../../../src/protocols/websocket/adapter';
import { certificate } from '../../support/servers/certificate';
import { type ServerOptions, startWebSocketServer } from '../../support/servers/websocket/websocket-server';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

async function fixture(options: ServerOptions, fragments: number): Promise<Fixture> {
	const server = await startWebSocketServer({ ...options, password: 'canary-3f9' });
	const scheme = options.tls ? 'wss' : 'ws';
	const values = { username: 'user', 'tls.ca': options.tls && certificate().file };
	const at = (port: number) => resolved('websocket', `${scheme}://127.0.0.1:${port}/path?x=1`, values);
	const profile = at(server.port);
	const draft = (payload: Uint8Array) => ({ verb: 'send', target: '', values: { type: 'binary' }, payload });
	return {
		adapter,
		profile,
		secrets: { password: 'canary-3f9' },
		at,
		wrong: { password: 'wrong-7c1' },
		untrusted: options.tls && { ...profile, values: { username: 'user' } },
		impatient: { pingInterval: 1 },
		deliver: (payloads) =>
			server.send(
				payloads.map((data) => ({ data, binary: true })),
				fragments,
			),
		draft,
		// Text must be UTF-8. The server itself cannot refuse a message.
		denied: { draft: { ...draft(Buffer.of(0xff)), values: { type: 'text' } }, allowed: draft(Buffer.from('x')) },
		received: async () => (await server.received()).map(({ data }) => data),
		connections: () => server.connections(),
		kill: (signal) => server.kill(signal),
		restart: () => server.restart(),
		stop: () => server.stop(),
	};
}

contract('WebSocket', () => fixture({}, 1));
const { key, cert } = certificate();
contract('WebSocket over TLS', () => fixture({ tls: { key, cert } }, 1), 'transport');
contract('WebSocket, compressed and in fragments', () => fixture({ deflate: true }, 7), 'transport');
