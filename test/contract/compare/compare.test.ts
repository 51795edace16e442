import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { type CompareOptions, compare } from '../../../src/compare/compare';
import { connect, type Subject } from '../../../src/compare/connection';
import { measure } from '../../../src/compare/measure';
import type { Report } from '../../../src/compare/report/types';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets } from '../../../src/model/profile/profile';
import type { Guarantee } from '../../../src/protocols/comparison';
import { describe } from '../../../src/protocols/descriptions';
import { capture } from '../../support/net/capture';
import { freePort, listen } from '../../support/net/listen';
import { buildCli, type Cli } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type CoapTestServer, startCoapServer } from '../../support/servers/coap-server';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { pki } from '../../support/servers/pki';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';

let broker: Mosquitto;
let rabbit: RabbitMq;
let coap: CoapTestServer;
let coaps: CoapTestServer;
let tlsPort: number;
let cli: Cli;
let folder: string;
let settings: string;
const key = 'the key of all';

before(async () => {
	const { server } = pki();
	tlsPort = await freePort();
	const general = [
		'allow_anonymous true',
		`listener ${tlsPort} 127.0.0.1`,
		`certfile ${server.cert}`,
		`keyfile ${server.key}`,
	];
	cli = await buildCli();
	[broker, rabbit, coap, coaps] = await Promise.all([
		startMosquitto({ general }),
		startRabbitMq(),
		startCoapServer(),
		startCoapServer({ dtls: { by: 'openssl', key } }),
	]);
	await rabbit.api('PUT', '/queues/%2F/measured', { durable: true });
	folder = mkdtempSync(join(tmpdir(), 'compare-'));
	settings = join(folder, 'settings.json');
	const saved = {
		id: 'r',
		name: 'Rabbit',
		protocol: 'amqp',
		url: `amqp://127.0.0.1:${rabbit.port}`,
		username: 'admin',
	};
	const connections = [saved, { ...saved, id: 'l', name: 'Live', production: true }];
	writeFileSync(settings, JSON.stringify({ 'messagingWorkbench.connections': connections }));
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	cli.remove();
	await Promise.all([broker, rabbit, coap, coaps].map((server) => server.stop()));
});

function subject(protocol: string, url: string, target: string, values: Values = {}, secrets: Secrets = {}): Subject {
	const description = describe(protocol);
	assert.ok(description);
	const profile = { id: 'test', name: 'test', protocol, url, values, subscriptions: [] };
	return { name: 'test', profile, secrets, description, target };
}

const cases: [name: string, subject: () => Subject, port: () => number, Guarantee][] = [
	['MQTT', () => subject('mqtt', `mqtt://127.0.0.1:${broker.port}`, 'a/b'), () => broker.port, 'at-least-once'],
	[
		'MQTT over TLS',
		() => subject('mqtt', `mqtts://127.0.0.1:${tlsPort}`, 'a/b', { 'tls.ca': pki().ca }),
		() => tlsPort,
		'at-most-once',
	],
	[
		'AMQP',
		() =>
			subject(
				'amqp',
				`amqp://127.0.0.1:${rabbit.port}`,
				'queue/measured',
				{ username: 'admin' },
				{ password: passwords.admin },
			),
		() => rabbit.port,
		'at-least-once',
	],
	['CoAP', () => subject('coap', coap.url, 'measured'), () => coap.port, 'at-least-once'],
	[
		'CoAP over DTLS',
		() => subject('coap', coaps.url, 'measured', { 'dtls.identity': 'someone' }, { 'dtls.psk': key }),
		() => coaps.port,
		'at-most-once',
	],
];

test('a capture counts what plain sockets exchange', async () => {
	const server = createServer((socket) => socket.once('data', () => socket.write(Buffer.alloc(777))));
	const datagrams = createSocket('udp4').on('message', (_, from) => datagrams.send(Buffer.alloc(50), from.port));
	const port = await listen(server);
	datagrams.bind(port, '127.0.0.1');
	const packets = await capture(port);
	const socket = dial(port, '127.0.0.1');
	const client = createSocket('udp4');
	for (let part = 0; part < 10; part++) socket.write(Buffer.alloc(1000 + part));
	client.send(Buffer.alloc(300), port, '127.0.0.1');
	await eventually('all bytes are counted', () =>
		assert.deepEqual(packets.read(), { toServer: 10_045 + 300, fromServer: 777 + 50 }),
	);
	socket.destroy();
	server.close();
	client.close();
	datagrams.close();
	await packets.stop();
});

