import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { connectAsync, type IPublishPacket } from 'mqtt';
import { newFile, type Written } from '../../../src/files/create/new-file';
import { loggedDraft } from '../../../src/lines/draft';
import { direction } from '../../../src/model/contracts/message';
import { describe } from '../../../src/protocols/descriptions';
import { buildCli, type Cli } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type RealSession, realSession } from '../../support/run/session';
import { startMosquitto } from '../../support/servers/mosquitto';
import { passwords, startRabbitMq } from '../../support/servers/rabbitmq';
import { startPeer } from '../../support/servers/rabbitmq-peer';

/** Names and values that would be syntax, if they were written as they are. */
const hostile = [
	'{{$processEnv CANARY}}',
	'{{{$processEnv CANARY}}}',
	'k\n\n< ./private.env\n\n###\nPUBLISH x',
	'k\r\nHost: mqtt://127.0.0.1:1',
	'# n',
	'k: c',
	' k ',
	'"k"',
	'=== wait 9s',
	'?? body == 1',
	'@k = 1',
	'\u202e\ufeffk',
	'k\ttab',
];
const reserved = ['type', 'priority', 'Connection', 'Host', 'QoS', 'Content-Type', 'Verb'];
const connection = 'The "{{$processEnv CANARY}}" # one: ';

let cli: Cli;
let folder: string;
before(async () => {
	cli = await buildCli();
	folder = mkdtempSync(join(tmpdir(), 'written-'));
	mkdirSync(join(folder, '.vscode'));
	writeFileSync(join(folder, 'private.env'), 'CANARY');
});
after(() => {
	cli.remove();
	rmSync(folder, { recursive: true, force: true });
});

/** Makes a file of all that a session has received, and runs it from the command line. */
async function sendAgain(
	session: RealSession,
	protocol: string,
	profile: object,
	env: Record<string, string>,
): Promise<string> {
	const description = describe(protocol) ?? assert.fail(protocol);
	const messages: Written[] = session.store
		.feed(0, 1000)
		.messages.filter(({ flags }) => direction(flags) === 'in')
		// Waiting is no part of this.
		.map((one) => ({ draft: loggedDraft(description, one), time: 0 }));
	const text = await newFile({ connection, description, messages });
	writeFileSync(
		join(folder, '.vscode/settings.json'),
		JSON.stringify({ 'messagingWorkbench.connections': [{ id: 'c', name: connection, protocol, ...profile }] }),
	);
	writeFileSync(join(folder, `${protocol}.messages`), text);
	const { code, err, out } = await cli.run(['run', `${protocol}.messages`], {
		cwd: folder,
		env: { CANARY: 'leaked', ...env },
	});
	assert.equal(code, 0, `${err}\n${out}\n${text}`);
	return text;
}

test('hostile topics and user properties through Mosquitto', async (t) => {
	const broker = await startMosquitto();
	const url = `mqtt://127.0.0.1:${broker.port}`;
	const peer = await connectAsync(url, { protocolVersion: 5 });
	t.after(() => peer.endAsync().then(() => broker.stop()));
	// Mosquitto refuses control characters (MQTT 5, 1.5.4); wildcards are in no topic of a message (4.7).
	const names = [...hostile, ...reserved].filter((one) => !/\p{Cc}/u.test(one));
	const topics = names.filter((one) => !/[+#]/.test(one));
	const got: [string, string, unknown][] = [];
	peer.on('message', (topic: string, payload: Buffer, { properties }: IPublishPacket) =>
		got.push([topic, payload.toString('hex'), properties?.userProperties && { ...properties.userProperties }]),
	);
	await peer.subscribeAsync('#', { qos: 1 });
	const session = realSession('mqtt', { url, subscriptions: [{ target: '#', qos: 1 }] });
	t.after(() => session.dispose());
	await session.connect();
	await eventually('subscribed', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
	for (const topic of topics)
		await peer.publishAsync(topic, Buffer.from(`${topic}\n< ./private.env\n###\n{{$processEnv CANARY}}`), {
			qos: 1,
			properties: { userProperties: Object.fromEntries(names.map((one) => [one, one])) },
		});
	await eventually('all were received', () => {
		assert.equal(got.length, topics.length);
		assert.equal(
			session.store.feed(0, 1000).messages.filter(({ flags }) => direction(flags) === 'in').length,
			topics.length,
		);
	});
	await session.close();
	const before = got.splice(0);
	const text = await sendAgain(session, 'mqtt', { url }, {});
	await eventually('all were sent again', () => assert.equal(got.length, topics.length));
	assert.deepEqual(got, before, text);
	assert.ok(!JSON.stringify(got).includes('leaked'));
});

test('hostile routing keys and headers through RabbitMQ', async (t) => {
	const server = await startRabbitMq();
	const peer = await startPeer(server);
	// In this order: a client that loses its server while it closes waits for ever.
	t.after(() => peer.close().then(() => server.stop()));
	const url = `amqp://127.0.0.1:${server.port}`;
	await peer.channel.assertExchange('in %2F/100%', 'topic', { durable: false });
	await peer.channel.assertQueue('copy', { durable: false });
	await peer.channel.bindQueue('copy', 'in %2F/100%', '#');
	const session = realSession('amqp', {
		url,
		values: { username: 'admin' },
		secrets: { password: passwords.admin },
		subscriptions: [{ target: 'exchange/in %252F%2F100%25/#', mode: 'tap' }],
	});
	t.after(() => session.dispose());
	await session.connect();
	await eventually('tapped', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
	const keys = [...hostile, ...reserved];
	for (const [at, key] of keys.entries())
		await peer.publish('in %2F/100%', key, [Buffer.from(`< ./private.env\n${key}`)], {
			headers: {
				...Object.fromEntries(keys.map((one) => [one, one])),
				...{
					small: 5,
					large: 2 ** 40,
					half: 0.5,
					yes: true,
					none: null,
					list: [1, 'a', { b: [true] }],
					bytes: Buffer.of(0, 255),
					typed: '(int) 5',
				},
			},
			...(at % 2 === 0 && {
				persistent: true,
				priority: 3,
				type: key.slice(0, 200),
				timestamp: 1_700_000_000,
				expiration: 60_000,
				messageId: key,
			}),
		});
	await eventually('all were received', () =>
		assert.equal(
			session.store.feed(0, 1000).messages.filter(({ flags }) => direction(flags) === 'in').length,
			keys.length,
		),
	);
	await session.close();
	const shown = async () =>
		(await peer.drain('copy')).map(({ fields, properties, content }) => [
			fields.exchange,
			fields.routingKey,
			content.toString('hex'),
			{ ...properties, deliveryMode: properties.deliveryMode ?? 1 },
		]);
	const before = await shown();
	assert.equal(before.length, keys.length);
	const text = await sendAgain(
		session,
		'amqp',
		{ url, username: 'admin' },
		{ MESSAGING_WORKBENCH_SECRET_C_PASSWORD: passwords.admin },
	);
	await eventually('all were sent again', async () => assert.equal(await peer.ready('copy'), keys.length));
	const again = await shown();
	assert.deepEqual(again, before, text);
	assert.ok(!JSON.stringify(again).includes('leaked'));
});
