import { execFileSync } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { freePort } from '../net/listen';
import { connectionsAt, probe } from '../net/ports';
import { type RealServer, serverFolder, startRealServer } from './real-server';

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
	/** Sessions outlive the broker, unless it is killed. */
	persistent?: boolean;
	/** MQTT over WebSocket. Listens on every address whatever it is told: only in a network namespace of its own. */
	webSocket?: boolean;
}

export interface Mosquitto extends RealServer {
	readonly port: number;
	/** Connections of clients that the system knows at its port. */
	connections(): number;
}

const plugin = '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so';
/** A real broker on loopback, with a configuration of its own in a temporary folder. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
	const folder = serverFolder('mosquitto');
	const { file } = folder;
	const port = await freePort();
	const lines = [
		...(process.getuid?.() === 0 ? ['user root'] : []),
		'log_dest stderr',
		'log_type error',
		'set_tcp_nodelay true',
		'max_queued_messages 100000',
		...(options.general ?? []),
		...(options.persistent ? ['persistence true', `persistence_location ${folder.path}/`] : []),
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
	const life = await startRealServer({
		...{ name: 'mosquitto', folder, launch: { command: '/usr/sbin/mosquitto', args: ['-c', configuration] } },
		ready: () => probe(port),
	});
	return {
		...{ port, ...life },
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
