import { after } from 'node:test';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { pki } from '../../support/servers/pki';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';
import { type Peer, startPeer } from '../../support/servers/rabbitmq-peer';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

const exchange = 'contract.in';
const queue = 'contract.out';

/** Serves both fixtures: its start takes longer than most cases. */
let started: Promise<RabbitMq> | undefined;
after(async () => (await started)?.stop());

async function fixture(tls: boolean): Promise<Fixture> {
	started ??= startRabbitMq();
	const server = await started;
	let peer: Peer;
	const got: Uint8Array[] = [];

	async function prepare(): Promise<void> {
		peer = await startPeer(server);
		await peer.channel.assertExchange(exchange, 'fanout');
		await peer.channel.assertQueue(queue, { durable: false });
		await peer.channel.purgeQueue(queue);
		await peer.channel.consume(queue, (message) => message && got.push(message.content), { noAck: true });
	}

	await prepare();
	const at = (port: number) =>
		resolved('amqp', `${tls ? 'amqps' : 'amqp'}://127.0.0.1:${port}`, {
			username: 'admin',
			'management.url': server.management,
			'tls.ca': tls ? pki().ca : undefined,
		});
	const profile = at(tls ? server.tlsPort : server.port);
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
		draft: (payload) => ({ verb: 'queue', target: `queue/${queue}`, values: {}, payload }),
		received: async () => got.splice(0),
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
