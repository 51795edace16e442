import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { storedMessage } from '../../../../src/protocols/amqp/describe/stored-message';
import { createPublishing } from '../../../../src/protocols/amqp/messages/publishing';
import { writeBasic } from '../../../../src/protocols/amqp/wire/basic';
import { Writer } from '../../../../src/protocols/amqp/wire/bytes';
import { exchangeBind, queueDeclare } from '../../../../src/protocols/amqp/wire/calls';
import { type Table, textValue, writeTable } from '../../../../src/protocols/amqp/wire/table';
import { deliver, header, message, method } from '../../../support/hostile/amqp';
import { eventually } from '../../../support/run/eventually';
import { pretend } from './pretend';

/** Everything that an object of JavaScript loses: order of numbers, duplicates, types, digits, text that is not UTF-8. */
const exact: Table = [
	['b', { type: 'l', value: 9_007_199_254_740_993n }],
	['2', { type: 's', value: -1 }],
	['1', { type: 'T', value: 2n ** 64n - 1n }],
	['b', { type: 'S', value: Buffer.from('ff00', 'hex') }],
	['__proto__', { type: 'F', value: [['1', { type: 'V', value: null }]] }],
	['list', { type: 'A', value: [{ type: 'u', value: 65_535 }, textValue('x')] }],
];
const encoded = (() => {
	const to = new Writer();
	writeTable(to, exact);
	return Buffer.from(to.done());
})();
const ack = (channel: number, tag: number, multiple = 0) =>
	method(channel, 60, 80, (to) => to.uint64(tag).uint8(multiple));
const closing = (channel: number, code: number, text: string) =>
	method(channel, 20, 40, (to) => to.uint16(code).short(text).uint16(60).uint16(40));
const plain = { exchange: 'x', key: 'k', head: writeBasic({}), body: Buffer.from('m') };

test('amqplib: arguments and properties leave exactly as they were written', async (t) => {
	const { connection, arrived, sent } = await pretend(t);
	const channel = await connection.open({ deliver() {} }, true);
	await channel.call(queueDeclare('q', { durable: true }, exact));
	await channel.call(exchangeBind('a', 'b', 'k', exact));
	await channel.consume('q', { noAck: true, terms: exact });
	for (const id of [0x32000a, 0x28001e, 0x3c0014]) {
		const [one] = await arrived(id);
		assert.ok(one?.bytes.subarray(0, -1).subarray(-encoded.length).equals(encoded), id.toString(16));
	}
	const head = writeBasic({ headers: exact, timestamp: 2n ** 64n - 1n, messageId: 'ü' });
	channel.publish({ ...plain, head }, () => {});
	await arrived(0x3c0028);
	await eventually('the header', () => {
		const one = sent.find(({ type }) => type === 2);
		assert.ok(one?.bytes.subarray(19, -1).equals(head));
	});
});

test('amqplib: channels that are opened at once get their own messages', async (t) => {
	const { connection, say } = await pretend(t);
	const got: [number, string][] = [];
	const opened = await Promise.all(
		Array.from({ length: 50 }, (_, at) =>
			connection.open({ deliver: ({ body }) => void got.push([at, Buffer.from(body).toString()]) }),
		),
	);
	await Promise.all(opened.map((channel, at) => channel.consume(`q${at}`, { noAck: true })));
	const order = Array.from({ length: 50 }, (_, at) => 50 - at);
	say(...order.map((channel) => message(channel, Buffer.from(String(channel - 1)))));
	await eventually('all', () => assert.equal(got.length, 50));
	for (const [at, body] of got) assert.equal(body, String(at));
});

test('amqplib: what the server confirmed before it closed the channel is confirmed', async (t) => {
	const { connection, arrived, say } = await pretend(t);
	const publishing = createPublishing(connection);
	const outcomes = ['1', '2', '3'].map((body) => publishing.publish({ ...plain, body: Buffer.from(body) }));
	const channel = (await arrived(0x3c0028, 3))[0]?.channel ?? 0;
	say(ack(channel, 2, 1), closing(channel, 404, "NOT_FOUND - no exchange 'x' in vhost '/'"));
	assert.deepEqual(
		(await Promise.all(outcomes)).map(({ kind }) => kind),
		['confirmed', 'confirmed', 'refused'],
	);
	assert.equal(connection.live, true);
	const next = await connection.open();
	await next.call((on) => on.prefetch(1));
});

