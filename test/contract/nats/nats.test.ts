import assert from 'node:assert/strict';
import { connect, headers as createHeaders, type NatsConnection } from '@nats-io/transport-node';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/nats/adapter';
import { values as loggedValues } from '../../../src/protocols/nats/files/logged';
import { eventually } from '../../support/run/eventually';
import { startNats } from '../../support/servers/nats';
import { pki } from '../../support/servers/pki';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';
import { apiOf } from './with-server';

const password = 'canary-7f1';
const accounts = [
	'accounts {',
	'  A: { jetstream: enabled, users: [',
	`    { user: alice, password: "${password}" },`,
	`    { user: limited, password: "${password}", permissions: { publish: ["own.>"], subscribe: ["own.>", "_INBOX.>"] } }`,
	'  ] }',
	'}',
];

type Way = 'nats' | 'tls' | 'ws';

/** nats-server, and a second client with the library of NATS, which shares no code with the adapter. */
async function fixture(way: Way): Promise<Fixture> {
	const { server: own, ca } = pki();
	const server = await startNats({
		...{ lines: accounts, jetStream: true },
		...(way === 'tls' && { tls: [`cert_file: "${own.cert}"`, `key_file: "${own.key}"`] }),
		...(way === 'ws' && { webSocket: ['no_tls: true'] }),
	});
	const port = way === 'ws' ? server.webPort : server.port;
	const at = (where: number, more: Values = {}) =>
		resolved('nats', `${way}://127.0.0.1:${where}`, {
			username: 'alice',
			...(way === 'tls' && { 'tls.ca': ca }),
			...more,
		});
	let got: { payload: Uint8Array; headers: [string, string][] }[] = [];
	const helper: NatsConnection = await connect({
		...{ servers: `127.0.0.1:${server.port}`, user: 'alice', pass: password, reconnectTimeWait: 50 },
		...{ maxReconnectAttempts: -1, waitOnFirstConnect: true },
		...(way === 'tls' && { tls: { caFile: ca } }),
	});
	helper.subscribe('from.client', {
		callback(_, message) {
			const pairs = message.headers
				? [...message.headers].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))
				: [];
			got.push({ payload: Uint8Array.from(message.data), headers: pairs });
		},
	});
	const answer = Buffer.from('pong');
	helper.subscribe('answers', { callback: (_, message) => void message.respond(answer) });
	const api = apiOf(helper);
	const create = (name: string, config: object) => api(`STREAM.CREATE.${name}`, { name, ...config });
	await create('EVENTS', { subjects: ['events.>'] });
	await create('KV_settings', { subjects: ['$KV.settings.>'], max_msgs_per_subject: 5, allow_direct: true });
	await create('WORK', { subjects: ['work.>'], retention: 'workqueue' });
	await api('CONSUMER.DURABLE.CREATE.WORK.worker', {
		...{ stream_name: 'WORK', config: { durable_name: 'worker', ack_policy: 'explicit' } },
	});
	for (const subject of ['events.z', 'events.z', 'events.y']) helper.publish(subject, 'x');
	await helper.flush();
	const draft = (target: string, payload: Uint8Array, more: Values = {}) => ({
		...{ verb: 'publish', target, values: more, payload },
	});
	const publish = async (subject: string, payload: Uint8Array) => {
		helper.publish(subject, payload);
		await helper.flush();
	};
	/** The queue of work is empty: each message has had its last outcome. */
	const nothingLeft = () =>
		eventually('the server knows the outcome', async () => {
			const info = await api('CONSUMER.INFO.WORK.worker');
			assert.deepEqual([info.num_ack_pending, info.num_pending], [0, 0]);
		});
	const take = () => {
		const taken = got;
		got = [];
		return taken;
	};
	const profile = at(port);
	return {
		...{ adapter, profile, secrets: { password }, at },
		wrong: { password: 'wrong-9a1' },
		untrusted: way === 'tls' ? { ...profile, values: { username: 'alice' } } : undefined,
		impatient: { pingInterval: 2 },
		subscription: { target: 'to.client' },
		async deliver(payloads) {
			for (const payload of payloads) helper.publish('to.client', payload);
			await helper.flush();
		},
		draft: (payload) => draft('from.client', payload),
		received: async () => take().map(({ payload }) => payload),
		denied: {
			user: { profile: at(port, { username: 'limited' }) },
			draft: draft('from.client', Buffer.from('x')),
			subscription: { target: 'to.client' },
			allowed: draft('own.x', Buffer.from('x')),
		},
		headers: {
			sample: [
				// The second client reports headers of one name together.
				['b', '1'],
				['b', '2'],
				['a', ''],
				['__proto__', 'ä😀'],
			],
			async deliver(pairs) {
				const block = createHeaders();
				for (const [name, value] of pairs) block.append(name, value);
				helper.publish('to.client', 'x', { headers: block });
				await helper.flush();
			},
			draft: (pairs) => draft('from.client', Buffer.from('x'), { headers: pairs }),
			received: async () => take().map((one) => one.headers),
			of: ({ flags, meta }) => (loggedValues(flags, meta).values.headers ?? []) as [string, string][],
		},
		answerer: {
			draft: { verb: 'request', target: 'answers', values: {}, payload: Buffer.from('ping') },
			payload: answer,
		},
		modes: {
			subscribe: { subscription: { target: 'to.*' }, named: true, deliver: (payload) => publish('to.client', payload) },
			queue: {
				subscription: { target: 'to.*', mode: 'queue', queue: 'group' },
				...{ named: true, deliver: (payload) => publish('to.client', payload) },
			},
			stream: {
				subscription: { target: 'EVENTS', mode: 'stream', from: 'new', filter: 'events.a' },
				...{ named: true, deliver: (payload) => publish('events.a', payload) },
			},
			kv: {
				subscription: { target: 'settings', mode: 'kv', history: 'new' },
				...{ named: true, deliver: (payload) => publish('$KV.settings.lamp', payload) },
			},
		},
		settle: {
			subscription: { target: 'WORK/worker', mode: 'consume' },
			deliver: (payload) => publish('work.x', payload),
			outcomes: [
				{ act: { action: 'ack', values: {} }, says: /^acknowledged$/, done: () => nothingLeft() },
				{ act: { action: 'term', values: {} }, says: /^rejected for good$/, done: () => nothingLeft() },
			],
		},
		browse: {
			path: ['Streams', 'EVENTS'],
			ask: {
				intent: (node) => ({
					kind: 'act',
					request: { id: '1', action: 'purge', node, values: { subject: 'events.z' } },
				}),
				says: /2 messages of .*events\.z.* are deleted for good; [\d,]+ stay/,
			},
			act: {
				act: () => ({ action: 'purge', values: { subject: 'events.z' } }),
				says: /^Purged 2 messages from the stream "EVENTS"\.$/,
			},
		},
		connections: async () => server.connections(port) - (way === 'ws' ? 0 : 1),
		kill: server.kill,
		async restart() {
			await server.restart();
			await eventually('the second client is there', () => helper.flush());
		},
		async stop() {
			await helper.close();
			await server.stop();
		},
	};
}

contract('NATS', () => fixture('nats'));
contract('NATS over TLS', () => fixture('tls'), 'transport');
contract('NATS over WebSocket', () => fixture('ws'), 'transport');
