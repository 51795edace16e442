import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { prepareDraft } from '../../../../src/protocols/amqp/messages/drafts';
import { createPublishing } from '../../../../src/protocols/amqp/messages/publishing';
import { createChannel } from '../../../../src/protocols/amqp/wire/channel';
import type { Connection } from '../../../../src/protocols/amqp/wire/connection';
import * as methods from '../../../../src/protocols/amqp/wire/methods';
import { type Table, textValue } from '../../../../src/protocols/amqp/wire/table';

const frameMax = 4096;
const long: Table = [['a', textValue('x'.repeat(5000))]];
const plain = { durable: false, exclusive: false, autoDelete: false, terms: long };
const tooLarge = (size: string) => (error: unknown) =>
	error instanceof FailureError &&
	error.failure.code === 'frame-too-large' &&
	error.failure.message.includes(`need a frame of ${size} bytes; the server accepts 4,096`);

/** A channel and what it writes. */
function channelOf() {
	const written: Uint8Array[] = [];
	const channel = createChannel(
		1,
		{
			...{ frameMax, write: (bytes: Uint8Array) => void written.push(bytes), assemble() {}, release() {} },
			route: () => ({ exchange: '', key: '' }),
			refusal: () => ({ code: 'refused', message: 'No.' }),
		},
		{},
	);
	return { channel, written };
}

for (const [name, call] of Object.entries({
	'queue.bind': methods.queueBind('q', 'x', '', long),
	'queue.unbind': methods.queueUnbind('q', 'x', '', long),
	'queue.declare': methods.queueDeclare('q', plain),
	'exchange.declare': methods.exchangeDeclare('x', { ...plain, type: 'topic', internal: false }),
	'exchange.bind': methods.exchangeBind('a', 'b', '', long),
}))
	test(`AMQP: ${name} that exceeds the agreed frame is refused before it is sent`, async () => {
		const { channel, written } = channelOf();
		await assert.rejects(channel.call(call), tooLarge((call.bytes.length + 8).toLocaleString('en')));
		assert.deepEqual(written, []);
		// The answer of the next call belongs to that call.
		const next = channel.call(methods.qos(1));
		channel.method(Buffer.from([0, 60, 0, 11]), 0, 4);
		await next;
	});

test('AMQP: a method frame of exactly the agreed size is sent', async () => {
	const room = frameMax - 8 - methods.queueBind('q', 'x', '', [['a', textValue('')]]).bytes.length;
	const bind = (length: number) => methods.queueBind('q', 'x', '', [['a', textValue('x'.repeat(length))]]);
	const { channel, written } = channelOf();
	void channel.call(bind(room)).catch(() => {});
	assert.equal(written[0]?.length, frameMax);
	await assert.rejects(channel.call(bind(room + 1)), tooLarge('4,097'));
});

const draft = (length: number) => ({
	...{ verb: 'publish', target: 'exchange/x/k', payload: Buffer.alloc(20_000) },
	values: { headers: [['a', 'x'.repeat(length)]] as [string, string][] },
});

test('AMQP: a header that exceeds the agreed frame is refused with both numbers, a body is divided', () => {
	assert.throws(() => prepareDraft(draft(5000), frameMax, () => ''), tooLarge('5,034'));
	const { head, body } = prepareDraft(draft(4062), frameMax, () => '');
	assert.throws(() => prepareDraft(draft(4063), frameMax, () => ''), tooLarge('4,097'));
	const { channel, written } = channelOf();
	channel.publish(methods.publish('x', 'k', true), head, body);
	assert.deepEqual(
		written.slice(1).map(({ length }) => length),
		[4096, 4096, 4096, 4096, 4096, 3656],
	);
});

test('AMQP: properties that were received elsewhere and do not fit are refused, and the next message is sent', async () => {
	const { head } = prepareDraft(draft(5000), 131_072, () => '');
	const { channel, written } = channelOf();
	const connection = { frameMax, live: true, open: async () => channel } as unknown as Connection;
	const publishing = createPublishing(connection);
	const outcome = await publishing.publish({ exchange: 'x', key: '', head, body: Buffer.alloc(1) });
	assert.equal(outcome.kind === 'refused' && outcome.failure.code, 'frame-too-large');
	assert.equal(publishing.waitingBytes, 0);
	assert.throws(() => channel.publish(methods.publish('x', 'k', true), head, Buffer.alloc(1)), tooLarge('5,034'));
	assert.equal(written.length, 1, 'only confirm.select');
});
