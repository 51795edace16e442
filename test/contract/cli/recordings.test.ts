import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createLiveRecordings } from '../../../src/engine/recording/live';
import { openRecordings } from '../../../src/engine/recording/read-parts';
import { flag } from '../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { describe } from '../../../src/protocols/descriptions';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { realSession } from '../../support/run/session';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { startWebSocketServer, type TestServer } from '../../support/servers/websocket/websocket-server';

let cli: Cli;
let broker: Mosquitto;
let socket: TestServer;
let folder: string;
let url: string;

before(async () => {
	cli = await buildCli();
	broker = await startMosquitto({ general: ['max_queued_messages 0', 'max_queued_bytes 0'] });
	socket = await startWebSocketServer({ echo: true });
	url = `mqtt://127.0.0.1:${broker.port}`;
	folder = mkdtempSync(join(tmpdir(), 'recordings-'));
	mkdirSync(join(folder, '.vscode'));
	const durable = {
		...{ id: 'd', name: 'durable', protocol: 'mqtt', url, clientId: 'recorder', cleanStart: false },
		...{ sessionExpiry: 600, mqttVersion: '5' },
	};
	writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'messagingWorkbench.connections': [durable] }));
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	cli.remove();
	await Promise.all([broker.stop(), socket.stop()]);
});

/** A recorder, from the moment at which it receives. */
async function recording(path: string, args: readonly string[]) {
	const child = cli.start(['record', ...args, '-o', path], { cwd: folder });
	let text = '';
	child.stderr?.on('data', (chunk: Buffer) => {
		text += chunk;
	});
	await eventually('listening', () => assert.match(text, /Listening/));
	return {
		child,
		async ended() {
			if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
			return { code: child.exitCode, text };
		},
	};
}