for (const [name, made, port, guarantee] of cases)
	test(`bytes on the wire of ${name} are those of a packet capture`, async () => {
		const packets = await capture(port());
		const own = made();
		const { target, description } = own;
		const route = description.comparison?.routes(target)[guarantee];
		assert.ok(route);
		const { signal } = new AbortController();
		const sender = await connect(own, signal);
		const receiver = route.delivery === 'copy' ? await connect(own, signal) : sender;
		if (route.receive) await receiver.link.subscribe?.(route.receive, 'measured');
		for (const size of [16, 1024, 20_000]) {
			const run = await measure({ sender, receiver, route, target, size, rate: 200, count: 40, signal });
			assert.deepEqual({ ...run, delay: 0 }.failure, undefined);
			assert.equal(run.lost + run.refused + run.duplicated, 0);
		}
		// Before they are closed: what a peer sends after a goodbye is not read.
		await eventually('everything is captured', () => {
			const counted = (receiver === sender ? [sender] : [sender, receiver]).map((one) => one.traffic());
			const sum = (direction: 'sent' | 'received') => counted.reduce((total, bytes) => total + bytes[direction], 0);
			assert.ok(sum('sent') > 40 * (16 + 1024 + 20_000));
			assert.deepEqual(packets.read(), { toServer: sum('sent'), fromServer: sum('received') });
		});
		await sender.close();
		await receiver.close();
		await packets.stop();
	});

test('the report has a row for each connection, with exact counts', async () => {
	const args = [
		...[
			'compare',
			`mqtt://127.0.0.1:${broker.port}:a/b`,
			`coap://127.0.0.1:${coap.port}:measured`,
			'Rabbit:queue/measured',
		],
		...['--size', '16,1k', '--rate', '100', '--seconds', '0.3', '--runs', '2', '--max-delay', '10s', '--no-capacity'],
		...['--guarantee', 'at-least-once', '--settings', settings, '--yes'],
	];
	const env = { MESSAGING_WORKBENCH_SECRET_RABBIT_PASSWORD: passwords.admin };
	const { code, out, err } = await cli.run([...args, '--format', 'json'], { env });
	assert.equal(code, 0, err);
	const report = JSON.parse(out.toString()) as Report;
	assert.deepEqual(
		report.cells.map(({ subject, size, label, problem, runs }) => [subject, size, label, problem, runs.length]),
		[16, 1024].flatMap((size) => [
			[0, size, 'QoS 1', undefined, 2],
			[1, size, 'CON', undefined, 2],
			[2, size, 'confirm and ack, persistent', undefined, 2],
		]),
	);
	for (const { runs } of report.cells)
		for (const { sent, delivered, lost, duplicated, refused } of runs)
			assert.deepEqual([sent, delivered, lost, duplicated, refused], [30, 30, 0, 0, 0]);
	// PUBLISH: header and length, topic, packet id, properties; PUBACK takes 4 bytes.
	const [mqtt16, coap16, , mqtt1k] = report.cells;
	assert.deepEqual(mqtt16?.runs[0]?.sender, { sent: 2 + 5 + 2 + 1 + 16, received: 4 });
	assert.deepEqual(mqtt1k?.runs[0]?.sender, { sent: 3 + 5 + 2 + 1 + 1024, received: 4 });
	// Header, token, Uri-Path with 8 bytes, marker; the answer has no payload.
	assert.equal(coap16?.runs[0]?.receiver.sent, 0);
	assert.ok((coap16?.runs[0]?.sender.sent ?? 0) > 16 + 4 + 9 && (coap16?.runs[0]?.sender.sent ?? 99) < 16 + 30);
	for (const { connecting, problem } of report.subjects) {
		assert.equal(problem, undefined);
		assert.ok(connecting && connecting.bytes.sent > 0 && connecting.roundTrips >= 1);
	}
	assert.deepEqual(
		report.subjects.map(({ connecting }) => connecting?.roundTrips),
		[2, 1, report.subjects[2]?.connecting?.roundTrips],
	);
	assert.ok(!JSON.stringify(report).includes(passwords.admin));
});

test('messages that are lost with a broker are counted', async () => {
	const { signal } = new AbortController();
	const dying = await startMosquitto();
	const own = subject('mqtt', `mqtt://127.0.0.1:${dying.port}`, 'a/b');
	const route = own.description.comparison?.routes('a/b')['at-most-once'];
	assert.ok(route);
	const sender = await connect(own, signal);
	const receiver = await connect(own, signal);
	await receiver.link.subscribe?.(route.receive ?? { target: '' }, 'measured');
	let arrived = 0;
	// Frozen after ten messages, so that later ones are written and never read.
	const onMessage: typeof receiver.onMessage = (listener) =>
		receiver.onMessage((message) => {
			listener(message);
			if (++arrived === 10) dying.kill('SIGSTOP');
		});
	const watched = Object.assign(Object.create(receiver), { onMessage }) as typeof receiver;
	const run = await measure({
		sender,
		receiver: watched,
		route,
		target: 'a/b',
		size: 16,
		rate: 100,
		count: 50,
		signal,
	});
	await dying.stop();
	await Promise.all([sender.close(), receiver.close()]);
	assert.ok(run.delivered >= 10 && run.lost > 0, JSON.stringify(run));
	assert.deepEqual([run.sent, run.lost], [50, 50 - run.delivered]);
});

const short = (subjects: Subject[], more: Partial<CompareOptions> = {}) =>
	compare({
		...{ subjects, guarantees: ['at-least-once'], sizes: [16], rate: 100, seconds: 0.1, warmUp: 0.1, runs: 2 },
		...{ maxDelay: 60_000, capacity: false, idle: 0, product: 'test', progress() {} },
		...{ signal: new AbortController().signal, ...more },
	});

