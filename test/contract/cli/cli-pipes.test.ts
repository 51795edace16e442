import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test, { after, before } from 'node:test';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { startWebSocketServer, type TestServer } from '../../support/servers/websocket/websocket-server';

let cli: Cli;
let broker: Mosquitto;
let socket: TestServer;
let url: string;

before(async () => {
	cli = await buildCli();
	broker = await startMosquitto({ general: ['max_queued_messages 0', 'max_queued_bytes 0'] });
	socket = await startWebSocketServer({ echo: true });
	url = `mqtt://127.0.0.1:${broker.port}`;
});
after(async () => {
	cli.remove();
	await Promise.all([broker.stop(), socket.stop()]);
});

/** Someone who listens, from the moment the broker has granted it, until it has what it waits for. */
async function listening(args: readonly string[]) {
	const child = cli.start(['listen', url, ...args]);
	const out: Buffer[] = [];
	child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
	await new Promise((resolve) => child.stderr?.once('data', resolve));
	return {
		child,
		async ended() {
			const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
			return { code, out: Buffer.concat(out) };
		},
	};
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => `message ${at}`);

for (const qos of [0, 1, 2])
	test(`1,000 messages at QoS ${qos} have all left before the process ends`, async () => {
		const listener = await listening([`all/${qos}`, '--count', '1000', '--format', 'lines', '-H', `QoS: ${qos}`]);
		const input = `${numbers(1000).join('\n')}\n`;
		const sent = await cli.run(['publish', url, `all/${qos}`, '--format', 'lines', '-H', `QoS: ${qos}`], { input });
		assert.equal(sent.code, 0, sent.err);
		const { code, out } = await listener.ended();
		assert.equal(code, 0);
		assert.equal(out.toString(), input);
	});

test('one message at QoS 0 arrives, every time', async () => {
	const listener = await listening(['one', '--count', '10', '--format', 'lines']);
	for (let round = 0; round < 10; round++) {
		const { code } = await cli.run(['publish', url, 'one', '--message', String(round)]);
		assert.equal(code, 0);
	}
	assert.equal((await listener.ended()).out.toString(), '0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
});

test('lines of JSON: what one writes the other sends again, options and bytes included', async () => {
	const first = await listening(['in/#', '--count', '3', '-H', 'QoS: 1']);
	const second = await listening(['in/#', '--count', '6', '-H', 'QoS: 1']);
	const all = Buffer.from(Uint8Array.from({ length: 256 }, (_, at) => at));
	const given = [
		{
			target: 'in/a',
			payload: 'text "ü😀"\n',
			qos: 1,
			contentType: 'text/plain',
			userProperties: [
				['a', '1'],
				['a', '2'],
			],
		},
		{ target: 'in/b', base64: all.toString('base64'), qos: 1, correlationData: '0xff00' },
		{ target: 'in/c', payload: { n: 1 } },
	];
	const sent = await cli.run(['publish', url], { input: given.map((one) => JSON.stringify(one)).join('\n') });
	assert.equal(sent.code, 0, sent.err);
	const once = await first.ended();
	const lines = objects(once.out).map(({ time, ...line }) => line);
	assert.deepEqual(lines, [
		{ ...given[0], retain: false },
		{ ...given[1], retain: false },
		{ target: 'in/c', payload: '{"n":1}', qos: 0, retain: false },
	]);
	const again = await cli.run(['publish', url], { input: once.out });
	assert.equal(again.code, 0, again.err);
	const both = objects((await second.ended()).out).map(({ time, ...line }) => line);
	assert.deepEqual(both.slice(3), lines);
});

test('all of the input as one message, byte for byte', async () => {
	const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));
	const listener = await listening(['raw', '--count', '1', '--format', 'raw']);
	const sent = await cli.run(['publish', url, 'raw', '--format', 'raw'], { input: bytes });
	assert.equal(sent.code, 0, sent.err);
	assert.ok((await listener.ended()).out.equals(bytes));
});

