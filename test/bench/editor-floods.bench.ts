import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/editor.mjs';
import { freePort } from '../../scripts/lib/process.mjs';
import { type Editor, openEditor } from '../support/editor/editor';
import { panelPage } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { delayRow, hostDelay, type Row } from './host-delay';

/** Without an end: each flood is over when its server is killed. */
const messages = 50_000_000;
const measureMs = 5000;
const password = 'bench';

interface Flood {
	name: string;
	server: string;
	options: object;
	profile: (port: number) => Record<string, unknown>;
	secret?: string;
}

const floods: Flood[] = [
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
		name: 'AMQP',
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
];

/** The host's event loop and a trivial command during a flood of each protocol, one after another, with sidebar and panel open. */
export async function bench(): Promise<Row[]> {
	const started = await Promise.all(floods.map(start));
	const editor = await openEditor({
		// The user's own: what a workspace's connections ask for would need approval.
		settings: {
			'messagingWorkbench.connections': started.map(({ flood: { name, profile }, port }) => ({
				id: name,
				name,
				...profile(port),
			})),
		},
	});
	try {
		await editor.sidebar();
		await editor.row('MQTT').waitFor();
		await editor.page.waitForTimeout(5000);
		const idle = await hostDelay(editor, measureMs);
		const rows: Row[] = [];
		for (const { flood, server } of started) rows.push(...(await during(editor, flood, server, idle)));
		return rows;
	} finally {
		await editor.close();
		for (const { server } of started) server.kill();
	}
}

async function start(flood: Flood) {
	const port = await freePort();
	const path = join(root, 'test', 'bench', 'floods', `${flood.server}.mjs`);
	const server = fork(path, [JSON.stringify({ port, messages, ...flood.options })]);
	const [told] = await once(server, 'message');
	// It stands for another machine: what the editor needs must not wait for it.
	if (server.pid) setPriority(server.pid, 19);
	return { flood, server, port: typeof told === 'number' ? told : port };
}

async function during(
	editor: Editor,
	{ name, secret }: Flood,
	server: ChildProcess,
	idle: Awaited<ReturnType<typeof hostDelay>>,
): Promise<Row[]> {
	await editor.rowButton(name, 'Connect');
	if (secret !== undefined) await editor.answerHidden(secret);
	await editor.row(new RegExp(`^${name}.*open ·`)).waitFor();
	await editor.rowButton(name, 'Open Panel');
	await panelPage(editor);
	const rate = async () => (await editor.statusBar()).find((text) => text.includes('/s')) ?? '';
	await eventually(`${name} flood`, async () => {
		if (!/[1-9][^·]*\/s/.test(await rate())) throw new Error('nothing arrives');
	});
	const delay = await hostDelay(editor, measureMs);
	const arrived = (await rate()).replace(/^.*· /, '');
	if (arrived.startsWith('0/')) throw new Error(`The ${name} flood has dried up.`);
	await editor.rowButton(name, 'Disconnect');
	server.kill();
	return [
		delayRow(`host loop delay p99 during ${name} flood (${arrived})`, delay.p99, idle.p99, '≤ 20 ms'),
		delayRow(`trivial command p95 during ${name} flood`, delay.command.p95, idle.command.p95, '≤ 50 ms'),
	];
}