test('a connection that cannot be opened, or ends between runs, is in the report, and others are measured', async () => {
	const dying = await startMosquitto();
	const subjects = [
		subject('mqtt', 'mqtt://127.0.0.1:1', 'a/b'),
		subject('coap', coap.url, 'measured'),
		subject('mqtt', `mqtt://127.0.0.1:${dying.port}`, 'a/b'),
	];
	const { cells } = await short(subjects, {
		progress: (text) => /run 2 of 2$/.test(text) && dying.kill('SIGKILL'),
	});
	await dying.stop();
	assert.match(cells[0]?.problem ?? '', /accepts connections/);
	assert.equal(cells[1]?.runs.length, 2);
	assert.equal(cells[2]?.runs.length, 1);
	assert.match(cells[2]?.problem ?? '', /accepts connections/);
});

test('a stopped comparison has what was measured, and blames no connection', async () => {
	const stop = new AbortController();
	const subjects = [subject('coap', coap.url, 'measured'), subject('mqtt', `mqtt://127.0.0.1:${broker.port}`, 'a/b')];
	const report = await short(subjects, {
		...{ sizes: [16, 1024], seconds: 5, runs: 1, signal: stop.signal },
		// In the warm-up, and while the connection is being opened.
		progress: (text) => /16 bytes, run 1/.test(text) && setTimeout(() => stop.abort(), 60),
	});
	assert.equal(report.stopped, true);
	assert.deepEqual(
		report.cells.map(({ size, runs, problem }) => [size, runs.length, problem]),
		[
			[16, 0, undefined],
			[16, 0, undefined],
		],
	);
	assert.deepEqual(
		report.subjects.map(({ problem }) => problem),
		[undefined, undefined],
	);
});

test('a session of the user with the same client id keeps its connection and its messages', async () => {
	const { signal } = new AbortController();
	const identity = { clientId: 'mine', cleanStart: false, sessionExpiry: 60 };
	const own = subject('mqtt', `mqtt://127.0.0.1:${broker.port}`, 'a/own', identity);
	const mine = await connect(own, signal);
	await mine.link.subscribe?.({ target: 'a/own', qos: 1 }, 'mine');
	const { cells } = await short([own]);
	assert.equal(mine.ended, undefined);
	const { sent = 0 } = cells[0]?.runs[0] ?? {};
	// Two runs, each with three messages and a warm-up before.
	await eventually('all arrive', () => assert.equal(mine.received, 4 * sent + 6));
	await mine.close();
});

test('other messages of a queue are counted, and nothing is left in it', async () => {
	const description = describe('amqp');
	const login = { username: 'admin' };
	const own = subject('amqp', `amqp://127.0.0.1:${rabbit.port}`, 'queue/measured', login, {
		password: passwords.admin,
	});
	const { link, close } = await connect(own, new AbortController().signal);
	const verb = description?.verbs.find(({ id }) => id === 'queue')?.id ?? '';
	for (let count = 0; count < 20; count++) {
		const draft = { verb, target: 'queue/measured', values: {}, payload: Buffer.from('of others') };
		await link.send(link.prepare(draft));
	}
	const { cells } = await short([own], { guarantees: ['at-least-once', 'at-most-once'] });
	assert.deepEqual(
		cells.map(({ foreign, problem, runs }) => [foreign, problem, runs.map(({ lost }) => lost)]),
		[
			[20, undefined, [0, 0]],
			[0, undefined, [0, 0]],
		],
	);
	// A confirm is a frame of at least 21 bytes.
	const confirms = cells.map(({ runs }) => runs[0]?.sender.received ?? 0);
	assert.ok((confirms[0] ?? 0) >= 1 && (confirms[1] ?? 0) < 1, String(confirms));
	await eventually('the queue is empty', async () => {
		const { messages } = (await rabbit.api('GET', '/queues/%2F/measured')) as { messages?: number };
		assert.equal(messages, 0);
	});
	await close();
});

test('what cannot be measured is said in a sentence', async () => {
	const one = ['--size', '16', '--seconds', '0.1', '--runs', '1', '--no-capacity', '--max-delay', '10s'];
	const cases: [args: string[], code: number, text: RegExp][] = [
		[['mqtt://192.0.2.1:a'], 2, /at 200 per second.*192\.0\.2\.1.*--yes/],
		[[`mqtt://127.0.0.1:${broker.port}`], 2, /topic is missing/],
		[[`mqtt://127.0.0.1:${broker.port}:a/#`], 2, /wildcard/i],
		[['mqtt://127.0.0.1:1:a', ...one], 3, /accepts connections/],
		[[`coap://127.0.0.1:${coap.port}:.well-known/core`, ...one], 1, /4\.0|not allowed|refused/i],
		[['Live:queue/measured', '--settings', settings], 2, /marked as production.*Removes messages from the queue/s],
	];
	for (const [args, code, text] of cases) {
		const ended = await cli.run(['compare', ...args]);
		assert.equal(ended.code, code, `${args.join(' ')}: ${ended.err}`);
		assert.match(ended.err + ended.out.toString(), text);
	}
});
