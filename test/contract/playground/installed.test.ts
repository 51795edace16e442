import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { connect as connectNats } from '@nats-io/transport-node';
import { connect as connectRabbit } from 'amqplib';
import { portsOf, withPorts } from '../../../scripts/lib/sample.mjs';
import { type Playground, startPlayground } from '../../../src/playground/playground';
import { buildCli } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { rawClient } from '../../support/servers/xmpp/xmpp-client';

const ids = ['rabbitmq', 'nats', 'prosody', 'ejabberd'];
let folder: string;
let playground: Playground;
const portOf = (id: string) => playground.ports[id] ?? 0;

before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'messaging-playground-test-'));
	playground = await startPlayground({ port: 0, folder });
});
after(async () => {
	await playground.close();
	rmSync(folder, { recursive: true, force: true });
});

test('the servers of this machine start beside those of the extension, which are usable at once', async () => {
	const states = () => playground.servers.map(({ id, state, text }) => `${id}: ${state} ${text ?? ''}`.trim());
	assert.deepEqual(
		playground.servers.filter(({ id }) => !ids.includes(id)).filter(({ state }) => state !== 'open'),
		[],
	);
	await eventually(
		'all are open',
		() =>
			assert.deepEqual(
				states().filter((text) => !text.endsWith(': open')),
				[],
			),
		120_000,
	);
	assert.deepEqual(
		playground.servers.map(({ id }) => id).filter((id) => ids.includes(id)),
		ids,
	);
});

test('RabbitMQ has queues, and orders arrive', async () => {
	const model = await connectRabbit({ hostname: '127.0.0.1', port: portOf('rabbitmq') });
	const channel = await model.createChannel();
	for (const queue of ['email', 'email.failed', 'orders.audit']) await channel.checkQueue(queue);
	const order = await eventually('an order', async () => {
		const found = await channel.get('orders.audit', { noAck: true });
		if (!found) throw new Error('The queue is empty.');
		return found;
	});
	assert.match(order.content.toString(), /^\{"id":\d+,"total":[\d.]+,"currency":"EUR"\}$/);
	assert.match(order.fields.routingKey, /^order\.(created|cancelled)$/);
	await model.close();
});

test('NATS has streams, publishes, and answers requests', async () => {
	const nats = await connectNats({ port: portOf('nats') });
	const answer = await nats.request('users.get', '18', { timeout: 5000 });
	assert.deepEqual(answer.json(), { id: '18', name: 'Grace' });
	const unknown = await nats.request('users.get', '{}', { timeout: 5000 });
	assert.deepEqual(unknown.json(), { error: 'There is no user without a number.' });
	for await (const { subject } of nats.subscribe('orders.*', { max: 1 })) assert.match(subject, /created|cancelled/);
	for (const name of ['ORDERS', 'KV_settings']) {
		const info = await nats.request(`$JS.API.STREAM.INFO.${name}`, '', { timeout: 5000 });
		assert.ok(info.json<{ state: { messages: number } }>().state.messages > 0, name);
	}
	await nats.close();
});

for (const id of ['prosody', 'ejabberd'])
	test(`${id} has accounts and a room, and the farm writes`, async () => {
		const alice = await rawClient(portOf(id), 'alice', 'playground');
		const roster = await alice.ask('alice@localhost', 'get', "<query xmlns='jabber:iq:roster'/>");
		assert.match(roster, /bob@localhost/);
		alice.send("<presence to='farm@conference.localhost/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
		await eventually('a report', () => assert.match(alice.received, /<body>The greenhouse has [\d.]+ °C\.<\/body>/));
		alice.end();
	});

test('the message files of the sample pass, with the ports of this playground', async () => {
	const sample = join(folder, 'sample');
	cpSync('sample', sample, { recursive: true });
	const settings = join(sample, '.vscode', 'settings.json');
	writeFileSync(settings, withPorts(readFileSync(settings, 'utf8'), portsOf(playground.servers)));
	const cli = await buildCli();
	try {
		const env = { MESSAGING_WORKBENCH_SECRET_CHAT_PASSWORD: 'playground' };
		const { code, out, err } = await cli.run(['run', '.'], { cwd: sample, env });
		assert.equal(code, 0, `${out}${err}`);
	} finally {
		cli.remove();
	}
});

/** Local addresses on which the processes in the folder listen, as the system writes them. */
function listening(): string[] {
	const inodes = new Set<string>();
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
		try {
			if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) continue;
			for (const fd of readdirSync(`/proc/${pid}/fd`))
				inodes.add(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '');
		} catch {
			// The process has ended, or is another user's.
		}
	return ['tcp', 'tcp6']
		.flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n'))
		.map((line) => line.trim().split(/\s+/))
		.filter(([, , , state, , , , , , inode = '']) => state === '0A' && inodes.has(inode))
		.map(([, address = '']) => address);
}

test('every process listens on loopback only', () => {
	const addresses = listening();
	const ports = addresses.map((address) => Number.parseInt(address.split(':')[1] ?? '', 16));
	for (const id of ids) assert.ok(ports.includes(portOf(id)), id);
	assert.deepEqual(
		// 127.0.0.1 and ::1
		addresses.filter((address) => !/^(0100007F|0{24}01000000):/.test(address)),
		[],
	);
});

test('they end with the playground', async () => {
	const ports = ids.map(portOf);
	await playground.close();
	for (const port of ports)
		await eventually(
			`port ${port} is closed`,
			() =>
				new Promise<void>((resolve, reject) => {
					const socket = connectTcp(port, '127.0.0.1', () => {
						socket.destroy();
						reject(new Error('It accepts connections.'));
					});
					socket.on('error', () => resolve());
				}),
		);
});
