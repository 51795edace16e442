import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { sketchOf } from '../../../src/files/exchange/sketch';
import type { Draft } from '../../../src/model/contracts/message';
import { bytesValue } from '../../../src/model/profile/bytes-value';
import { describe } from '../../../src/protocols/descriptions';
import type { Sketch } from '../../../src/protocols/shared/commands/sketch';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { type NatsServer, startNats } from '../../support/servers/nats';
import { type SocketIoServer, startSocketIoServer } from '../../support/servers/socketio/socketio-server';
import { copied, hostileTexts, wire } from '../../support/texts/evil-texts';

/** What is copied for Kafka, NATS and Socket.IO, run against servers: exactly the message arrives. */

const run = promisify(execFile);
/** Debian's packages belong to Debian's Python. */
const python = '/usr/bin/python3';

let folder: string;
let kafka: KafkaBroker;
let nats: NatsServer;
let natsClient: NatsConnection;
let socketIo: SocketIoServer;
const received: Msg[] = [];

before(async () => {
	// Programs find the packages of this repository only from within it.
	folder = mkdtempSync(join('.cache', 'clients-'));
	[kafka, nats, socketIo] = await Promise.all([
		startKafkaBroker({ topics: { records: {}, texts: {} }, sasl: { mechanisms: ['PLAIN'], users: { me: 'hunter2' } } }),
		startNats({ jetStream: true }),
		startSocketIoServer({ version: 4 }),
	]);
	natsClient = await connect({ servers: `127.0.0.1:${nats.port}` });
	natsClient.subscribe('>', { callback: (_, message) => void received.push(message) });
	await natsClient.flush();
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	await natsClient.close();
	await Promise.all([kafka.stop(), nats.stop(), socketIo.stop()]);
});

test('what the programs need is here', () => {
	const { status, stderr } = spawnSync(python, ['-c', 'import confluent_kafka, socketio'], { encoding: 'utf8' });
	assert.equal(status, 0, `Install python3-confluent-kafka and python3-socketio to run the programs. ${stderr}`);
});

const every = Uint8Array.from({ length: 256 }, (_, at) => at);
/** Texts that differ in what they are to a shell or a language. */
const some = hostileTexts.filter((_, at) => at % 6 === 0);

let files = 0;
/** Runs what is copied of a sketch; undefined where it cannot be copied so. */
async function sent(sketch: Sketch, id: string): Promise<string | undefined> {
	const text = copied(sketch, id);
	if (text === undefined) return undefined;
	const extension = { python: 'py', javascript: 'mjs' }[id] ?? 'sh';
	const file = join(folder, `${files++}.${extension}`);
	// Programs of Socket.IO show for two seconds what arrives.
	const shorter = text
		.replace('client.sleep(2)', 'client.sleep(0.1)')
		.replace('disconnect(), 2000)', 'disconnect(), 100)');
	writeFileSync(file, shorter.replaceAll('PASSWORD', 'hunter2'));
	const program = { python, javascript: process.execPath }[id] ?? 'sh';
	const { stdout } = await run(program, [file], {
		timeout: 30_000,
		env: { ...process.env, KAFKAJS_LOG_LEVEL: 'nothing' },
	});
	return stdout;
}
const sketch = (protocol: string, url: string, draft: Draft): Sketch => {
	const description = describe(protocol);
	assert.ok(description);
	return sketchOf(draft, description, url);
};
const hex = (bytes: Uint8Array | null | undefined) => bytes && Buffer.from(bytes).toString('hex');

const record = (payload: Uint8Array, values: Draft['values'], topic = 'records'): Sketch => ({
	...sketch('kafka', `kafka://${kafka.address}`, { verb: 'produce', target: topic, values, payload }),
	username: 'me',
});

