import type { ChildProcess } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/editor.mjs';
import { startFlood, yieldTo } from './flood-process';

/** Without an end: each flood is over when its server is killed. */
const messages = 50_000_000;
const password = 'bench';

export interface Flood {
	name: string;
	server: string;
	options: object;
	profile: (port: number) => Record<string, unknown>;
	secret?: string;
}

export const floods: Flood[] = [
	{
		name: 'MQTT',
		server: 'flood-broker',
		options: { topics: 1000, payload: 100, properties: 0 },
		profile: (port) => ({
			protocol: 'mqtt',
			url: `mqtt://127.0.0.1:${port}`,
			mqttVersion: '3.1.1',
			subscriptions: [{ target: '#' }],
		}),
	},
	{
		name: 'AMQP 0-9-1',
		server: 'flood-amqp',
		options: { keys: 1000, payload: 100, headers: 0 },
		profile: (port) => ({
			protocol: 'amqp',
			url: `amqp://127.0.0.1:${port}`,
			management: { url: 'none' },
			subscriptions: [{ target: 'exchange/orders/#' }],
		}),
	},
	{
		name: 'WebSocket',
		server: 'flood-websocket',
		options: { payload: 100 },
		profile: (port) => ({ protocol: 'websocket', url: `ws://127.0.0.1:${port}` }),
	},
	{
		name: 'XMPP',
		server: 'flood-xmpp',
		options: { password },
		profile: (port) => ({
			protocol: 'xmpp',
			url: `xmpp://127.0.0.1:${port}`,
			username: 'alice@localhost',
			allowUnencrypted: true,
			presence: 'none',
			secrets: ['password'],
		}),
		secret: password,
	},
	{
		name: 'CoAP',
		server: 'flood-coap',
		options: { payload: 100 },
		profile: (port) => ({
			protocol: 'coap',
			url: `coap://127.0.0.1:${port}`,
			subscriptions: [{ target: 'x' }],
		}),
	},
	{
		name: 'Kafka',
		server: 'flood-kafka',
		options: { payload: 100 },
		profile: (port) => ({
			protocol: 'kafka',
			url: `kafka://127.0.0.1:${port}`,
			subscriptions: [{ target: 'flood', mode: 'read', from: 'earliest' }],
		}),
	},
	{
		name: 'NATS',
		server: 'flood-nats',
		options: { subjects: 1000, payload: 100, headers: false },
		profile: (port) => ({
			protocol: 'nats',
			url: `nats://127.0.0.1:${port}`,
			subscriptions: [{ target: 'flood.>' }],
		}),
	},
	{
		name: 'AMQP 1.0',
		server: 'flood-amqp1',
		options: { payload: 100, properties: 0, copies: true },
		profile: (port) => ({
			protocol: 'amqp1',
			url: `amqp://127.0.0.1:${port}`,
			subscriptions: [{ target: 'orders', mode: 'browse' }],
		}),
	},
	{
		name: 'Socket.IO',
		server: 'flood-socketio',
		options: { payload: 100 },
		profile: (port) => ({ protocol: 'socketio', url: `http://127.0.0.1:${port}/` }),
	},
];
const sources = join(root, 'test', 'bench', 'floods');
const servers = join(root, '.cache', `floods-${process.pid}`);

export interface StartedFlood {
	flood: Flood;
	server: ChildProcess;
	port: number;
}

/** Starts a server for each flood; `stop` ends them all. */
export async function startFloods(): Promise<{ started: StartedFlood[]; stop(): Promise<void> }> {
	await build({
		entryPoints: (await readdir(sources))
			.filter((file) => file.startsWith('flood-'))
			.map((file) => join(sources, file)),
		outdir: servers,
		outExtension: { '.js': '.mjs' },
		bundle: true,
		...{ platform: 'node', format: 'esm', target: 'node20.10', logLevel: 'warning' },
	});
	const started = await Promise.all(floods.map(start));
	return {
		started,
		async stop() {
			for (const { server } of started) server.kill();
			await rm(servers, { recursive: true, force: true });
		},
	};
}

async function start(flood: Flood): Promise<StartedFlood> {
	const { server, port } = await startFlood(join(servers, `${flood.server}.mjs`), { messages, ...flood.options });
	yieldTo(server);
	return { flood, server, port };
}
