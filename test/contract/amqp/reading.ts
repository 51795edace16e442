import assert from 'node:assert/strict';
import { FailureError } from '../../../src/base/failure';
import { amqp } from '../../../src/protocols/amqp/describe/describe';
import { amqpFlag } from '../../../src/protocols/amqp/describe/flags';
import { amqpProperties } from '../../../src/protocols/amqp/describe/properties';
import { eventually } from '../../support/run/eventually';
import { act, bytes, type Cases, texts } from './server';

const code = (expected: string) => (error: unknown) => {
	assert.ok(error instanceof FailureError, String(error));
	assert.equal(error.failure.code, expected, error.failure.message);
	return true;
};

export const reading: Cases = {
	async 'a tap gets copies and takes nothing away; a topic, a fanout, a direct and a headers exchange'({ peer, open }) {
		const { channel } = peer;
		await channel.assertQueue('shop');
		const exchanges = ['topic', 'fanout', 'direct', 'headers'] as const;
		for (const type of exchanges) {
			await channel.assertExchange(`shop.${type}`, type);
			await channel.bindQueue('shop', `shop.${type}`, 'eu.created', { 'x-match': 'all', color: 'red' });
		}
		const opened = await open();
		await opened.link.subscribe?.({ target: 'exchange/shop.topic' });
		await opened.link.subscribe?.({ target: 'exchange/shop.fanout' });
		await assert.rejects(async () => opened.link.subscribe?.({ target: 'exchange/shop.direct' }), code('key-missing'));
		await opened.link.subscribe?.({ target: 'exchange/shop.direct/eu.created' });
		await opened.link.subscribe?.({ target: 'exchange/shop.headers', match: [['color', 'red']] });
		for (const type of exchanges)
			await peer.publish(`shop.${type}`, 'eu.created', [bytes(type)], { headers: { color: 'red' } });
		await peer.publish('shop.headers', 'eu.created', [bytes('blue')], { headers: { color: 'blue' } });
		await eventually('four copies', () => assert.deepEqual(texts(opened).sort(), [...exchanges].sort()));
		assert.equal(await peer.ready('shop'), 4, 'the queue still has its own');
		assert.equal(opened.recorded.messages[0]?.target, 'exchange/shop.topic/eu.created');
		assert.equal((await channel.checkQueue('shop')).consumerCount, 0);
		await channel.purgeQueue('shop');
	},

	async 'a tap leaves nothing behind when it ends'({ server, open }) {
		const queues = async () =>
			((await server.api('GET', '/queues/%2F')) as { name: string }[]).filter(({ name }) => name.startsWith('amq.gen'));
		const { link } = await open();
		const subscription = { target: 'exchange/amq.topic/#', mode: 'tap' };
		await link.subscribe?.(subscription);
		await eventually('it is there', async () => {
			assert.equal((await queues()).length, 1);
			const listed = (await link.browse?.('queues', 0, 100))?.nodes.filter(({ name }) => name.startsWith('amq.gen'));
			assert.equal(listed?.[0]?.kind, 'tap');
			assert.match(listed?.[0]?.description ?? '', /^tap of this connection/);
		});
		await link.unsubscribe?.(subscription);
		await eventually('it is gone', async () => assert.equal((await queues()).length, 0));
	},

	async 'consuming takes messages away, after they are in the log'({ peer, open }) {
		await peer.channel.assertQueue('jobs');
		await peer.publish('', 'jobs', ['a', 'b', 'c'].map(bytes));
		const opened = await open();
		const question = await opened.link.ask?.({
			kind: 'subscribe',
			subscription: { target: 'queue/jobs', mode: 'consume' },
		});
		assert.match(question?.detail ?? '', /^3 messages are ready/);
		await opened.link.subscribe?.({ target: 'queue/jobs', mode: 'consume' });
		await eventually('all', () => assert.deepEqual(texts(opened), ['a', 'b', 'c']));
		assert.ok(
			opened.recorded.messages.every(({ flags, target }) => flags & amqpFlag.consumed && target === 'queue/jobs'),
		);
		await opened.link.unsubscribe?.({ target: 'queue/jobs', mode: 'consume' });
		assert.equal(await peer.ready('jobs'), 0);
	},

	async 'peeking shows messages once each and leaves them, marked as redelivered'({ peer, open }) {
		await peer.channel.assertQueue('letters');
		await peer.publish('', 'letters', ['1', '2', '3', '4', '5'].map(bytes), { persistent: true });
		const opened = await open();
		const result = await act(opened, 'peek', { node: 'queue:letters', values: { count: 3 } });
		assert.deepEqual(texts(opened), ['1', '2', '3']);
		assert.deepEqual(result.messages, [0, 1, 2]);
		assert.match(result.text, /^Peeked 3 messages in "letters" \(requeued\); 2 more are ready\.$/);
		assert.equal(await peer.ready('letters'), 5);
		await act(opened, 'peek', { node: 'queue:letters', values: { count: 5 } });
		const again = opened.recorded.messages.slice(3);
		assert.deepEqual(
			again.map(({ flags }) => (flags & amqpFlag.redelivered) !== 0),
			[true, true, true, false, false],
		);
		assert.ok(again.every(({ flags }) => flags & amqpFlag.peeked && flags & amqpFlag.persistent));
		assert.deepEqual(
			(await peer.drain('letters')).map(({ content }) => content.toString()),
			['1', '2', '3', '4', '5'],
		);
	},

	async 'a message that another consumer has not acknowledged is marked as delivered before'({ peer, open }) {
		await peer.channel.assertQueue('retried', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
		await peer.publish('', 'retried', [bytes('1')]);
		const taken = await peer.channel.get('retried', { noAck: false });
		assert.ok(taken);
		peer.channel.nack(taken, false, true);
		await peer.publish('', 'retried', [bytes('2')]);
		const opened = await open();
		await opened.link.subscribe?.({ target: 'queue/retried', mode: 'consume' });
		await eventually('both', () => assert.deepEqual(texts(opened).sort(), ['1', '2']));
		const reasons = opened.recorded.messages.map(({ payload, flags, meta }) => [
			payload.toString(),
			amqp.delivery?.repeated?.(flags, meta),
		]);
		assert.deepEqual(reasons.sort(), [
			['1', 'Redelivered by the broker (delivery 2)'],
			['2', undefined],
		]);
	},

	async 'the firehose shows what no tap can, once it is switched on'({ peer, open }) {
		await peer.channel.assertQueue('direct-only');
		const opened = await open();
		const off = await opened.link.subscribe?.({ target: 'firehose/#', mode: 'firehose' });
		assert.match(off?.detail ?? '', /tracing is off/);
		await act(opened, 'trace-on');
		await peer.publish('', 'direct-only', [bytes('seen')], {
			headers: { a: 1 },
			contentType: 'text/plain',
			persistent: true,
		});
		await eventually('it was seen', () => assert.ok(texts(opened).includes('seen')));
		await act(opened, 'trace-off');
		const seen = opened.recorded.messages.find(({ payload }) => payload.toString() === 'seen');
		assert.equal(seen?.target, 'firehose/publish./direct-only');
		const shown = amqpProperties(seen?.flags ?? 0, seen?.meta).map(({ label, value }) => `${label}: ${value}`);
		for (const line of ['Exchange: (default)', 'Routing key: direct-only', 'Content type: text/plain', 'a: 1'])
			assert.ok(shown.includes(line), shown.join('\n'));
		await peer.channel.purgeQueue('direct-only');
	},

	async 'a queue that is deleted ends its consumer with a reason, and no other'({ peer, open }) {
		await peer.channel.assertQueue('brief');
		const opened = await open();
		await opened.link.subscribe?.({ target: 'exchange/amq.fanout' });
		await opened.link.subscribe?.({ target: 'queue/brief', mode: 'consume' });
		await peer.channel.deleteQueue('brief');
		await eventually('it was told', () =>
			assert.equal(opened.recorded.changes[0]?.failure?.code, 'cancelled-by-server'),
		);
		await peer.publish('amq.fanout', '', [bytes('still here')]);
		await eventually('the tap goes on', () => assert.deepEqual(texts(opened), ['still here']));
	},

	async 'a failed action takes nothing down'({ peer, open }) {
		const opened = await open();
		await opened.link.subscribe?.({ target: 'exchange/amq.fanout' });
		await assert.rejects(() => act(opened, 'purge', { node: 'queue:missing' }), code('not-found'));
		await assert.rejects(() => act(opened, 'delete', { node: 'exchange:amq.direct' }), FailureError);
		await assert.rejects(
			async () => opened.link.subscribe?.({ target: 'queue/missing', mode: 'consume' }),
			code('not-found'),
		);
		await assert.rejects(async () => opened.link.subscribe?.({ target: 'exchange/missing/#' }), code('not-found'));
		const receipt = await opened.link.send({
			verb: 'publish',
			target: 'exchange/missing/a',
			values: {},
			payload: bytes('x'),
		});
		assert.equal(receipt.proof, 'refused');
		await peer.publish('amq.fanout', '', [bytes('still here')]);
		await eventually('the tap goes on', () => assert.deepEqual(texts(opened), ['still here']));
	},

	async 'purge and delete ask with counts, and say what they did'({ peer, open }) {
		await peer.channel.assertQueue('trash');
		await peer.channel.bindQueue('trash', 'amq.topic', 'trash.#');
		await peer.publish('', 'trash', ['a', 'b'].map(bytes));
		const opened = await open();
		const request = { id: '1', values: {}, node: 'queue:trash' };
		const question = await opened.link.ask?.({ kind: 'act', request: { ...request, action: 'purge' } });
		assert.match(question?.detail ?? '', /^2 messages are deleted for good/);
		assert.equal((await act(opened, 'purge', request)).text, 'Purged 2 messages from "trash".');
		await peer.publish('', 'trash', [bytes('c')]);
		const deleting = await opened.link.ask?.({ kind: 'act', request: { ...request, action: 'delete' } });
		assert.match(deleting?.detail ?? '', /^1 message is ready, there is no other consumer/);
		assert.equal((await act(opened, 'delete', request)).text, 'Deleted the queue "trash" with 1 message.');
		assert.ok(opened.recorded.browseChanges > 0);
	},
};