for (const id of ['kcat', 'python', 'javascript'])
	test(`Kafka, ${id}: keys, values and nulls arrive as they are`, async () => {
		const cases: [key: Uint8Array | undefined, value: Uint8Array | null][] = [
			[undefined, every],
			[every, every],
			[Buffer.from('k'), null],
			[undefined, Buffer.from('two\nlines\n')],
			[new Uint8Array(), Buffer.from('x')],
			[Buffer.from('a\0b'), new Uint8Array()],
		];
		const start = (await kafka.records('records')).length;
		for (const [key, value] of cases) {
			const values = {
				...(key && { key: bytesValue(key) }),
				...(value === null && { tombstone: true }),
				...{ acks: 'all', compression: 'gzip' },
			};
			await sent(record(value ?? new Uint8Array(), values), id);
		}
		const records = (await kafka.records('records')).slice(start);
		assert.deepEqual(
			records.map(({ key, value }) => [hex(key) ?? undefined, hex(value) ?? null]),
			cases.map(([key, value]) => [hex(key), hex(value) ?? null]),
		);
	});

for (const id of ['kcat', 'python', 'javascript'])
	test(`Kafka, ${id}: hostile texts arrive as they are`, async () => {
		// The small broker keeps what no client can name in a shell's arguments; topics have a plain name here.
		const texts = some.filter((text) => !text.includes('\0'));
		const start = (await kafka.records('texts')).length;
		for (const text of texts) {
			const headers: [string, string][] = [['plain', `(text) ${text}`]];
			await sent(record(Buffer.from(text), { key: bytesValue(Buffer.from(text)), headers }, 'texts'), id);
		}
		const records = (await kafka.records('texts')).slice(start);
		assert.deepEqual(
			records.map(({ key, value }) => [hex(key), hex(value)]),
			texts.map((text) => [hex(Buffer.from(text)), hex(Buffer.from(text))]),
		);
		const login = [
			'security.protocol=sasl_plaintext',
			'sasl.mechanisms=PLAIN',
			'sasl.username=me',
			'sasl.password=hunter2',
		];
		const { stdout } = await run('kcat', [
			...['-C', '-e', '-q', '-J', '-b', kafka.address, '-t', 'texts', '-o', String(start)],
			...login.flatMap((property) => ['-X', property]),
		]);
		const headers = stdout
			.trim()
			.split('\n')
			.map((line) => (JSON.parse(line) as { headers: string[] }).headers);
		assert.deepEqual(
			headers,
			texts.map((text) => ['plain', wire(text)]),
		);
	});

test('Kafka, kcat and python: what reads gets the same records', async () => {
	await sent(record(Buffer.from('last'), { key: bytesValue(Buffer.from('end')) }), 'python');
	const reading: Sketch = {
		...record(new Uint8Array(), {}),
		verb: 'CONSUME',
		headers: [
			['From', '-1'],
			['Until', 'end'],
		],
		messages: [],
		own: { verb: 'read', values: {} },
	};
	const line = await sent(reading, 'kcat');
	assert.deepEqual((({ key, payload }) => [key, payload])(JSON.parse(line ?? '') as { key: string; payload: string }), [
		'end',
		'last',
	]);
	const file = join(folder, 'read.py');
	// Ends after a second without a record.
	writeFileSync(file, (copied(reading, 'python') ?? '').replace('poll(10)', 'poll(1)').replace('PASSWORD', 'hunter2'));
	const { stdout } = await run(python, [file], { timeout: 30_000 });
	assert.match(stdout, /^\(0, \d+, b'end', \[?None\]?, b'last'\)$/m);
});

test('NATS, javascript: subjects, reply, headers in their order and payloads arrive as they are', async () => {
	for (const [text, payload] of [['a', every], ...some.map((one) => [one, Buffer.from(one)] as const)] as const) {
		received.length = 0;
		const subject = `t.${wire(text).replace(/[\s\p{Cc}.*>]/gu, '_')}`;
		const headers: [string, string][] = [
			['A', 'one'],
			['b', text],
			['A', 'two'],
		];
		const draft = { verb: 'publish', target: subject, values: { reply: 'back', headers }, payload };
		await sent(sketch('nats', `nats://127.0.0.1:${nats.port}`, draft), 'javascript');
		const [message] = await eventually('the message arrives', () => {
			assert.equal(received.length, 1, text);
			return received;
		});
		assert.deepEqual([message?.subject, message?.reply], [subject, 'back']);
		assert.equal(hex(message?.data), hex(payload));
		assert.deepEqual(message?.headers?.values('A'), ['one', 'two']);
		// A line end is left out, since it ends a header; white space around a value is not kept by NATS.
		const value = /[\r\n\0]/.test(text) ? '' : wire(text).trim();
		assert.equal(message?.headers?.get('b') ?? '', value);
	}
});

