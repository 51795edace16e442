import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import { adapter as adapter091 } from '../../../src/protocols/amqp/adapter';
import { adapter } from '../../../src/protocols/amqp1/adapter';
import { resend } from '../../../src/protocols/amqp1/files/logged';
import type { Logged } from '../../../src/protocols/message-files';
import { eventually } from '../../support/run/eventually';
import { passwords, startRabbitMq } from '../../support/servers/rabbitmq';
import { connect, refused, resolved } from '../suite/attempt';
import { holdsMessages } from '../suite/holding';

const server = startRabbitMq();
test.after(async () => (await server).stop());

const admin = { username: 'admin' };
const secrets = { password: passwords.admin };
const at = async (values = {}) =>
	resolved('amqp1', `amqp://127.0.0.1:${(await server).otherPort}`, { ...admin, ...values });
const open = async (values = {}) => connect({ adapter, profile: await at(values), secrets });
const queue = async (name: string) => (await server).api('PUT', `/queues/%2F/${name}`, { durable: true });
const ready = async (name: string) =>
	((await (await server).api('GET', `/queues/%2F/${name}`)) as { messages_ready?: number }).messages_ready;

test('RabbitMQ: sends with the outcome, and receives', async () => {
	await queue('one');
	const { link, recorded } = await open();
	assert.match(JSON.stringify(link.facts), /RabbitMQ 3\./);
	const send = (target: string) =>
		link.send({ verb: 'send', target, values: { subject: 's' }, payload: Buffer.from('x') });
	assert.equal((await send('/amq/queue/one')).proof, 'acknowledged');
	await link.subscribe?.({ target: '/amq/queue/one', mode: 'consume' });
	await eventually('received', () => assert.equal(recorded.messages.length, 1));
	await link.close();
	assert.equal(await link.ended, undefined);
});

test('RabbitMQ: browsing a queue is refused and takes nothing; a topic is browsed by a queue of the connection', async () => {
	await queue('two');
	const { link, recorded } = await open();
	await link.send({ verb: 'send', target: '/amq/queue/two', values: {}, payload: Buffer.from('x') });
	await assert.rejects(
		async () => link.subscribe?.({ target: '/amq/queue/two', mode: 'browse' }),
		(error) => error instanceof FailureError && /holds the messages/.test(error.failure.message),
	);
	await eventually('still there', async () => assert.equal(await ready('two'), 1));
	await link.subscribe?.({ target: '/topic/a.*', mode: 'browse' });
	await link.send({ verb: 'send', target: '/topic/a.b', values: {}, payload: Buffer.from('topic') });
	await eventually('received', () =>
		assert.deepEqual(
			recorded.messages.map(({ payload }) => payload.toString()),
			['topic'],
		),
	);
	link.destroy();
});

test('RabbitMQ: receive and release puts the messages back', async () => {
	await queue('three');
	const { link, recorded } = await open();
	for (const payload of ['a', 'b'])
		await link.send({ verb: 'send', target: '/amq/queue/three', values: {}, payload: Buffer.from(payload) });
	await link.subscribe?.({ target: '/amq/queue/three', mode: 'release' });
	await eventually('ended', () => assert.ok(recorded.changes.at(-1)?.finished));
	assert.equal(recorded.messages.length, 2);
	await eventually('back', async () => assert.equal(await ready('three'), 2));
	link.destroy();
});

test('RabbitMQ: an exchange that is missing refuses the message, and the next one is sent', async () => {
	await queue('four');
	const { link } = await open();
	const send = (target: string) => link.send({ verb: 'send', target, values: {}, payload: Buffer.from('x') });
	const receipt = await send('/exchange/missing/x');
	assert.equal(receipt.proof, 'refused');
	assert.match(receipt.text, /"\/exchange\/missing\/x": there is nothing with this address/);
	assert.equal((await send('/amq/queue/four')).proof, 'acknowledged');
	link.destroy();
});

test('RabbitMQ: an answer arrives over a queue that exists, which keeps the messages of others', async () => {
	for (const name of ['rpc', 'replies']) await queue(name);
	const [asking, answering] = [await open(), await open()];
	const send = (target: string, payload: string, values = {}) =>
		answering.link.send({ verb: 'send', target, values, payload: Buffer.from(payload) });
	await send('/amq/queue/replies', 'of another');
	await answering.link.subscribe?.({ target: '/amq/queue/rpc', mode: 'consume' });
	const receipt = asking.link.send({
		...{ verb: 'request', target: '/amq/queue/rpc', payload: Buffer.from('2 + 2') },
		values: { replyTo: '/amq/queue/replies' },
	});
	await eventually('asked', () => assert.equal(answering.recorded.messages.length, 1));
	const { replyTo, correlationId } = resend(answering.recorded.messages[0] as Logged).values;
	assert.equal(replyTo, '/amq/queue/replies');
	await send('/amq/queue/replies', '4', { correlationId });
	assert.equal((await receipt).proof, 'answered', (await receipt).text);
	assert.deepEqual(
		asking.recorded.messages.map(({ payload }) => payload.toString()),
		['4'],
	);
	await eventually('the other one is back', async () => assert.equal(await ready('replies'), 1));
	asking.link.destroy();
	answering.link.destroy();
});

test('RabbitMQ: a wrong password is final', async () => {
	const wrong = await refused({ adapter, profile: await at(), secrets: { password: 'wrong' } });
	assert.equal(wrong.failure.code, 'credentials-refused');
	assert.equal(wrong.failure.final, true);
});

test('each of the two protocols names a server that speaks only the other one', async () => {
	// RabbitMQ speaks both, so that a server which answers with its own header stands for the others.
	const { createServer } = await import('node:net');
	const answer = async (header: string, run: (port: number) => Promise<void>) => {
		const other = createServer((socket) => {
			socket.on('error', () => {});
			socket.once('data', () => socket.end(Buffer.from(header, 'hex')));
		});
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		try {
			await run((other.address() as { port: number }).port);
		} finally {
			await new Promise((resolve) => other.close(resolve));
		}
	};
	await answer('414d515000000901', async (port) => {
		const { failure } = await refused({ adapter, profile: resolved('amqp1', `amqp://127.0.0.1:${port}`) });
		assert.match(failure.message, /AMQP 0-9-1/);
		assert.equal(failure.otherProtocol, 'amqp');
	});
	await answer('414d515000010000', async (port) => {
		const { failure } = await refused({ adapter: adapter091, profile: resolved('amqp', `amqp://127.0.0.1:${port}`) });
		assert.match(failure.message, /AMQP 1\.0/);
		assert.equal(failure.otherProtocol, 'amqp1');
	});
});

test('RabbitMQ: accepts messages after their outcome', async () => {
	await queue('held');
	const { link } = await open();
	const { url, values } = await at();
	await holdsMessages({
		...{ protocol: 'amqp1', url, values, secrets, subscription: { target: '/amq/queue/held', mode: 'consume' } },
		async deliver(texts) {
			for (const text of texts)
				await link.send({ verb: 'send', target: '/amq/queue/held', values: {}, payload: Buffer.from(text) });
		},
	});
	await link.close();
});
