import { adapter } from '../../../src/protocols/sample/adapter';
import { startServerProcess } from '../../support/run/server-process';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

const password = 'canary-4e8';

interface Received {
	target: string;
	urgent: boolean;
	payload: Uint8Array;
}

/** The server is a process of its own, and shares no code with the adapter. */
async function fixture(options: { tls?: { key: string; cert: string } }): Promise<Fixture> {
	const server = await startServerProcess('test/support/servers/sample/sample-server.mjs', {
		...options,
		...{ password, denied: 'denied' },
	});
	const values = { username: 'user', 'tls.ca': options.tls && certificate().file };
	const at = (port: number) => resolved('sample', `${options.tls ? 'samples' : 'sample'}://127.0.0.1:${port}`, values);
	const profile = at(server.port);
	const draft = (target: string, payload: Uint8Array) => ({ verb: 'publish', target, values: {}, payload });
	const deliver = (...payloads: Uint8Array[]) => server.ask<void>('deliver', { target: 'to/client', payloads });
	return {
		...{ adapter, profile, at, secrets: { password } },
		wrong: { password: 'wrong-2b6' },
		untrusted: options.tls && { ...profile, values: { username: 'user' } },
		impatient: { pingInterval: 1 },
		subscription: { target: 'to/client' },
		deliver: (payloads) => deliver(...payloads),
		draft: (payload) => draft('from/client', payload),
		received: async () => (await server.ask<Received[]>('received')).map(({ payload }) => payload),
		denied: {
			draft: draft('denied', Buffer.from('x')),
			subscription: { target: 'denied' },
			allowed: draft('from/client', Buffer.from('x')),
		},
		modes: { default: { subscription: { target: 'to/client' }, named: true, deliver } },
		connections: () => server.ask('connections'),
		kill: server.kill,
		restart: server.restart,
		stop: server.stop,
	};
}

contract('Sample', () => fixture({}));
const { key, cert } = certificate();
contract('Sample over TLS', () => fixture({ tls: { key, cert } }), 'transport');
