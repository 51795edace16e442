import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { connectAsync } from 'mqtt';
import type { RuleStats } from '../../../src/files/rules/state';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type CoapTestServer, startCoapServer } from '../../support/servers/coap-server';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { type NatsServer, startNats } from '../../support/servers/nats';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';
import { type SocketIoServer, startSocketIoServer } from '../../support/servers/socketio/socketio-server';
import { startWebSocketServer, type TestServer } from '../../support/servers/websocket/websocket-server';
import { startRequesters } from './rule-requesters';
import { startSources } from './rule-sources';

let cli: Cli;
let edge: Mosquitto;
let cloud: Mosquitto;
let guarded: Mosquitto;
let coap: CoapTestServer;
let kafka: KafkaBroker;
let rabbit: RabbitMq;
let nats: NatsServer;
let socket: TestServer;
let sockets: SocketIoServer;
let folder: string;

before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'rules-'));
	[cli, edge, cloud, guarded, coap, kafka, rabbit, nats, socket, sockets] = await Promise.all([
		...([buildCli(), startMosquitto(), startMosquitto()] as const),
		startMosquitto({ users: { me: 'canary-pass' }, acl: ['user me', 'topic read #', 'topic write open/#'] }),
		...([
			startCoapServer(),
			startKafkaBroker(),
			startRabbitMq(),
			startNats({ jetStream: true }),
			startWebSocketServer(),
		] as const),
		startSocketIoServer({ version: 4 }),
	]);
	// A session that the broker keeps; and a URL with "ws" that is not MQTT over WebSocket.
	const session = { clientId: 'bridge', cleanStart: false, sessionExpiry: 3600 };
	const queues = { id: 'q', name: 'Queues', protocol: 'amqp1', url: `amqp://127.0.0.1:${rabbit.port}` };
	const connections = [
		{ ...queues, username: 'admin' },
		{ id: 'e', name: 'Edge', protocol: 'mqtt', url: `mqtt://127.0.0.1:${edge.port}`, ...session },
		{ id: 's', name: 'Socket', protocol: 'websocket', url: `ws://127.0.0.1:${socket.port}` },
	];
	mkdirSync(join(folder, '.vscode'));
	const settings = JSON.stringify({ 'messagingWorkbench.connections': connections });
	writeFileSync(join(folder, '.vscode/settings.json'), settings);
	await kafka.createTopic('orders');
	await rabbit.api('PUT', '/queues/%2F/orders', {});
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	cli.remove();
	await Promise.all([edge, cloud, guarded, coap, kafka, rabbit, nats, socket, sockets].map((server) => server.stop()));
});

const env = { MESSAGING_WORKBENCH_SECRET_QUEUES_PASSWORD: passwords.admin };

/** `$E`, `$C`, `$G`, `$O`, `$K`, `$R`, `$N`, `$S`: URLs of the servers. */
function write(text: string, name = 'a.messages'): string {
	const source = text
		.replaceAll('$E', `mqtt://127.0.0.1:${edge.port}`)
		.replaceAll('$C', `mqtt://127.0.0.1:${cloud.port}`)
		.replaceAll('$G', `mqtt://me:canary-pass@127.0.0.1:${guarded.port}`)
		.replaceAll('$O', coap.url)
		.replaceAll('$K', `kafka://${kafka.address}`)
		.replaceAll('$R', `amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.port}`)
		.replaceAll('$N', `nats://127.0.0.1:${nats.port}`)
		.replaceAll('$S', `http://127.0.0.1:${sockets.port}`);
	writeFileSync(join(folder, name), source);
	return name;
}

async function run(text: string, args: readonly string[] = []) {
	const { code, out, err } = await cli.run(['run', write(text), '--json', ...args], { cwd: folder, env });
	const results = objects(out).filter(({ type }) => type === 'request');
	const rules = results.flatMap(({ rule }) => (rule ? [rule as RuleStats] : []));
	for (const { received, done, unmet, failed, looped, dropped, inFlight } of rules)
		assert.equal(done + unmet + failed + looped + dropped + inFlight, received, `${out}${err}`);
	assert.doesNotMatch(err, /Warning/);
	return { code, results, rules, all: `${out}${err}` };
}

