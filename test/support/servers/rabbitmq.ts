import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../net/listen';
import { eventually } from '../run/eventually';
import { pki } from './pki';

export interface RabbitMq {
	readonly port: number;
	/** TLS with a certificate of `pki()`; a client certificate of it may sign in (EXTERNAL). */
	readonly tlsPort: number;
	/** Another port of the server, for the clients of the tests, which `connections` does not count. */
	readonly otherPort: number;
	/** URL of the management API, for users with the tag. */
	readonly management: string;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Kills the server and starts it again with the same data. */
	restart(): Promise<void>;
	stop(): Promise<void>;
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
	const folder = mkdtempSync(join(tmpdir(), 'rabbitmq-'));
	const file = (name: string, content: string) => {
		writeFileSync(join(folder, name), content);
		return join(folder, name);
	};
	const [port, otherPort, tlsPort, managementPort, epmdPort, distPort] = [
		await freePort(),
		await freePort(),
		await freePort(),
		await freePort(),
		await freePort(),
		await freePort(),
	];
	const { ca, server } = pki();
	file(
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
			`management.load_definitions = ${file('definitions.json', JSON.stringify(definitions))}`,
			'collect_statistics_interval = 1000',
			'log.console = true',
			'log.file = false',
			'disk_free_limit.absolute = 10MB',
			'heartbeat = 60',
		].join('\n'),
	);
	file('enabled_plugins', '[rabbitmq_management,rabbitmq_auth_mechanism_ssl,rabbitmq_amqp1_0].');
	file('advanced.config', '[].');
	mkdirSync(join(folder, 'home'));
	const env = {
		...process.env,
		HOME: join(folder, 'home'),
		RABBITMQ_NODENAME: `test${port}@localhost`,
		RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
		RABBITMQ_DIST_PORT: String(distPort),
		ERL_EPMD_PORT: String(epmdPort),
		ERL_EPMD_ADDRESS: '127.0.0.1',
		RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
		RABBITMQ_LOG_BASE: join(folder, 'log'),
		RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
		RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
		RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
		RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
		// Without busy waiting, which would take a processor from the tests.
		RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
			'-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
		LANG: 'C.UTF-8',
		LC_ALL: 'C.UTF-8',
	};
	// Started separately: one that the server starts would outlive it.
	const epmd = spawn('epmd', ['-port', String(epmdPort), '-address', '127.0.0.1'], { stdio: 'ignore' });
	let child: ChildProcess;
	let output = '';

	function kill(signal: NodeJS.Signals): void {
		try {
			// The script, the virtual machine and its helpers.
			if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// The process has ended.
		}
	}

	async function start(): Promise<void> {
		output = '';
		child = spawn('/usr/lib/rabbitmq/bin/rabbitmq-server', { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
		for (const stream of [child.stdout, child.stderr])
			stream?.on('data', (text) => {
				output = (output + text).slice(-5000);
			});
		await eventually(
			'RabbitMQ has started',
			async () => {
				if (child.exitCode !== null) throw new Error(`RabbitMQ ended: ${output}`);
				await api('GET', '/vhosts/%2F');
				if (!output.includes('Server startup complete')) throw new Error(output);
			},
			120_000,
		);
	}

	async function end(): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		kill('SIGKILL');
		await ended;
	}

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

	const atExit = () => {
		kill('SIGKILL');
		epmd.kill('SIGKILL');
	};
	process.on('exit', atExit);
	await start();
	return {
		...{ port, tlsPort, otherPort, kill, api },
		management: `http://127.0.0.1:${managementPort}`,
		async restart() {
			await end();
			await start();
		},
		async stop() {
			await end();
			epmd.kill('SIGKILL');
			process.off('exit', atExit);
			rmSync(folder, { recursive: true, force: true });
		},
		connections: () => connectionsAt(port) + connectionsAt(tlsPort),
	};
}

/** Rows of the system's table whose local end is the port, except those in LISTEN or TIME_WAIT. */
function connectionsAt(port: number): number {
	const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
	return readFileSync('/proc/net/tcp', 'utf8')
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter(([, address, , state]) => address === local && state !== '0A' && state !== '06').length;
}
