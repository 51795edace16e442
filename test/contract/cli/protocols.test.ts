import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { connect } from 'amqplib';
import { run as runProcess } from '../../../scripts/lib/process.mjs';
import { copyAs } from '../../../src/files/exchange/copy-as';
import { type Playground, startPlayground } from '../../../src/playground/playground';
import type { Sketch } from '../../../src/protocols/shared/commands/sketch';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';

let cli: Cli;
let rabbit: RabbitMq;
let playground: Playground;
let folder: string;

before(async () => {
	cli = await buildCli();
	[rabbit, playground] = await Promise.all([startRabbitMq(), startPlayground({ port: 0 })]);
	folder = mkdtempSync(join(tmpdir(), 'messages-'));
});
after(async () => {
	cli.remove();
	rmSync(folder, { recursive: true, force: true });
	await Promise.all([rabbit.stop(), playground.close()]);
});

/** `$A` and `$C`: URLs of the AMQP and the CoAP server. */
async function run(text: string) {
	const source = text
		.replaceAll('$A', `amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.port}`)
		.replaceAll('$C', `coap://127.0.0.1:${playground.ports.coap}`);
	writeFileSync(join(folder, 'a.messages'), source);
	const { out, err, code } = await cli.run(['run', '--json', 'a.messages'], { cwd: folder });
	const requests = objects(out).filter(({ type }) => type === 'request');
	return { code, requests, said: `${out}${err}` };
}

test('CoAP: every method answers with its code, and an expected refusal is none', async () => {
	const { code, requests, said } = await run(`### Read
GET /.well-known/core
Host: $C

?? code == 2.05
?? body contains sensors

### Refused as expected
GET /nothing
Host: $C

?? code == 4.04

### Write
PUT /device/mode
Host: $C
Content-Format: text/plain

eco

?? code startsWith 2.

### Observe
# @maxMessages 1
OBSERVE /device/mode
Host: $C

?? message[0] body exists
`);
	assert.equal(code, 0, said);
	assert.deepEqual(
		requests.map(({ ending }) => ending),
		['passed', 'passed', 'passed', 'passed'],
	);
	const refused = await run('GET /nothing\nHost: $C\n\n?? body exists');
	assert.equal(refused.code, 1);
	assert.match(refused.said, /was refused: 4\.04/);
});

test('AMQP: publishes, consumes and asks, and what no queue takes fails', async () => {
	const own = await connect(`amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.otherPort}`);
	const channel = await own.createChannel();
	try {
		await channel.assertQueue('files');
		await channel.assertQueue('asked');
		await channel.consume('asked', (message) => {
			if (!message) return;
			const { replyTo, correlationId } = message.properties;
			channel.sendToQueue(replyTo, Buffer.from(`${message.content}!`), { correlationId });
			channel.ack(message);
		});
		const { code, requests, said } = await run(`### To a queue
PUBLISH queue/files
Host: $A
X-Trace: 7

hello
### From it
# @maxMessages 1
CONSUME queue/files
Host: $A

?? message[0] body == hello
?? message[0] header X-Trace == 7
### Asks
REQUEST queue/asked
Host: $A

what

?? body == what!
### To nobody
PUBLISH exchange/amq.topic/nobody
Host: $A

lost
### To no exchange
PUBLISH exchange/nope/k
Host: $A

lost
`);
		assert.deepEqual(
			requests.map(({ ending }) => ending),
			['passed', 'passed', 'passed', 'failed', 'failed'],
			said,
		);
		assert.equal(code, 1);
		assert.match(said, /was not delivered/);
		assert.match(said, /nope/);
		assert.doesNotMatch(said, new RegExp(passwords.admin));
	} finally {
		await own.close();
	}
});

test('httpYac’s AMQP form runs as it is', async () => {
	const own = await connect(`amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.otherPort}`);
	const channel = await own.createChannel();
	try {
		await channel.assertExchange('test', 'topic');
		await channel.assertQueue('tests');
		await channel.bindQueue('tests', 'test', 'topic.*');
		const { requests, said } = await run(`### Publish
AMQP $A
amqp_method: publish
amqp_exchange: test
amqp_routing_key: topic.x
amqp_content_type: application/json

{ "foo": "bar" }
### Send
AMQP $A
amqp_method: sendToQueue
amqp_queue: tests

hello
### Consume
# @maxMessages 2
AMQP $A
amqp_queue: tests
amqp_no_ack: true

?? message[0] body foo == bar
?? message[0] header Content-Type == application/json
?? message[1] body == hello
### Not ours
AMQP $A
amqp_method: purge
amqp_queue: tests
`);
		assert.deepEqual(
			requests.map(({ ending }) => ending),
			['passed', 'passed', 'passed', 'invalid'],
			said,
		);
	} finally {
		await own.close();
	}
});

