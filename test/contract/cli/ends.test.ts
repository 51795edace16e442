import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { connect } from 'amqplib';
import { WebSocketServer } from 'ws';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type CoapTestServer, coapClient, startCoapServer } from '../../support/servers/coap-server';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';

let cli: Cli;
let rabbit: RabbitMq;
let coap: CoapTestServer;
let folder: string;
let own: Awaited<ReturnType<typeof connect>>;
let amqp: string;

before(async () => {
	cli = await buildCli();
	[rabbit, coap] = await Promise.all([startRabbitMq(), startCoapServer()]);
	folder = mkdtempSync(join(tmpdir(), 'ends-'));
	amqp = `amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.port}`;
	own = await connect(`amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.otherPort}`);
});
after(async () => {
	await own.close();
	cli.remove();
	rmSync(folder, { recursive: true, force: true });
	await Promise.all([rabbit.stop(), coap.stop()]);
});

let files = 0;

/** A command that runs on, and what it has written so far. */
function start(args: readonly string[]) {
	const child = cli.start(args, { cwd: folder });
	const text = { out: '', err: '' };
	child.stdout?.on('data', (chunk) => {
		text.out += chunk;
	});
	child.stderr?.on('data', (chunk) => {
		text.err += chunk;
	});
	const ended = once(child, 'close').then(([code]) => Number(code));
	return { text, ended, child };
}

function running(source: string, args: readonly string[] = []) {
	const name = `${files++}.messages`;
	writeFileSync(join(folder, name), source);
	return start(['run', '--json', '--timeout', '50s', ...args, name]);
}

const listening = (text: { err: string }, count = 1) =>
	eventually('it listens', () => assert.equal(text.err.split('Listening').length - 1, count, text.err));

const request = (text: { out: string }) => objects(Buffer.from(text.out))[0] as Record<string, never>;

test('AMQP: a queue that is deleted ends a file that consumes it, and says why', async () => {
	const channel = await own.createChannel();
	await channel.assertQueue('gone');
	const file = running(`CONSUME queue/gone\nHost: ${amqp}\n\n?? messages length == 3`);
	const expected = running(`CONSUME queue/gone\nHost: ${amqp}\n\n?? reason contains deleted`);
	await eventually('both consume', async () =>
		assert.equal((await channel.checkQueue('gone')).consumerCount, 2, file.text.err),
	);
	await channel.deleteQueue('gone');
	assert.equal(await file.ended, 1, file.text.out);
	assert.match(file.text.out, /cancelled the consumer of \\"queue\/gone\\": the queue was deleted/);
	assert.ok(Number(request(file.text).ms) < 45_000, 'it does not wait out its time');
	assert.equal(await expected.ended, 0, expected.text.out);
	await channel.close();
});

test('AMQP: listen goes on with what is left, and ends with 1 when nothing is', async () => {
	const channel = await own.createChannel();
	for (const queue of ['one', 'two']) await channel.assertQueue(queue);
	const { text, ended } = start(['listen', amqp, 'queue/one', 'queue/two', '-H', 'Mode: consume']);
	await listening(text, 2);
	await channel.deleteQueue('one');
	await eventually('told', () => assert.match(text.err, /consumer of "queue\/one": the queue was deleted/));
	channel.sendToQueue('two', Buffer.from('still here'));
	await eventually('the other goes on', () => assert.match(text.out, /still here/));
	await channel.deleteQueue('two');
	assert.equal(await ended, 1);
	assert.match(text.err, /consumer of "queue\/two"/);
	const refused = await cli.run(['listen', amqp, 'queue/nothing', '-H', 'Mode: consume']);
	assert.equal(refused.code, 1);
	assert.match(refused.err, /There is no queue "nothing"/);
	await channel.close();
});

test('AMQP: without a mode a queue is only read, which takes nothing from one that is no stream', async () => {
	const channel = await own.createConfirmChannel();
	await channel.assertQueue('plain');
	channel.sendToQueue('plain', Buffer.from('stays'));
	await channel.waitForConfirms();
	const { code, err } = await cli.run(['listen', amqp, 'queue/plain']);
	assert.equal(code, 1);
	assert.match(err, /"plain" is not a stream, so nothing was read/);
	assert.equal((await channel.checkQueue('plain')).messageCount, 1);
	await channel.close();
});

test('AMQP: the firehose is listened to', async () => {
	await rabbit.api('PUT', '/vhosts/%2F', { tracing: true });
	const channel = await own.createChannel();
	await channel.assertQueue('traced');
	const { text, ended } = start(['listen', amqp, 'firehose/publish.#', '--count', '1']);
	await listening(text);
	channel.sendToQueue('traced', Buffer.from('seen'));
	assert.equal(await ended, 0, text.err);
	assert.match(text.out, /"payload":"seen"/);
	await rabbit.api('PUT', '/vhosts/%2F', { tracing: false });
	await channel.close();
});