const passing: [string, string][] = [
	[
		'a command on MQTT becomes a CoAP PUT, and the answer is published',
		`### Edge
# @maxMessages 1
ON agriculture/+/command
Host: $E
QoS: 1

?? message body mode exists
=== PUT /device/mode
Host: $O

{{message.body.mode}}

?? code matches ^2\\.0[14]$
=== PUBLISH agriculture/{{message.level.1}}/done
QoS: 1
Code: {{answer.code}}

{{message.body.mode}}
### Watch
# @name watch
SUBSCRIBE agriculture/+/done
Host: $E

?? message[0] topic == agriculture/7/done
?? message[0] header Code matches ^2\\.0[14]$
?? message[0] body == eco
### Send
PUBLISH agriculture/7/command
Host: $E
QoS: 1

{ "mode": "eco" }
### Device
GET /device/mode
Host: $O

?? body == {{watch.body}}`,
	],
	[
		'RabbitMQ to Kafka, with the bytes as they are and a key from the message',
		`### Bridge
# @maxMessages 1
ON queue/orders
Host: $R
Mode: consume

=== PRODUCE orders
Host: $K
Key: {{message.header.X-Customer}}

{{message.body}}
### Watch
CONSUME orders
Host: $K
From: earliest

?? message[0] body == base64:/wp7e3g=
?? message[0] header Key == 42
### Send
PUBLISH queue/orders
Host: $R
X-Customer: 42

< body.bin`,
	],
];
for (const [name, text] of passing)
	test(name, async () => {
		writeFileSync(join(folder, 'body.bin'), Uint8Array.of(0xff, 10, 0x7b, 0x7b, 0x78));
		const { code, all, rules } = await run(text);
		assert.equal(code, 0, all);
		assert.equal(rules[0]?.done, 1, all);
	});

test('answers reach clients and servers of others in the way of their protocol', async () => {
	const requesters = await startRequesters({ edge, rabbit, nats, socket, sockets });
	try {
		const text = requesters.list.map(({ rule }) => `### Answer\n# @maxMessages 1\n${rule}`).join('\n\n');
		const rules = run(text);
		// The rules start in the order of the file.
		await eventually('the last rule receives', async () => assert.equal(await sockets.connections(), 1));
		for (const { ask, answer } of requesters.list) assert.deepEqual(await ask(), answer);
		const { code, all } = await rules;
		assert.equal(code, 0, all);
	} finally {
		await requesters.close();
	}
});

test('WebSocket to MQTT', async () => {
	const watch = cli.run([
		'listen',
		`mqtt://127.0.0.1:${cloud.port}`,
		'from/socket',
		'--count',
		'2',
		'--format',
		'lines',
	]);
	await eventually('the watch is connected', () => assert.equal(cloud.connections(), 1));
	const rule = run(`# @maxMessages 2
ON
Connection: Socket
=== PUBLISH from/socket
Host: $C
QoS: 1

{{message.body.text}}`);
	await eventually('it is connected', async () => assert.equal(await socket.connections(), 1));
	const bytes = (text: string) => ({ data: Buffer.from(JSON.stringify({ text })), binary: false });
	await socket.send([bytes('one'), bytes('two')]);
	const { code, all } = await rule;
	assert.equal(code, 0, all);
	assert.equal((await watch).out.toString(), 'one\ntwo\n');
});

test('two rules back to back: each message crosses once, and the circle is counted', async () => {
	const { results, all } = await run(`### There
# @timeout 3s
ON loop/#
Host: $E
=== PUBLISH {{message.target}}
Host: $C

{{message.body}}
### Back
# @timeout 3s
ON loop/#
Host: $C
=== PUBLISH {{message.target}}
Host: $E

{{message.body}}
### Watch
# @timeout 3s
SUBSCRIBE loop/#
Host: $E

?? messages length == 1
### Send
PUBLISH loop/a
Host: $E

x`);
	// Both end after the same time, in either order.
	for (const [name, done, looped] of [
		['There', 1, 0],
		['Back', 0, 1],
	] as const) {
		const rule = results.find(({ title }) => title === name)?.rule as Record<string, number>;
		assert.deepEqual([rule.received, rule.done, rule.looped], [1, done, looped], all);
	}
	assert.match(all, /was received there before/);
	assert.equal(results.find(({ title }) => title === 'Watch')?.ending, 'passed', all);
});

