import assert from 'node:assert/strict';
import { adapter } from '../../../src/protocols/amqp1/adapter';
import { storedMessage } from '../../../src/protocols/amqp1/describe/stored-message';
import { readSections } from '../../../src/protocols/amqp1/wire/codec/sections';
import { eventually } from '../../support/run/eventually';
import { startServerProcess } from '../../support/run/server-process';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

const password = 'canary-4e8ä';

interface Received {
	payload: Uint8Array;
	properties: [string, string][];
}

/** The server is a process of its own on rhea; other files of this folder have servers that do not share the library. */
async function fixture(options: { tls?: { key: string; cert: string }; webSocket?: boolean }): Promise<Fixture> {
	const server = await startServerProcess('test/support/servers/amqp1/amqp1-server.mjs', { ...options, password });
	const values = { username: 'user', 'tls.ca': options.tls && certificate().file };
	const scheme = options.webSocket ? 'ws' : options.tls ? 'amqps' : 'amqp';
	const at = (port: number) => resolved('amqp1', `${scheme}://127.0.0.1:${port}`, values);
	const profile = at(server.port);
	const draft = (target: string, payload: Uint8Array, more = {}) => ({
		...{ verb: 'send', target, values: more, payload },
	});
	const deliver = (payloads: readonly Uint8Array[], message = {}) =>
		server.ask<void>('deliver', { address: 'topic/to-client', payloads, message });
	const received = () => server.ask<Received[]>('received');
	const settled = (expected: object) =>
		eventually('the server knows the outcome', async () => {
			const outcomes = await server.ask<object[]>('settlements', { address: 'queue/by-hand' });
			assert.deepEqual(outcomes.at(-1), expected);
		});
	const way = (mode: string) => ({
		subscription: { target: 'topic/to-client', mode, ...(mode === 'release' && { credit: 1 }) },
		named: true,
		deliver: (payload: Uint8Array) => deliver([payload]),
	});
	return {
		...{ adapter, profile, at, secrets: { password } },
		wrong: { password: 'wrong-2b6' },
		untrusted: options.tls && { ...profile, values: { username: 'user' } },
		impatient: { idleTimeout: 1 },
		subscription: { target: 'topic/to-client', mode: 'browse' },
		deliver: (payloads) => deliver(payloads),
		draft: (payload) => draft('topic/from-client', payload),
		received: async () => (await received()).map(({ payload }) => payload),
		denied: {
			draft: draft('denied', Buffer.from('x')),
			subscription: { target: 'denied', mode: 'browse' },
			allowed: draft('topic/from-client', Buffer.from('x')),
		},
		headers: {
			sample: [
				['a', 'one'],
				['Ü', 'zwei 😀'],
				['b', ''],
			],
			deliver: (headers) => deliver([Buffer.from('h')], { application_properties: Object.fromEntries(headers) }),
			draft: (headers) => draft('topic/from-client', Buffer.from('h'), { properties: headers }),
			received: async () => (await received()).map(({ properties }) => properties),
			of: ({ meta }) =>
				readSections(storedMessage(meta)?.sections ?? new Uint8Array()).applicationProperties.map(
					([name, value]): [string, string] => [
						String((name as { value: unknown }).value),
						String((value as { value: unknown }).value),
					],
				),
		},
		modes: { browse: way('browse'), receive: way('receive'), consume: way('consume') },
		settle: {
			subscription: { target: 'queue/by-hand', mode: 'receive' },
			deliver: (payload) => server.ask<void>('fill', { address: 'queue/by-hand', messages: [{ bytes: payload }] }),
			outcomes: [
				{ act: { action: 'accept', values: {} }, says: /^accepted$/, done: () => settled({ outcome: 'accepted' }) },
				{
					act: { action: 'reject', values: { condition: 'app:wrong', description: 'no good' } },
					says: /^rejected: app:wrong: no good$/,
					done: () => settled({ outcome: 'rejected', condition: 'app:wrong', description: 'no good' }),
				},
			],
		},
		connections: () => server.ask('connections'),
		kill: server.kill,
		restart: server.restart,
		stop: server.stop,
	};
}

contract('AMQP 1.0', () => fixture({}));
const { key, cert } = certificate();
contract('AMQP 1.0 over TLS', () => fixture({ tls: { key, cert } }), 'transport');
contract('AMQP 1.0 over WebSocket', () => fixture({ webSocket: true }), 'transport');
