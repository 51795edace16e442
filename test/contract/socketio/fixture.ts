import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/socketio/adapter';
import { socketio } from '../../../src/protocols/socketio/describe/describe';
import { certificate } from '../../support/servers/certificate';
import { type SocketIoServerOptions, startSocketIoServer } from '../../support/servers/socketio/socketio-server';
import { type Received, resolved } from '../suite/attempt';
import type { Fixture } from '../suite/contract';

const token = 'canary-3f9';

/** The only attachment of a message; its payload where it has none. */
export function attachmentOf({ flags, meta, payload }: Received): Buffer {
	const part = socketio.parts?.(flags, meta as Uint8Array | undefined)[0];
	return part ? Buffer.from(part.bytes) : payload;
}

export async function fixture(options: SocketIoServerOptions, values: Values): Promise<Fixture> {
	const server = await startSocketIoServer({ ...options, token });
	const scheme = options.tls ? 'https' : 'http';
	const all = { ...values, 'tls.ca': options.tls && certificate().file };
	const at = (port: number) => resolved('socketio', `${scheme}://127.0.0.1:${port}`, all);
	const profile = at(server.port);
	const draft = (payload: Uint8Array) => ({ verb: 'emit', target: 'numbers', values: { as: 'binary' }, payload });
	return {
		adapter,
		profile,
		secrets: { authToken: token },
		at,
		wrong: { authToken: 'wrong-7c1' },
		untrusted: options.tls && { ...profile, values },
		impatient: { pingInterval: 1 },
		deliver: (payloads) => server.emit(...payloads.map((bytes) => ({ name: 'numbers', args: [bytes] }))),
		payloadOf: attachmentOf,
		draft,
		received: async () =>
			(await server.received()).map(({ args }) => (args[0] instanceof Uint8Array ? args[0] : Buffer.from('none'))),
		// Text must be UTF-8. The server itself cannot refuse an event.
		denied: {
			draft: { ...draft(Buffer.of(0xff)), values: { as: 'text' } },
			subscription: { target: '/missing' },
			allowed: draft(Buffer.from('x')),
		},
		answerer: {
			draft: { verb: 'request', target: 'echo', values: {}, payload: Buffer.from('[1.0,"a"]') },
			payload: Buffer.from('[1,"a"]'),
		},
		modes: {
			default: {
				subscription: { target: '/extra' },
				deliver: (bytes) => server.emit({ namespace: '/extra', name: 'tick', args: [bytes] }),
				named: true,
			},
		},
		connections: () => server.connections(),
		kill: (signal) => server.kill(signal),
		restart: () => server.restart(),
		stop: () => server.stop(),
	};
}