test('copied commands and programs do what the request does', async () => {
	const own = await connect(`amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.otherPort}`);
	const channel = await own.createChannel();
	try {
		await channel.assertQueue('copied');
		const got: string[] = [];
		await channel.consume('copied', (message) => {
			if (!message) return;
			const { contentType, headers, replyTo, correlationId, timestamp } = message.properties;
			got.push([message.content, contentType, headers?.X, typeof headers?.N, timestamp].join(' '));
			if (replyTo) channel.sendToQueue(replyTo, Buffer.from('the answer'), { correlationId });
			channel.ack(message);
		});
		const body = `it's "$HOME" \\ 100%`;
		const sketch: Sketch = {
			verb: 'PUBLISH',
			protocol: 'amqp',
			url: `amqp://127.0.0.1:${rabbit.port}`,
			username: 'admin',
			target: 'queue/copied',
			headers: [
				['Content-Type', 'text/plain'],
				['X', '7'],
				['Persistent', 'false'],
			],
			messages: [{ bytes: new TextEncoder().encode(body) }],
			dropped: [],
		};
		const runs = async (text: string, id: string) => {
			const source = text.replace('PASSWORD', passwords.admin);
			const script = ['--input-type=module', '-e', source];
			const result =
				id === 'python'
					? await runProcess('/usr/bin/python3', ['-c', source])
					: id === 'javascript'
						? await runProcess(process.execPath, script)
						: await runProcess('sh', ['-c', source]);
			assert.equal(result.code, 0, `${source}\n${result.text}`);
			return result.text;
		};
		const copies = async (of: Sketch) => (await copyAs(of)).filter(({ id }) => id !== 'request');
		for (const { id, text } of await copies(sketch)) await runs(text, id);
		await eventually('all', () => assert.deepEqual(got, Array(3).fill(`${body} text/plain 7 undefined `)));
		got.length = 0;
		const asks = {
			...sketch,
			verb: 'REQUEST',
			headers: [['N', '(int) 5'] as [string, string], ['Timestamp', '9'] as [string, string]],
		};
		const asked = await copies(asks);
		assert.deepEqual(
			asked.map(({ id }) => id),
			['python', 'javascript'],
		);
		for (const { id, text } of asked) assert.match(await runs(text, id), /the answer/);
		assert.deepEqual(got, Array(2).fill(`${body}   number 9`));

		const coap = (
			await copyAs({
				...sketch,
				verb: 'PUT',
				protocol: 'coap',
				url: `coap://127.0.0.1:${playground.ports.coap}`,
				target: '/device/mode',
				headers: [],
				messages: [{ bytes: new TextEncoder().encode('off') }],
			})
		).find(({ id }) => id === 'coap');
		assert.ok(coap);
		const put = await runProcess('sh', ['-c', coap.text.replace('coap-client', 'coap-client-notls')]);
		assert.equal(put.code, 0, put.text);
		const { code, said } = await run('GET /device/mode\nHost: $C\n\n?? body contains off');
		assert.equal(code, 0, said);
	} finally {
		await own.close();
	}
});

test('devices: simulated over CoAP and AMQP, each client with a socket and a name of its own', async () => {
	const own = await connect(`amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.otherPort}`);
	const channel = await own.createChannel();
	try {
		await channel.assertQueue('devices');
		const received: unknown[] = [];
		const take = { noAck: true };
		await channel.consume('devices', (message) => received.push(JSON.parse(String(message?.content))), take);
		const { code, requests, said } = await run(`### Sensors
# @clients 3
# @rate 100/s
# @loop for 4
PUBLISH queue/devices
Host: $A
X-Client: {{$client}}

{ "client": {{$client}}, "n": {{$counter}} }
### Modes
# @clients 4
# @rate 50/s
# @loop for 2
PUT /device/mode
Host: $C
Content-Format: text/plain

{{$oneOf eco off}}

?? code startsWith 2.
### An answer that is not as expected
# @clients 2
GET /nothing
Host: $C

?? code == 2.05
`);
		assert.equal(code, 1, said);
		assert.deepEqual(
			requests.map(({ ending }) => ending),
			['passed', 'passed', 'failed'],
			said,
		);
		const figures = requests.map(({ simulation }) => simulation as { sent: number; acknowledged: number });
		assert.deepEqual(
			figures.map(({ sent, acknowledged }) => [sent, acknowledged]),
			[
				[12, 12],
				[8, 8],
				[2, 2],
			],
		);
		await eventually('all messages arrive', () => assert.ok(received.length === 12));
		const wanted = [1, 2, 3].flatMap((client) => [1, 2, 3, 4].map((n) => ({ client, n })));
		const order = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort();
		assert.deepEqual(order(received), order(wanted));
	} finally {
		await own.close();
	}
});
