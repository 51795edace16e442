import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as tcpConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../net/listen';
import { eventually } from '../run/eventually';

export interface MosquittoOptions {
	/** Lines of the configuration for the one listener; `allow_anonymous true` without. */
	listener?: string[];
	/** Names and passwords. With them nobody is let in without. */
	users?: Record<string, string>;
	/** Lines of an ACL file. */
	acl?: string[];
	/** Lines for the whole broker. */
	general?: string[];
	/** A dynamic security configuration, as its own JSON: real refusals of subscriptions need it. */
	dynamicSecurity?: object;
	/** MQTT over WebSocket. Listens on every address whatever it is told: only in a network namespace of its own. */
	webSocket?: boolean;
}

export interface Mosquitto {
	readonly port: number;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Starts again on the same port, whether it runs or not. */
	restart(): Promise<void>;
	stop(): Promise<void>;
	/** Connections of clients that the system knows at its port. */
	connections(): number;
}

const program = '/usr/sbin/mosquitto';
const plugin = '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so';
/** A real broker on loopback, with a configuration of its own in a temporary folder. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
	const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
	const file = (name: string, content: string) => {
		writeFileSync(join(folder, name), content, { mode: 0o600 });
		return join(folder, name);
	};
	const port = await freePort();
	const lines = [
		...(process.getuid?.() === 0 ? ['user root'] : []),
		'log_dest stderr',
		'log_type error',
		'set_tcp_nodelay true',
		'max_queued_messages 100000',
		...(options.general ?? []),
		// Version 2.0 does not start with listeners for WebSocket alone.
		...(options.webSocket ? [`listener ${await freePort()} 127.0.0.1`] : []),
		`listener ${port} 127.0.0.1`,
		...(options.webSocket ? ['protocol websockets'] : []),
		`allow_anonymous ${options.users || options.dynamicSecurity ? 'false' : 'true'}`,
		...(options.listener ?? []),
	];
	if (options.users) {
		const passwords = file('passwd', '');
		for (const [name, password] of Object.entries(options.users))
			execFileSync('mosquitto_passwd', ['-b', passwords, name, password], { stdio: 'ignore' });
		lines.push(`password_file ${passwords}`);
	}
	if (options.acl) lines.push(`acl_file ${file('acl', `${options.acl.join('\n')}\n`)}`);
	if (options.dynamicSecurity) {
		lines.push(
			`plugin ${plugin}`,
			`plugin_opt_config_file ${file('dynsec.json', JSON.stringify(options.dynamicSecurity))}`,
		);
	}
	const configuration = file('mosquitto.conf', `${lines.join('\n')}\n`);
	let child: ChildProcess;
	let said = '';

	async function start(): Promise<void> {
		said = '';
		child = spawn(program, ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
		child.stderr?.on('data', (text) => {
			said += text;
		});
		await eventually('mosquitto listens', async () => {
			if (child.exitCode === null) await probe(port);
		});
		if (child.exitCode !== null) throw new Error(`mosquitto ended: ${said}`);
	}
	async function end(): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill('SIGKILL');
		await once(child, 'exit');
	}
	await start();
	const atExit = () => child.kill('SIGKILL');
	process.on('exit', atExit);
	return {
		port,
		kill: (signal) => void child.kill(signal),
		async restart() {
			await end();
			await start();
		},
		async stop() {
			await end();
			process.off('exit', atExit);
			rmSync(folder, { recursive: true, force: true });
		},
		connections: () => connectionsAt(port),
	};
}

export const hasDynamicSecurity = existsSync(plugin);

/** A dynamic security configuration: users, their passwords, and the filter below which each may publish and subscribe. */
export function dynamicSecurity(users: Record<string, { password: string; filter: string }>): object {
	const salt = Buffer.alloc(12, 7);
	const entries = Object.entries(users);
	const acl = (acltype: string, topic: string) => ({ acltype, topic, priority: 0, allow: true });
	return {
		defaultACLAccess: { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true },
		groups: [],
		clients: entries.map(([username, { password }]) => ({
			...{ username, roles: [{ rolename: username }], salt: salt.toString('base64'), iterations: 101 },
			password: pbkdf2Sync(password, salt, 101, 64, 'sha512').toString('base64'),
		})),
		roles: entries.map(([rolename, { filter }]) => ({
			rolename,
			acls: [acl('publishClientSend', filter), acl('subscribePattern', filter)],
		})),
	};
}

/** Rows of the system's table whose local end is the port, and that are not listening or being forgotten. */
export function connectionsAt(port: number): number {
	const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
	return readFileSync('/proc/net/tcp', 'utf8')
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter(([, address, , state]) => address === local && state !== '0A' && state !== '06').length;
}

async function probe(port: number): Promise<void> {
	const socket = tcpConnect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
	} finally {
		socket.destroy();
	}
}
