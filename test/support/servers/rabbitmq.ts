import { launchRabbitMq } from '../../../src/playground/installed/rabbitmq';
import { freePort } from '../net/listen';
import { connectionsAt } from '../net/ports';
import { pki } from './pki';
import { type RealServer, serverFolder, startRealServer } from './real-server';

export interface RabbitMq extends RealServer {
	readonly port: number;
	/** TLS with a certificate of `pki()`; a client certificate of it may sign in (EXTERNAL). */
	readonly tlsPort: number;
	/** Another port of the server, for the clients of the tests, which `connections` does not count. */
	readonly otherPort: number;
	/** URL of the management API, for users with the tag. */
	readonly management: string;
	/** Number of client connections that the system knows at `port` and `tlsPort`. */
	connections(): number;
	/** Sends one request to the management API as the administrator. */
	api(method: string, path: string, body?: object): Promise<unknown>;
}

/** `admin` is the administrator; `bob` may use only names that start with "bob." and has no tag; `carol` has the tag and no permissions. */
export const passwords = { admin: 'canary-4d1', bob: 'bob-canary-8', carol: 'carol-canary-2' };
export const otherVhost = 'v/with slash';

const everything = { configure: '.*', write: '.*', read: '.*' };
const definitions = {
	users: [
		{ name: 'admin', password: passwords.admin, tags: 'administrator' },
		{ name: 'bob', password: passwords.bob, tags: '' },
		{ name: 'carol', password: passwords.carol, tags: 'management' },
		{ name: 'alice', password_hash: '', tags: '' },
	],
	vhosts: [{ name: '/' }, { name: otherVhost }],
	permissions: [
		{ user: 'admin', vhost: '/', ...everything },
		{ user: 'admin', vhost: otherVhost, ...everything },
		{ user: 'alice', vhost: '/', ...everything },
		{ user: 'bob', vhost: '/', configure: '^bob\\.', write: '^bob\\.', read: '^bob\\.' },
	],
};

/** Starts a real server on loopback in its own folder, which takes about ten seconds. */
export async function startRabbitMq(): Promise<RabbitMq> {
	const folder = serverFolder('rabbitmq');
	const [port, otherPort, tlsPort, managementPort, epmd, distribution] = [
		await freePort(),
		await freePort(),
		await freePort(),
		await freePort(),
		await freePort(),
		await freePort(),
	];
	const { ca, server } = pki();
	folder.file(
		'rabbitmq.conf',
		[
			`listeners.tcp.1 = 127.0.0.1:${port}`,
			`listeners.tcp.2 = 127.0.0.1:${otherPort}`,
			`listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
			`ssl_options.cacertfile = ${ca}`,
			`ssl_options.certfile = ${server.cert}`,
			`ssl_options.keyfile = ${server.key}`,
			'ssl_options.verify = verify_peer',
			'ssl_options.fail_if_no_peer_cert = false',
			'ssl_cert_login_from = common_name',
			'auth_mechanisms.1 = PLAIN',
			'auth_mechanisms.2 = AMQPLAIN',
			'auth_mechanisms.3 = EXTERNAL',
			'management.tcp.ip = 127.0.0.1',
			`management.tcp.port = ${managementPort}`,
			`management.load_definitions = ${folder.file('definitions.json', JSON.stringify(definitions))}`,
			'collect_statistics_interval = 1000',
			'log.console = true',
			'log.file = false',
			'disk_free_limit.absolute = 10MB',
			'heartbeat = 60',
		].join('\n'),
	);
	folder.file('enabled_plugins', '[rabbitmq_management,rabbitmq_auth_mechanism_ssl,rabbitmq_amqp1_0].');

	async function api(method: string, path: string, body?: object): Promise<unknown> {
		const answer = await fetch(`http://127.0.0.1:${managementPort}/api${path}`, {
			method,
			headers: {
				authorization: `Basic ${Buffer.from(`admin:${passwords.admin}`).toString('base64')}`,
				'content-type': 'application/json',
			},
			...(body && { body: JSON.stringify(body) }),
		});
		if (!answer.ok) throw new Error(`HTTP ${answer.status} ${await answer.text()}`);
		const text = await answer.text();
		return text === '' ? undefined : JSON.parse(text);
	}

	const life = await startRealServer({
		...{ name: 'RabbitMQ', folder },
		launch: launchRabbitMq({
			...{ folder: folder.path, node: `test${port}`, epmd, distribution },
			...{ server: '/usr/lib/rabbitmq/bin/rabbitmq-server', portMapper: 'epmd' },
		}),
		async ready(output) {
			await api('GET', '/vhosts/%2F');
			if (!output.includes('Server startup complete')) throw new Error(output);
		},
	});
	return {
		...{ port, tlsPort, otherPort, ...life, api },
		management: `http://127.0.0.1:${managementPort}`,
		connections: () => connectionsAt(port) + connectionsAt(tlsPort),
	};
}
