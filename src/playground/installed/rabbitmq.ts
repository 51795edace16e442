import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wander } from '../devices/device';
import { callEvery } from './life';
import type { Launch } from './program';
import type { Place, Recipe } from './recipe';

const all = { configure: '.*', write: '.*', read: '.*' };
const durable = { vhost: '/', durable: true, auto_delete: false };
const queue = (name: string, more: object = {}) => ({
	...{ ...durable, name },
	arguments: { 'x-max-length': 1000, ...more },
});

const definitions = {
	users: [{ name: 'guest', password: 'guest', tags: 'administrator' }],
	vhosts: [{ name: '/' }],
	permissions: [{ user: 'guest', vhost: '/', ...all }],
	exchanges: [{ ...durable, name: 'orders', type: 'topic', internal: false, arguments: {} }],
	queues: [
		queue('email', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'email.failed' }),
		queue('email.failed'),
		queue('orders.audit', { 'x-max-length': 100 }),
	],
	bindings: [
		{
			source: 'orders',
			vhost: '/',
			destination: 'orders.audit',
			destination_type: 'queue',
			routing_key: '#',
			arguments: {},
		},
	],
};

/** RabbitMQ with its management API and the account "guest". */
export const rabbitmq: Recipe = {
	...{ id: 'rabbitmq', label: 'RabbitMQ', usualPort: 5672, morePorts: [15672, 0, 0] },
	// The program of this name in the PATH of Debian changes the user, and refuses all others.
	programs: [['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'], ['epmd']],
	install: { debian: 'sudo apt install rabbitmq-server', macos: 'brew install rabbitmq' },
	prepare({ folder, port, ports: [management, epmd, distribution], programs: [server = '', portMapper = ''] }) {
		const write = (name: string, text: string) => {
			writeFileSync(join(folder, name), text);
			return join(folder, name);
		};
		write(
			'rabbitmq.conf',
			`listeners.tcp.1 = 127.0.0.1:${port}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${management}
load_definitions = ${write('definitions.json', JSON.stringify(definitions))}
log.console = true
log.file = false
disk_free_limit.absolute = 10MB
vm_memory_high_watermark.absolute = 256MB
`,
		);
		write('enabled_plugins', '[rabbitmq_management,rabbitmq_amqp1_0].');
		return launchRabbitMq({ folder, node: `playground${port}`, epmd, distribution, server, portMapper });
	},
	connections: ({ port, ports: [management] }) => [
		{
			profile: {
				...{ name: 'Playground RabbitMQ', protocol: 'amqp', url: `amqp://127.0.0.1:${port}` },
				management: { url: `http://127.0.0.1:${management}` },
				subscriptions: [{ target: 'exchange/orders/#' }],
			},
		},
	],
	live: startLife,
};

interface RabbitMqNode {
	/** Has `rabbitmq.conf` and `enabled_plugins`; receives everything else. */
	folder: string;
	/** Name before the "@". */
	node: string;
	/** Ports. */
	epmd: number | undefined;
	distribution: number | undefined;
	/** Programs. */
	server: string;
	portMapper: string;
}

/** Name, cookie, epmd and all ports of the node are its own, so that it meets no other Erlang node of the machine. */
export function launchRabbitMq({ folder, node, epmd, distribution, server, portMapper }: RabbitMqNode): Launch {
	writeFileSync(join(folder, 'advanced.config'), '[].');
	mkdirSync(join(folder, 'home'));
	return {
		command: '/bin/sh',
		// Started beside it: one that the server starts would outlive it.
		args: ['-c', '"$1" -port "$2" -address 127.0.0.1 & exec "$3"', 'sh', portMapper, String(epmd), server],
		env: {
			HOME: join(folder, 'home'),
			RABBITMQ_NODENAME: `${node}@localhost`,
			RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
			RABBITMQ_DIST_PORT: String(distribution),
			ERL_EPMD_PORT: String(epmd),
			ERL_EPMD_ADDRESS: '127.0.0.1',
			RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
			RABBITMQ_LOG_BASE: join(folder, 'log'),
			RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
			RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
			RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
			RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
			// Two schedulers that do not wait busily, and distribution on loopback only.
			RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
				'-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
			LANG: 'C.UTF-8',
			LC_ALL: 'C.UTF-8',
		},
	};
}

/** Publishes an order every three seconds through the management API. Rejects until that is ready. */
async function startLife({ ports: [management] }: Place): Promise<() => void> {
	const api = async (method: string, path: string, body?: object) => {
		const answer = await fetch(`http://127.0.0.1:${management}/api${path}`, {
			method,
			headers: { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` },
			...(body && { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(5000),
		});
		await answer.arrayBuffer();
		if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
	};
	await api('GET', '/queues/%2F/email');
	const total = wander(5, 250, 60);
	let number = 1000;
	return callEvery(3000, () => {
		const order = { id: ++number, total: total(), currency: 'EUR' };
		return api('POST', '/exchanges/%2F/orders/publish', {
			routing_key: number % 5 === 0 ? 'order.cancelled' : 'order.created',
			payload: JSON.stringify(order),
			payload_encoding: 'string',
			properties: { content_type: 'application/json', type: 'Order', headers: { source: 'shop' }, delivery_mode: 1 },
		});
	});
}