test('messages that a step refuses are dead letters that can be sent again', async () => {
	const { code, rules, all } = await run(`### Sort
# @maxMessages 9
# @retries 0
ON sort/#
Host: $E
QoS: 1
=== PUBLISH {{message.body.to}}
Host: $G
QoS: 1

{{message.body.text}}
### Send
# @loop for 3
PUBLISH sort/1
Host: $E
QoS: 1

{ "to": "open/1", "text": "a" }
===
{ "to": "open/2", "text": "b" }
===
{ "to": "secret/3", "text": "c" }`);
	assert.equal(code, 1, all);
	assert.deepEqual([rules[0]?.done, rules[0]?.failed], [6, 3], all);
	assert.match(all, /refused/);
	const name = readdirSync(folder).find((file) => file.endsWith('.dead-letters.recording.jsonl'));
	assert.equal(name, 'a.sort.dead-letters.recording.jsonl');
	const [head, ...lines] = objects(readFileSync(join(folder, name as string)));
	assert.equal(head?.protocol, 'mqtt');
	assert.deepEqual(
		lines.map(({ direction, target, payload }) => [direction, target, String(payload).slice(0, 40)]),
		[1, 2, 3].flatMap(() => [
			['in', 'sort/1', '{ "to": "secret/3", "text": "c" }'],
			['failure', undefined, 'The message above was not processed. The'],
		]),
	);
	const again = await cli.run(['replay', name as string, '--to', `mqtt://127.0.0.1:${edge.port}`], { cwd: folder });
	assert.equal(again.code, 0, again.err);
});

test('a source that floods is bounded, and what is dropped is counted', async () => {
	const rule = run(
		`# @timeout 8s
# @inFlight 1
ON flood
Host: $E
=== PUT /flood
Host: $O

{{message.body}}`,
	);
	await eventually('it is subscribed', () => assert.equal(edge.connections(), 1));
	const input = Array.from({ length: 60_000 }, (_, at) => `${at}`).join('\n');
	const sent = await cli.run(['publish', `mqtt://127.0.0.1:${edge.port}`, 'flood', '--format', 'lines'], { input });
	assert.equal(sent.code, 0, sent.err);
	const { code, rules, all } = await rule;
	assert.equal(code, 1);
	const [{ done = 0, dropped = 0 } = {}] = rules;
	assert.ok(done > 0 && dropped > 0, all.slice(0, 2000));
});

test('a target that goes down is waited for, and Ctrl+C ends with the counts', async () => {
	const child = cli.start(
		[
			'run',
			write(
				`# @keepStreaming
ON down/#
Host: $E
QoS: 1
=== PUBLISH arrived/{{message.level.1}}
Host: $C
QoS: 1

{{message.body}}`,
				'down.messages',
			),
			'--json',
		],
		{ cwd: folder },
	);
	const out: Buffer[] = [];
	child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
	const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
	await eventually('both are connected', () => assert.deepEqual([edge.connections(), cloud.connections()], [1, 1]));
	cloud.kill('SIGKILL');
	const input = Array.from({ length: 300 }, (_, at) => `${at}`).join('\n');
	const sent = await cli.run(
		['publish', `mqtt://127.0.0.1:${edge.port}`, 'down/1', '--format', 'lines', '-H', 'QoS: 1'],
		{ input },
	);
	assert.equal(sent.code, 0, sent.err);
	await cloud.restart();
	await eventually('it is connected again', () => assert.equal(cloud.connections(), 1));
	// The last message follows the others on the same way.
	const watch = cli.run(['listen', `mqtt://127.0.0.1:${cloud.port}`, 'arrived/end', '--count', '1'], {});
	await eventually('the watch is connected', () => assert.equal(cloud.connections(), 2));
	const last = ['publish', `mqtt://127.0.0.1:${edge.port}`, 'down/end', '--message', 'x', '-H', 'QoS: 1'];
	assert.equal((await cli.run(last)).code, 0);
	assert.equal((await watch).code, 0);
	child.kill('SIGINT');
	assert.equal(await ended, 0, Buffer.concat(out).toString());
	const [result] = objects(Buffer.concat(out));
	const { received, done, failed } = (result?.rule ?? {}) as Record<string, number>;
	assert.deepEqual({ received, done, failed }, { received: 301, done: 301, failed: 0 });
});