const publish = (lines: object[]) =>
	cli.run(['publish', url], { input: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
const replay = (path: string, ...args: string[]) => cli.run(['replay', path, ...args], { cwd: folder });
/** Messages of a recording without what differs each time. */
const messagesOf = (path: string) =>
	objects(readFileSync(path))
		.slice(1)
		.map(({ at: _, time: __, ...rest }) => rest);

test('what was recorded is replayed byte for byte, to other targets and at another pace', async () => {
	const lines = [
		{ target: 'farm/a', payload: '23.5', qos: 1 },
		{ target: 'farm/b', base64: Buffer.from([0, 255, 10, 13]).toString('base64'), qos: 1 },
		{
			target: 'farm/ü',
			payload: '{"big": 12345678901234567890}',
			qos: 1,
			userProperties: [
				['a', 'b'],
				['a', 'c'],
			],
		},
		{ target: 'farm/empty', payload: '', qos: 0 },
	];
	const first = await recording(join(folder, 'a.recording.jsonl'), [url, 'farm/#', '--count', '4', '-H', 'QoS: 1']);
	assert.equal((await publish(lines)).code, 0);
	assert.deepEqual((await first.ended()).code, 0);
	const again = await recording(join(folder, 'b.recording.jsonl'), [url, 'test/#', '--count', '4', '-H', 'QoS: 1']);
	const sent = await replay('a.recording.jsonl', '--to', url, '--map', 'farm/=test/', '--speed', '10');
	assert.equal(sent.code, 0, sent.err);
	assert.match(sent.err, /Sent 4 messages/);
	await again.ended();
	const [before, after] = ['a', 'b'].map((name) => messagesOf(join(folder, `${name}.recording.jsonl`)));
	assert.deepEqual(
		before?.map(({ target, ...rest }) => ({ ...rest, target: String(target).replace('farm/', 'test/') })),
		after?.map(({ target, ...rest }) => ({ ...rest, target })),
	);
	assert.equal(before?.length, 4);
});

test('a recording goes to a connection of another protocol, and says what has no place there', async () => {
	const other = ['--to', `ws://127.0.0.1:${socket.port}`, '--protocol', 'websocket'];
	const { code, err } = await replay('a.recording.jsonl', ...other, '--speed', 'max');
	assert.equal(code, 0, err);
	assert.match(err, /Without "User properties", which has no place here \(1\)\./);
	let arrived = 0;
	await eventually('arrived', async () => {
		arrived += (await socket.received()).length;
		assert.equal(arrived, 4);
	});
});

test('an existing file is not replaced, and a recording without a message leaves none', async () => {
	const path = join(folder, 'a.recording.jsonl');
	const { code, err } = await cli.run(['record', url, 'x', '-o', path]);
	assert.equal(code, 3);
	assert.match(err, /exists already/);
	const empty = join(folder, 'empty.recording.jsonl');
	const ended = await cli.run(['record', url, 'nothing/here', '-o', empty, '--timeout', '300ms']);
	assert.equal(ended.code, 0, ended.err);
	assert.equal(existsSync(empty), false);
});

test('a recording that was cut, has broken lines, or is of another version', async () => {
	const whole = readFileSync(join(folder, 'a.recording.jsonl'), 'utf8');
	const [head, one, ...rest] = whole.split('\n') as [string, string, ...string[]];
	const cases: [string, string | Uint8Array, number, RegExp][] = [
		['cut', whole.slice(0, -30), 1, /Line 5: the file ends in the middle of it\.(?:.|\n)*Sent 3 messages/],
		[
			'broken',
			[head, '{"at":1', '\xff\0', one, ...rest].join('\n'),
			1,
			/Line 2: (?:.|\n)*Line 3: (?:.|\n)*Sent 4 messages/,
		],
		['version', whole.replace('"recording":1', '"recording":9'), 3, /version 9 of the format/],
		['escapes', whole.replace('"recording":1', '"recording":"\\u001b[2J"'), 3, /version \\u\{1b\}\[2J of the format/],
		['headless', [one, ...rest].join('\n'), 0, /Sent 4 messages/],
		['empty', '', 0, /Sent 0 messages/],
		['binary', Uint8Array.from({ length: 5000 }, (_, at) => (at * 7) % 256), 1, /is not UTF-8 text/],
		['other', `${head}\n${one.replace('"farm/a"', '"a/#/b"')}\n`, 1, /Not sent: .*wildcard.* \(1\)/],
	];
	for (const [name, content, code, says] of cases) {
		writeFileSync(join(folder, `${name}.jsonl`), content);
		const ended = await replay(`${name}.jsonl`, '--to', url, '--speed', 'max');
		assert.equal(ended.code, code, `${name}: ${ended.err}`);
		assert.match(ended.err, says, name);
	}
	writeFileSync(join(folder, 'a.jsonl.gz'), gzipSync(whole));
	assert.match((await replay('a.jsonl.gz', '--to', url, '--speed', 'max')).err, /Sent 4 messages/);
	truncateSync(join(folder, 'a.jsonl.gz'), 150);
	assert.match((await replay('a.jsonl.gz', '--to', url, '--speed', 'max')).err, /ends too early or is damaged/);
	assert.match((await replay('nowhere.jsonl', '--to', url)).err, /cannot be read/);
});

test('only the wanted part is replayed', async () => {
	const head = { recording: 1, protocol: 'mqtt', connection: 'x', url: '', started: '2026-11-29T13:00:00Z' };
	const lines = Array.from({ length: 10 }, (_, at) => ({
		at: at * 1000,
		target: `part/${at % 2}`,
		payload: String(at),
	}));
	writeFileSync(
		join(folder, 'part.jsonl'),
		[head, ...lines, { at: 500, direction: 'out', target: 'part/0', payload: 'sent' }]
			.map((one) => JSON.stringify(one))
			.join('\n'),
	);
	const count = async (...args: string[]) =>
		/Sent (\d+)/.exec((await replay('part.jsonl', '--to', url, '--speed', 'max', ...args)).err)?.[1];
	assert.equal(await count(), '10');
	assert.equal(await count('--from', '2s', '--until', '5s'), '3');
	assert.equal(await count('--only', 'part/1'), '5');
	assert.equal(await count('--only', '+/1'), '5');
	assert.equal(await count('--direction', 'both'), '11');
	assert.equal(await count('--direction', 'out', '--times', '3'), '3');
});

test('a recorder that is killed has lost nothing that it has acknowledged', async () => {
	const total = 20_000;
	const paths = ['k1', 'k2'].map((name) => join(folder, `${name}.recording.jsonl`)) as [string, string];
	const first = await recording(paths[0], ['durable', 'kill/#', '-H', 'QoS: 1']);
	const sending = publish(
		Array.from({ length: total }, (_, at) => ({ target: 'kill/x', payload: String(at), qos: 1 })),
	);
	await eventually('some arrived', () => assert.ok(objects(completeLines(paths[0])).length > total / 20));
	first.child.kill('SIGKILL');
	await first.ended();
	assert.equal((await sending).code, 0);
	const second = await recording(paths[1], ['durable', 'kill/#', '-H', 'QoS: 1']);
	const payloads = () => new Set(paths.flatMap((path) => objects(completeLines(path)).map(({ payload }) => payload)));
	await eventually('all are in one of the two', () => assert.equal(payloads().size, total + 1));
	second.child.kill('SIGINT');
	await second.ended();
	const [before, after] = paths.map((path) => objects(completeLines(path)).length - 1) as [number, number];
	assert.ok(before > 0 && after > 0 && before < total, `${before} before and ${after} after the kill`);
});

/** A killed process may leave a last line without an end. */
function completeLines(path: string): Buffer {
	const bytes = readFileSync(path);
	return bytes.subarray(0, bytes.lastIndexOf(10) + 1);
}

test('a folder keeps a size, and is replayed as one recording; a name that ends in .gz is compressed', async () => {
	const total = 60_000;
	const kept = join(folder, 'kept');
	const flood = await recording(kept, [url, 'keep/#', '--keep', '10 MB', '--count', String(total), '-H', 'QoS: 1']);
	const payload = (at: number) => `${at} ${'x'.repeat(100)}`;
	const lines = Array.from({ length: total }, (_, at) => ({ target: 'keep/x', payload: payload(at), qos: 1 }));
	assert.equal((await publish(lines)).code, 0);
	assert.equal((await flood.ended()).code, 0);
	const files = readdirSync(kept);
	const bytes = files.reduce((sum, name) => sum + statSync(join(kept, name)).size, 0);
	assert.ok(bytes <= 10_000_000 && files.some((name) => name.endsWith('.gz')), `${bytes} bytes in ${files.join()}`);
	const numbers: number[] = [];
	for await (const { messages } of (await openRecordings(kept)).batches())
		for (const one of messages) numbers.push(Number.parseInt(Buffer.from(one.payload).toString(), 10));
	assert.deepEqual(
		numbers,
		numbers.map((_, at) => total - numbers.length + at),
	);
	const { err } = await replay('kept', '--to', url, '--map', 'keep/=other/', '--until', '1ms', '--speed', 'max');
	assert.match(err, /Sent \d+ messages?/);
	const path = join(folder, 'small.recording.jsonl.gz');
	const small = await recording(path, [url, 'small/#', '--count', '1']);
	await publish([{ target: 'small/x', payload: 'one' }]);
	assert.equal((await small.ended()).code, 0);
	assert.match(gunzipSync(readFileSync(path)).toString(), /"payload":"one"/);
	assert.equal(existsSync(path.replace('.gz', '')), false);
	assert.equal((await cli.run(['record', url, 'x', '-o', path])).code, 3);
	assert.equal((await cli.run(['record', url, 'x', '-o', 'y', '--keep', '5'])).code, 2);
});

test('the recordings of a session have every message of a flood, and go on after a lost connection', async () => {
	const total = 60_000;
	const session = realSession('mqtt', { url, subscriptions: [{ target: 'live/#', qos: 1 }] });
	const description = describe('mqtt') as ProtocolDescription;
	const live = createLiveRecordings({ description, store: session.store, changed() {} });
	const path = join(folder, 'live.recording.jsonl');
	const history = join(folder, 'live.history');
	try {
		await session.connect();
		live.start({ path, connection: 'Live', url });
		live.keepHistory({ folder: history, keep: 100_000_000, connection: 'Live', url });
		const lines = (from: number, to: number) =>
			Array.from({ length: to - from }, (_, at) => ({ target: 'live/x', payload: String(from + at), qos: 1 }));
		assert.equal((await publish(lines(0, total))).code, 0);
		await eventually('received', () => assert.equal(session.store.received, total));
		const openSince = () => {
			const { state } = session.status();
			return state.kind === 'open' ? state.since : undefined;
		};
		const before = openSince();
		await broker.restart();
		await eventually('subscribed again', () => {
			assert.ok((openSince() ?? before) !== before);
			assert.equal(session.status().subscriptions[0]?.state, 'active');
		});
		assert.equal((await publish(lines(total, total + 10))).code, 0);
		await eventually('the rest', () => assert.equal(session.store.received, total + 10));
		assert.equal((await live.stop())?.messages, total + 10);
	} finally {
		await session.close();
		live.dispose();
		session.dispose();
	}
	for (const one of [path, history]) {
		const read = { in: [] as number[], failures: 0 };
		for await (const { messages } of (await openRecordings(one)).batches())
			for (const { flags, payload } of messages) {
				if ((flags & flag.note) === 0) read.in.push(Number(Buffer.from(payload).toString()));
				else if (flags & flag.bad) read.failures++;
			}
		assert.deepEqual(
			read.in,
			Array.from({ length: total + 10 }, (_, at) => at),
		);
		assert.ok(read.failures > 0);
	}
});