test('amqplib: an unroutable message is returned with its reason, then confirmed', async (t) => {
	const { connection, arrived, say } = await pretend(t);
	const publishing = createPublishing(connection);
	const outcome = publishing.publish(plain);
	const [{ channel } = { channel: 0 }] = await arrived(0x3c0028);
	const back = method(channel, 60, 50, (to) => to.uint16(312).short('NO_ROUTE').short('x').short('k'));
	say(back, message(channel, plain.body).subarray(deliver(channel).length), ack(channel, 1));
	assert.deepEqual(await outcome, { kind: 'returned', code: 312, text: 'NO_ROUTE' });
});

test('amqplib: messages of basic.get are asked for ahead and answered in order, and an empty queue ends them', async (t) => {
	const { connection, arrived, say } = await pretend(t);
	const channel = await connection.open();
	const asked = [channel.get('q'), channel.get('q'), channel.get('q')];
	await arrived(0x3c0046, 3);
	const got = (tag: number, left: number) =>
		Buffer.concat([
			method(1, 60, 71, (to) => to.uint64(tag).uint8(0).short('x').short('k').uint32(left)),
			header(1, 0, writeBasic({ headers: exact })),
		]);
	say(
		got(1, 1),
		got(2, 0),
		method(1, 60, 72, (to) => to.short('')),
	);
	const all = await Promise.all(asked);
	assert.deepEqual(
		all.map((one) => one && [one.tag, one.left]),
		[[1, 1], [2, 0], undefined],
	);
	const head = Buffer.from(writeBasic({ headers: exact }));
	assert.deepEqual(storedMessage(all[0]?.meta), { exchange: 'x', key: 'k', head });
});

test('amqplib: a request that the server refuses fails in words, and pending ones with it', async (t) => {
	const { connection, arrived, say } = await pretend(t, { silentOn: [0x32000a] });
	let closed = '';
	const channel = await connection.open({
		closed: ({ code }) => {
			closed = code;
		},
	});
	const refused = [channel.call((on) => on.checkQueue('q')), channel.get('q')].map((one) =>
		one.then(
			() => 'no refusal',
			(error) => (error instanceof FailureError ? error.failure.code : 'another error'),
		),
	);
	await arrived(0x32000a);
	say(closing(1, 404, "NOT_FOUND - no queue 'q' in vhost '/'"));
	assert.deepEqual(await Promise.all(refused), ['not-found', 'not-found']);
	assert.equal(closed, 'not-found');
	assert.equal(channel.open, false);
	await assert.rejects(
		channel.call((on) => on.prefetch(1)),
		FailureError,
	);
});

const violations: [string, (channel: number) => Buffer[]][] = [
	['confirms what was not sent', (channel) => [ack(channel, 2)]],
	['confirms more than was sent', (channel) => [ack(channel, 5, 1)]],
	['delivers without a consumer', (channel) => [message(channel, plain.body)]],
	['answers a get that was not sent', (channel) => [method(channel, 60, 72, (to) => to.short(''))]],
];
for (const [what, bytes] of violations)
	test(`amqplib: a server that ${what} ends the link`, async (t) => {
		const { connection, arrived, say } = await pretend(t);
		const outcome = createPublishing(connection).publish(plain);
		const [{ channel } = { channel: 0 }] = await arrived(0x3c0028);
		say(...bytes(channel));
		assert.equal((await connection.ended)?.code, 'protocol-violation');
		assert.equal((await outcome).kind, 'unknown');
	});

test('amqplib: a channel that the server refuses to open ends alone', async (t) => {
	const { connection, arrived, say } = await pretend(t, { silentOn: [0x14000a] });
	const opening = connection.open();
	await arrived(0x14000a);
	say(closing(1, 403, 'ACCESS_REFUSED - no access'));
	await assert.rejects(
		opening,
		(error: unknown) => error instanceof FailureError && error.failure.code === 'access-refused',
	);
	assert.equal(connection.live, true);
});

test('amqplib: an action that ends its channel while the server is silent does not wait for it', async (t) => {
	const { connection } = await pretend(t, { silentOn: [0x32000a, 0x140028] });
	const channel = await connection.open();
	const asked = assert.rejects(
		channel.call((on) => on.checkQueue('q')),
		FailureError,
	);
	const closing = channel.close();
	await asked;
	connection.end();
	await closing;
});

test('amqplib: the virtual host with the empty name is opened as such', async (t) => {
	for (const vhost of ['', '/', 'a/b c', '%2F']) {
		const { opened } = await pretend(t, { login: { vhost } });
		assert.equal(opened.toString('utf8', 12, 12 + (opened[11] ?? 0)), vhost);
	}
});