test('kill -9 while bridging: everything arrives from each source that acknowledges, some of it twice', async () => {
	const sources = await startSources({ edge, kafka, rabbit, nats, sockets });
	const watch = await connectAsync(`mqtt://127.0.0.1:${cloud.port}`, { protocolVersion: 5 });
	const count = 400;
	const arrived = new Map(sources.list.map(({ name }) => [name, new Map<string, number>()]));
	const numbered = (name: string) => [...(arrived.get(name) ?? [])].filter(([text]) => text !== 'ready');
	let check = () => {};
	watch.on('message', (topic, payload) => {
		const seen = arrived.get(topic.slice('survived/'.length));
		seen?.set(String(payload), (seen.get(String(payload)) ?? 0) + 1);
		check();
	});
	await watch.subscribeAsync('survived/#', { qos: 1 });
	const text = sources.list.map(
		({ name, rule, body = '{{message.body}}' }) =>
			`### ${name}\n# @keepStreaming\n# @inFlight 20\n${rule}\n=== PUBLISH survived/${name}\nHost: $C\nQoS: 1\n\n${body}`,
	);
	const file = write(text.join('\n\n'), 'killed.messages');
	const start = () => {
		const child = cli.start(['run', file, '--json'], { cwd: folder, env });
		const out: Buffer[] = [];
		child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
		const ended = once(child, 'close');
		return { child, ended, results: () => objects(Buffer.concat(out)) };
	};
	let bridge = start();
	try {
		await eventually('all bridge', async () => {
			const missing = sources.list.filter(({ name }) => !arrived.get(name)?.has('ready'));
			await Promise.all(missing.map(({ deliver }) => deliver(['ready'])));
			assert.deepEqual(missing, []);
		});
		const texts = Array.from({ length: count }, (_, at) => String(at));
		const atKill = new Map<string, number>();
		check = () => {
			if (sources.list.some(({ name }) => numbered(name).length < 10)) return;
			check = () => {};
			bridge.child.kill('SIGKILL');
			for (const { name } of sources.list) atKill.set(name, numbered(name).length);
		};
		const delivered = Promise.all(sources.list.map(({ deliver }) => deliver(texts)));
		await bridge.ended;
		assert.ok(
			[...atKill.values()].every((before) => before < count),
			'it was killed before the end',
		);
		bridge = start();
		await delivered;
		await sources.repeat();
		await eventually('everything arrives', async () => {
			for (const { expire } of sources.list) await expire?.();
			const missing = sources.list.map(({ name }) => [name, count - numbered(name).length]);
			assert.deepEqual(
				missing.filter(([, some]) => some !== 0),
				[],
			);
		});
		for (const { name } of sources.list)
			assert.ok(
				numbered(name).every(([, times]) => times <= 2),
				`a message from ${name} came more than twice`,
			);
		bridge.child.kill('SIGINT');
		await bridge.ended;
		const results = bridge.results() as { type: string; title: string; ending: string; rule: RuleStats }[];
		const ends = results.filter(({ type }) => type === 'request');
		assert.equal(ends.length, sources.list.length);
		for (const { title, ending, rule } of ends) assert.deepEqual([ending, rule.received], ['passed', rule.done], title);
	} finally {
		bridge.child.kill('SIGKILL');
		await watch.endAsync();
		await sources.close();
	}
});