test('NATS, javascript: a request is answered, and a stream acknowledges', async () => {
	const url = `nats://127.0.0.1:${nats.port}`;
	natsClient.subscribe('svc', { callback: (_, message) => void message.respond(`re: ${message.string()}`) });
	await natsClient.request(
		'$JS.API.STREAM.CREATE.ORDERS',
		JSON.stringify({ name: 'ORDERS', subjects: ['orders.>'], storage: 'memory' }),
	);
	const draft = { verb: 'request', target: 'svc', values: {}, payload: Buffer.from('x') };
	assert.equal(await sent(sketch('nats', url, draft), 'javascript'), 're: x\n');
	const stored = { verb: 'stream', target: 'orders.a', values: { messageId: '7' }, payload: Buffer.from('x') };
	const answer = (await sent(sketch('nats', url, stored), 'javascript')) ?? '';
	assert.deepEqual(JSON.parse(answer), { stream: 'ORDERS', seq: 1 });
	const again = (await sent(sketch('nats', url, stored), 'javascript')) ?? '';
	assert.deepEqual(JSON.parse(again), { stream: 'ORDERS', seq: 1, duplicate: true });
});

const events: [name: string, target: string, values: Draft['values'], payload: Uint8Array][] = [
	['a list', 'message', {}, Buffer.from('["it\'s", 1, -0.5, null, true, {"a": [{}], "__proto__": "p"}]')],
	['no arguments', 'chat/room/nothing', {}, Buffer.from('[]')],
	['one text', 'message', { as: 'text' }, Buffer.from(some.join(' ').replace(/\p{Surrogate}/gu, ''))],
	['one attachment', 'message', { as: 'binary' }, every],
	[
		'attachments in their places',
		'chat/room/mixed',
		{ attachments: [bytesValue(every), bytesValue(Buffer.from('two'))] },
		Buffer.from('["a", {"deep": {"_placeholder": true, "num": 1}}, {"_placeholder": true, "num": 0}]'),
	],
	['a hostile name', 'chat/room/it\'s "$HOME" `x`\\n%2F', {}, Buffer.from('[1]')],
];
const expected: unknown[][] = [
	["it's", 1, -0.5, null, true, JSON.parse('{"a": [{}], "__proto__": "p"}')],
	[],
	[some.join(' ').replace(/\p{Surrogate}/gu, '')],
	[every],
	['a', { deep: Buffer.from('two') }, every],
	[1],
];
const plain = (value: unknown): unknown =>
	value instanceof Uint8Array
		? { bytes: hex(value) }
		: Array.isArray(value)
			? value.map(plain)
			: typeof value === 'object' && value !== null
				? Object.entries(value).map(([name, one]) => [name, plain(one)])
				: value;
for (const id of ['python', 'javascript'])
	test(`Socket.IO, ${id}: arguments and attachments arrive as they are`, async () => {
		await socketIo.received();
		const url = `http://127.0.0.1:${socketIo.port}`;
		const programs = events.map(([, target, values, payload]) =>
			sketch('socketio', url, { verb: 'emit', target, values, payload }),
		);
		for (const [at, program] of programs.entries()) {
			const [name, target] = events[at] as (typeof events)[number];
			await sent(program, id);
			const [event, ...others] = await socketIo.received();
			assert.deepEqual(others, [], name);
			assert.equal(event?.namespace ?? '/', target.startsWith('chat/') ? '/chat/room' : '/', name);
			assert.equal(event?.name, target.replace(/^chat\/room\//, '').replace('%2F', '/'), name);
			assert.deepEqual(plain(event?.args), plain(expected[at]), name);
		}
	});

for (const id of ['python', 'javascript'])
	test(`Socket.IO, ${id}: an acknowledgement is printed`, async () => {
		const draft = { verb: 'request', target: 'echo', values: {}, payload: Buffer.from('["pong"]') };
		const printed = await sent(sketch('socketio', `http://127.0.0.1:${socketIo.port}`, draft), id);
		assert.match(printed ?? '', /^pong$/m);
	});