const badLines: [string, RegExp][] = [
	['hello', /Line 1: it is no JSON object/],
	['{"payload":"a"}\n{}', /Line 2: it needs either "payload" or "base64"/],
	['{"payload":"a","base64":"YQ=="}', /either/],
	['{"base64":"*"}', /Base64/],
	['{"payload":"a","qos":3}', /"qos"/],
	['{"payload":"a","qoss":1}', /"qoss" is not known/],
	['\xff\xfe', /no JSON|UTF-8/],
];
for (const [input, said] of badLines)
	test(`a line that is wrong: ${JSON.stringify(input)}`, async () => {
		const { code, err } = await cli.run(['publish', url, 'x'], { input: Buffer.from(input, 'latin1') });
		assert.equal(code, 2);
		assert.match(err, said);
	});

const usage: [string[], RegExp][] = [
	[[], /No command/],
	[['frobnicate'], /not a command/],
	[['listen'], /Which connection/],
	[['listen', 'mqtt://h'], /Which topics/],
	[['listen', 'mqtt://h', 'a/#/b'], /"#" can only be/],
	[['listen', 'ws://h', 'a', '--protocol', 'websocket'], /receives everything/],
	[['listen', 'nope', 'a'], /There is no connection "nope"/],
	[['listen', 'gopher://h', 'a'], /mqtt:\/\//],
	[['listen', 'mqtt://h', 'a', '--count', '0'], /whole number/],
	[['publish', 'mqtt://h', 'a/#', '--message', 'x'], /wildcard/],
	[['publish', 'mqtt://h', '--message', 'x'], /Which topic/],
	[['publish', 'mqtt://h', 'a', 'b', '--message', 'x'], /one target/],
	[['publish', 'mqtt://h', 'a', '--format', 'xml'], /json, lines or raw/],
	[['publish', 'mqtt://h', 'a', '-H', 'Retian: true', '--message', 'x'], /Did you mean "Retain"/],
	[['publish', 'mqtt://h', 'a', '-H', 'Retain: no', '--message', 'x'], /true or false/],
	[['listen', 'mqtt://u:canary-pass@:99999', 'a'], /URL|port/],
];
for (const [args, said] of usage)
	test(`exit 2: ${args.join(' ')}`, async () => {
		const { code, err, out } = await cli.run(args);
		assert.match(err, said);
		assert.equal(code, 2);
		assert.ok(!`${out}${err}`.includes('canary'));
	});

test('help and version go to standard output', async () => {
	const help = await cli.run(['--help']);
	assert.deepEqual([help.code, help.err], [0, '']);
	assert.match(String(help.out), /^Usage:/);
	assert.equal((await cli.run(['--version'])).code, 0);
});

test('a pipe closed early ends it, at once and well', async () => {
	const flood = setInterval(() => {}, 1000);
	const pipe = spawn('sh', [
		'-c',
		`"$0" "$1" listen ${url} early --format lines 2>/dev/null | head -n 2; sleep 0.1`,
		process.execPath,
		cli.path,
	]);
	let out = '';
	pipe.stdout.on('data', (chunk) => {
		out += chunk;
	});
	const ended = once(pipe, 'close');
	let open = true;
	void ended.then(() => {
		open = false;
	});
	while (open) await cli.run(['publish', url, 'early', '--format', 'lines'], { input: `${numbers(50).join('\n')}\n` });
	clearInterval(flood);
	assert.equal(out.split('\n').length, 3);
	await eventually('its connection is closed', () => assert.equal(broker.connections(), 0));
});

test('a reader who goes away is no failure of the listener', async () => {
	const listener = await listening(['gone', '--format', 'lines']);
	listener.child.stdout?.destroy();
	let open = true;
	const ended = listener.ended().finally(() => {
		open = false;
	});
	// One after another: on a slow machine they would come faster than they end.
	while (open) await cli.run(['publish', url, 'gone', '--message', 'x']);
	assert.equal((await ended).code, 0);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const)
	test(`${signal} ends listening and publishing well`, async () => {
		const listener = await listening(['sig', '--format', 'lines']);
		const publisher = cli.start(['publish', url, 'sig', '--format', 'lines']);
		publisher.stdin?.write('a\nb\n');
		const got: Buffer[] = [];
		listener.child.stdout?.on('data', (chunk) => got.push(chunk));
		await eventually('both have come', () => assert.equal(Buffer.concat(got).toString(), 'a\nb\n'));
		publisher.kill(signal);
		const [code] = await once(publisher, 'close');
		assert.equal(code, 0);
		listener.child.kill(signal);
		assert.equal((await listener.ended()).code, 0);
		await eventually('nothing is left', () => assert.equal(broker.connections(), 0));
	});

test('half a message is not sent when it is stopped', async () => {
	for (const format of ['raw', 'lines']) {
		const listener = await listening([`half/${format}`, '--timeout', '2s', '--format', 'lines']);
		const publisher = cli.start(['publish', url, `half/${format}`, '--format', format]);
		publisher.stdin?.write('cut of');
		await eventually('it is connected', () => assert.equal(broker.connections(), 2));
		publisher.kill('SIGINT');
		await once(publisher, 'close');
		assert.equal((await listener.ended()).out.toString(), '');
	}
});

test('a slow reader gets everything: nothing is dropped, nothing piles up', async () => {
	const count = 20_000;
	const listener = cli.start(['listen', url, 'slow', '--count', String(count), '--format', 'lines', '-H', 'QoS: 1']);
	await new Promise((resolve) => listener.stderr?.once('data', resolve));
	const out: Buffer[] = [];
	listener.stdout?.pause();
	const line = 'x'.repeat(200);
	const sent = cli.run(['publish', url, 'slow', '--format', 'lines', '-H', 'QoS: 1'], {
		input: Array.from({ length: count }, (_, at) => `${at} ${line}\n`).join(''),
	});
	await new Promise((resolve) => setTimeout(resolve, 1500));
	listener.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
	listener.stdout?.resume();
	const [code] = await once(listener, 'close');
	assert.equal((await sent).code, 0, (await sent).err);
	assert.equal(code, 0);
	const lines = Buffer.concat(out).toString().trimEnd().split('\n');
	assert.deepEqual([lines.length, lines[0], lines.at(-1)], [count, `0 ${line}`, `${count - 1} ${line}`]);
});

test('a broker that goes away is told, with exit code 3', async () => {
	const own = await startMosquitto();
	const there = `mqtt://127.0.0.1:${own.port}`;
	const listener = cli.start(['listen', there, 'a']);
	const publisher = cli.start(['publish', there, 'a', '--format', 'lines']);
	let err = '';
	listener.stderr?.on('data', (text) => {
		err += text;
	});
	publisher.stdin?.write('x\n');
	await eventually('both are connected', () => {
		assert.equal(own.connections(), 2);
		assert.match(err, /Listening/);
	});
	own.kill('SIGKILL');
	const codes = await Promise.all([listener, publisher].map(async (one) => (await once(one, 'close'))[0]));
	assert.deepEqual(codes, [3, 3]);
	assert.match(err, /closed|lost|ended/);
	await own.stop();
});

test('WebSocket: listen and publish, text and binary', async () => {
	const there = `ws://127.0.0.1:${socket.port}`;
	const listener = cli.start(['listen', there, '--count', '2', '--timeout', '20s']);
	const out: Buffer[] = [];
	listener.stdout?.on('data', (chunk) => out.push(chunk));
	await new Promise((resolve) => listener.stderr?.once('data', resolve));
	await socket.received();
	const sent = await cli.run(['publish', there], { input: '{"payload":"ü"}\n{"base64":"AP8=","type":"binary"}\n' });
	assert.equal(sent.code, 0, sent.err);
	const received = await socket.received();
	assert.deepEqual(
		received.map(({ data, binary }) => [[...data], binary]),
		[
			[[...Buffer.from('ü')], false],
			[[0, 255], true],
		],
	);
	await socket.send([
		{ data: Buffer.from('one'), binary: false },
		{ data: Uint8Array.of(0, 255), binary: true },
	]);
	const [code] = await once(listener, 'close');
	assert.equal(code, 0);
	assert.deepEqual(
		objects(Buffer.concat(out)).map(({ payload, base64, type }) => [payload ?? base64, type]),
		[
			['one', 'text'],
			['AP8=', 'binary'],
		],
	);
});