test('RabbitMQ: a stream is read from any place, and keeps its messages', async () => {
	const channel = await own.createConfirmChannel();
	await channel.assertQueue('stream', { durable: true, arguments: { 'x-queue-type': 'stream' } });
	for (let at = 0; at < 5; at++) channel.sendToQueue('stream', Buffer.from(`m${at}`));
	await channel.waitForConfirms();
	const read = async (from: string[], count: number) => {
		const args = ['listen', amqp, 'queue/stream', '-H', 'Mode: consume', '--count', String(count), '--timeout', '20s'];
		const { out, err, code } = await cli.run([...args, ...from.flatMap((header) => ['-H', header])]);
		assert.equal(code, 0, err);
		assert.match(err, /a stream keeps its messages/);
		return objects(out).map(({ payload }) => payload);
	};
	const all = ['m0', 'm1', 'm2', 'm3', 'm4'];
	assert.deepEqual(await read(['x-stream-offset: first'], 5), all);
	assert.deepEqual(await read(['Offset: first', 'Prefetch: 2'], 5), all, 'nothing was taken away');
	assert.deepEqual(await read(['x-stream-offset: 3'], 2), ['m3', 'm4']);
	assert.deepEqual(await read(['Offset: 2020-01-01T00:00:00Z'], 5), all);
	assert.deepEqual(await read(['Offset: 1h'], 5), all);
	const file = running(
		`# @maxMessages 3\nCONSUME queue/stream\nHost: ${amqp}\nOffset: 2\n\n?? message[0] body == m2\n?? message[2] body == m4`,
	);
	assert.equal(await file.ended, 0, file.text.out);
	await channel.assertQueue('classic');
	channel.sendToQueue('classic', Buffer.from('kept'));
	await channel.waitForConfirms();
	const classic = await cli.run(['listen', amqp, 'queue/classic', '-H', 'Mode: consume', '-H', 'Offset: first']);
	assert.equal(classic.code, 1);
	assert.match(classic.err, /do not take the argument "x-stream-offset"/);
	assert.equal(String(classic.out), '');
	const first = running(
		`# @maxMessages 1\nCONSUME queue/classic\nHost: ${amqp}\nx-priority: 5\n\n?? message[0] body == kept`,
	);
	assert.equal(await first.ended, 0, first.text.out);
	const wrong = await cli.run(['listen', amqp, 'queue/stream', '-H', 'Mode: consume', '-H', 'Offset: middle']);
	assert.equal(wrong.code, 1);
	assert.match(wrong.err, /not a position in a stream/);
	await channel.close();
});

test('CoAP: an observation that ends with an error is no reading', async () => {
	const url = `coap://127.0.0.1:${coap.port}`;
	const put = (path: string, value: string) => coapClient('-m', 'put', '-e', value, `${url}/${path}`);
	await put('ending', '21');
	const counting = running(`OBSERVE ending\nHost: ${url}\n\n?? messages length == 2`);
	const expecting = running(`OBSERVE ending\nHost: ${url}\n\n?? messages length == 1\n?? code == 4.04`, [
		'--timeout',
		'55s',
	]);
	const { text, ended } = start(['listen', url, 'ending']);
	await listening(text);
	await eventually('all observe', () => assert.equal(coap.connections(), 3));
	await eventually('listen has the reading', () => assert.match(text.out, /"code":"2\.05"/));
	// A file writes nothing before it ends: what is under way has its answer by now.
	await new Promise((resolve) => setTimeout(resolve, 1000));
	await coapClient('-m', 'delete', `${url}/ending`);
	assert.equal(await ended, 1, text.err);
	assert.match(text.err, /ended the observation of "ending": 4\.04 Not Found/);
	assert.deepEqual(
		objects(Buffer.from(text.out)).map(({ payload, code }) => [payload, code]),
		[['21', '2.05']],
	);
	assert.equal(await counting.ended, 1, counting.text.out);
	assert.match(counting.text.out, /4\.04 Not Found/);
	assert.equal(await expecting.ended, 0, expecting.text.out);
	const refused = await cli.run(['listen', url, 'nothing']);
	assert.equal(refused.code, 1);
	assert.equal(String(refused.out), '');
	assert.match(refused.err, /4\.04/);
});

test('WebSocket: a close is a result', async (t) => {
	const server = new WebSocketServer({
		host: '127.0.0.1',
		port: 0,
		verifyClient: ({ req }, done) => done(req.url !== '/refused', 401, 'Unauthorized'),
	});
	t.after(() => server.close());
	await once(server, 'listening');
	server.on('connection', (socket, { url = '' }) => {
		if (url.startsWith('/bye')) socket.close(Number(url.slice(4)), 'that was all');
		socket.on('message', (data) => {
			const [code = '', reason = ''] = String(data).split(' ');
			socket.send(`you said ${data}`);
			socket.close(Number(code), reason);
		});
	});
	const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const cases: [source: string, code: number, says?: RegExp][] = [
		['WS $/\n\n1000 done\n\n?? body == you said 1000 done\n?? messages length == 1', 0],
		['WS $/\n\n1000 done\n\n?? code == 1000\n?? reason == done\n?? body startsWith you', 0],
		['WS $/\n\n1000 done\n\n?? code == 4401', 1, /"actual":"1000"/],
		['WS $/\n\n4401 expired\n\n?? code == 4401\n?? reason contains exp', 0],
		['WS $/\n\n4401 expired\n\n?? messages length == 1', 1, /4401, probably: unauthorized: \\"expired\\"/],
		['WS $/\n\n4401 expired\n=== wait-for-server 2\nnever sent', 1, /4401, probably: unauthorized: \\"expired\\"/],
		['WS $/refused\n\nx\n\n?? code == 401\n?? reason == Unauthorized', 0],
		['WS $/refused\n\nx\n\n?? code == 403', 1, /"actual":"401"/],
		['WS $/refused\n\nx', 3, /401/],
	];
	for (const [source, code, says] of cases) {
		const { text, ended } = running(source.replace('$', url));
		assert.equal(await ended, code, `${source}\n${text.out}${text.err}`);
		if (says) assert.match(text.out, says);
		assert.ok(Number(request(text).ms) < 40_000, 'it does not wait out its time');
	}
	for (const [close, code] of [
		[1000, 0],
		[4401, 3],
	]) {
		const listener = await cli.run(['listen', `${url}/bye${close}`]);
		assert.equal(listener.code, code, listener.err);
		assert.match(listener.err, new RegExp(`code ${close}.*that was all`));
	}
});
