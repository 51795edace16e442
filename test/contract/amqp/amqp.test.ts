import { after } from 'node:test';
import type { ConsumeMessage } from 'amqplib';
import type { Draft } from '../../../src/model/contracts/message';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { values } from '../../../src/protocols/amqp/files/logged';
import { pki } from '../../support/servers/pki';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';
import { type Peer, startPeer } from '../../support/servers/rabbitmq-peer';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

const exchange = 'contract.in';
const queue = 'contract.out';
const consumed = 'contract.consumed';
const requests = 'contract.requests';

/** Serves both fixtures: its start takes longer than most cases. */
let started: Promise<RabbitMq> | undefined;
after(async () => (await started)?.stop());

async function fixture(tls: boolean): Promise<Fixture> {
	started ??= startRabbitMq();
	const server = await started;
	let peer: Peer;
	const got: Uint8Array[] = [];
	const gotHeaders: [string, string][][] = [];

	async function prepare(): Promise<void> {
		peer = await startPeer(server);
		await peer.channel.assertExchange(exchange, 'fanout');
		// The user "bob" has permissions for such names only.
		await peer.channel.assertExchange('bob.contract', 'fanout');
		for (const name of [queue, consumed, requests]) {
			await peer.channel.assertQueue(name, { durable: false });
			await peer.channel.purgeQueue(name);
		}
		await consume(queue, ({ content, properties }) => {
			got.push(content);
			gotHeaders.push(Object.entries(properties.headers ?? {}));
		});
		await consume(requests, ({ content, properties: { replyTo, correlationId } }) => {
			peer.channel.sendToQueue(replyTo, Buffer.concat([content, content]), { correlationId });
		});
	}

	async function consume(name: string, received: (message: ConsumeMessage) => void): Promise<void> {
		await peer.channel.consume(name, (message) => message && received(message), { noAck: true });
	}

	await prepare();
	const at = (port: number) =>
		resolved('amqp', `${tls ? 'amqps' : 'amqp'}://127.0.0.1:${port}`, {
			username: 'admin',
			'management.url': server.management,
			'tls.ca': tls ? pki().ca : undefined,
		});
	const profile = at(tls ? server.tlsPort : server.port);
	const draft = (payload: Uint8Array, fields: Values = {}): Draft => ({
		...{ verb: 'queue', target: `queue/${queue}`, values: fields, payload },
	});
	const publish = (target: string, payload = 'x'): Draft => ({
		...{ verb: 'publish', target, values: {}, payload: Buffer.from(payload) },
	});
	return {
		adapter,
		profile,
		at,
		secrets: { password: passwords.admin },
		wrong: { password: 'wrong-7c1' },
		untrusted: tls ? { ...profile, values: { ...profile.values, 'tls.ca': undefined } } : undefined,
		impatient: { heartbeat: 2 },
		subscription: { target: `exchange/${exchange}` },
		deliver: (payloads) => peer.publish(exchange, '', payloads),
		draft,
		received: async () => got.splice(0),
		denied: {
			user: {
				profile: { ...profile, values: { ...profile.values, username: 'bob' } },
				secrets: { password: passwords.bob },
			},
			draft: publish('exchange/amq.topic/a'),
			subscription: { target: `exchange/${exchange}` },
			allowed: publish('exchange/bob.contract'),
		},
		headers: {
			// The peer's tables are objects and have no duplicates.
			sample: [
				['b', '1'],
				['a', ''],
				['ü', 'ä😀'],
			],
			deliver: (headers) => peer.publish(exchange, '', [Buffer.from('x')], { headers: Object.fromEntries(headers) }),
			draft: (headers) => draft(Buffer.from('x'), { headers }),
			received: async () => gotHeaders.splice(0),
			of: ({ flags, meta }) => values(flags, meta).values.headers as [string, string][],
		},
		answerer: {
			draft: { ...publish(`queue/${requests}`, 'ab'), verb: 'request' },
			payload: Buffer.from('abab'),
		},
		modes: {
			tap: {
				subscription: { target: `exchange/${exchange}`, mode: 'tap' },
				deliver: (payload) => peer.publish(exchange, '', [payload]),
				named: true,
			},
			consume: {
				subscription: { target: `queue/${consumed}`, mode: 'consume' },
				// A message with this expiration does not wait in the queue for a later consumer.
				deliver: (payload) => peer.publish('', consumed, [payload], { expiration: 0 }),
				named: true,
			},
			firehose: {
				subscription: { target: `firehose/publish.${exchange}`, mode: 'firehose' },
				async deliver(payload) {
					await server.api('PUT', '/vhosts/%2F', { tracing: true });
					await peer.publish(exchange, '', [payload]);
				},
				named: true,
			},
		},
		browse: {
			path: ['Queues', queue],
			ask: {
				intent: (node) => ({ kind: 'act', request: { id: '1', action: 'purge', node, values: {} } }),
				says: /Purge the queue \\"contract\.out\\"/,
			},
			act: { act: () => ({ action: 'purge', values: {} }), says: /^Purged 0 messages from "contract\.out"\.$/ },
		},
		connections: async () => server.connections(),
		kill: (signal) => server.kill(signal),
		async restart() {
			await server.restart();
			await prepare();
		},
		stop: () => peer.close(),
	};
}

contract('AMQP', () => fixture(false));
contract('AMQP over TLS', () => fixture(true), 'transport');
