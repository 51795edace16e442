import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { prepareDraft } from '../../../../src/protocols/amqp/messages/drafts';
import { createPublishing } from '../../../../src/protocols/amqp/messages/publishing';
import * as calls from '../../../../src/protocols/amqp/wire/calls';
import type { Call } from '../../../../src/protocols/amqp/wire/channel';
import { type Table, textValue } from '../../../../src/protocols/amqp/wire/table';
import { pretend } from './pretend';

const frameMax = 4096;
const table = (length: number): Table => [['a', textValue('x'.repeat(length))]];
const tooLarge = (size: string) => (error: unknown) =>
	error instanceof FailureError &&
	error.failure.code === 'frame-too-large' &&
	error.failure.message.includes(`need a frame of ${size} bytes; the server accepts 4,096`);

const requests: [string, number, (terms: Table) => Call][] = [
	['queue.bind', 0x320014, (terms) => calls.queueBind('q', 'x', 'key', terms)],
	['queue.unbind', 0x320032, (terms) => calls.queueUnbind('q', 'x', 'key', terms)],
	['queue.declare', 0x32000a, (terms) => calls.queueDeclare('q', {}, terms)],
	['exchange.declare', 0x28000a, (terms) => calls.exchangeDeclare('x', 'topic', {}, terms)],
	['exchange.bind', 0x28001e, (terms) => calls.exchangeBind('a', 'b', 'ü', terms)],
	['exchange.unbind', 0x280028, (terms) => calls.exchangeUnbind('a', 'b', 'ü', terms)],
];
for (const [name, id, request] of requests)
	test(`AMQP: ${name} of exactly the agreed frame is sent, and one byte more is refused before it is sent`, async (t) => {
		const { connection, sent, arrived } = await pretend(t, { frameMax });
		const channel = await connection.open();
		await channel.call(request(table(1000)));
		const [short] = await arrived(id);
		const room = frameMax - (short?.bytes.length ?? 0) + 1000;
		await channel.call(request(table(room)));
		assert.equal((await arrived(id, 2))[1]?.bytes.length, frameMax);
		const before = sent.length;
		await assert.rejects(channel.call(request(table(room + 1))), tooLarge('4,097'));
		// The answer to the next request belongs to that request, and nothing else was sent.
		await channel.call((on) => on.prefetch(1));
		assert.deepEqual(
			sent.slice(before).map((one) => one.id),
			[0x3c000a],
		);
	});

test('AMQP: the arguments of a consumer that exceed the agreed frame are refused', async (t) => {
	const { connection } = await pretend(t, { frameMax });
	const channel = await connection.open({ deliver() {} });
	const fixed = 8 + 6 + 1 + 1 + 1 + 1;
	await channel.consume('q', { noAck: true, terms: table(frameMax - fixed - 11) });
	await assert.rejects(channel.consume('q', { noAck: true, terms: table(frameMax - fixed - 10) }), tooLarge('4,097'));
});

const draft = (length: number) => ({
	...{ verb: 'publish', target: 'exchange/x/k', payload: Buffer.alloc(20_000) },
	values: { headers: [['a', 'x'.repeat(length)]] as [string, string][] },
});

test('AMQP: a header that exceeds the agreed frame is refused with both numbers, a body is divided', async (t) => {
	assert.throws(() => prepareDraft(draft(5000), frameMax, () => ''), tooLarge('5,034'));
	assert.throws(() => prepareDraft(draft(4063), frameMax, () => ''), tooLarge('4,097'));
	const { connection, sent, arrived } = await pretend(t, { frameMax });
	const channel = await connection.open({}, true);
	channel.publish(
		prepareDraft(draft(4062), frameMax, () => ''),
		() => {},
	);
	await channel.close();
	await arrived(0x140028);
	assert.deepEqual(
		sent.flatMap(({ type, bytes }) => (type === 1 ? [] : [bytes.length])),
		[4096, 4096, 4096, 4096, 4096, 3656],
	);
});

test('AMQP: properties that were received elsewhere and do not fit are refused, and nothing is sent', async (t) => {
	const { head } = prepareDraft(draft(5000), 131_072, () => '');
	const { connection, sent } = await pretend(t, { frameMax });
	const message = { exchange: 'x', key: '', head, body: Buffer.alloc(1) };
	const publishing = createPublishing(connection);
	const outcome = await publishing.publish(message);
	assert.equal(outcome.kind === 'refused' && outcome.failure.code, 'frame-too-large');
	assert.equal(publishing.waitingBytes, 0);
	const channel = await connection.open({}, true);
	assert.throws(() => channel.publish(message, () => {}), tooLarge('5,034'));
	assert.ok(sent.every(({ id }) => [0x14000a, 0x55000a].includes(id)));
});
