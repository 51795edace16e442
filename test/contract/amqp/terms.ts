import assert from 'node:assert/strict';
import { FailureError } from '../../../src/base/failure';
import { amqpFlag } from '../../../src/protocols/amqp/describe/flags';
import { eventually } from '../../support/run/eventually';
import { act, bytes, type Cases, texts } from './server';

const toQueue = (target: string) => ({ verb: 'queue', target, values: {}, payload: bytes('x') });

const failureOf = async (run: () => Promise<unknown> | undefined) => {
	try {
		await run();
	} catch (error) {
		assert.ok(error instanceof FailureError, String(error));
		return error.failure;
	}
	throw new assert.AssertionError({ message: 'It was not refused.' });
};

/** What users write and read: plain names, dead letters, streams, fields that are refused. */
export const terms: Cases = {
	async 'a plain name is enough where only a queue can be meant, and is logged as an address'({ peer, open }) {
		await peer.channel.assertQueue('plain');
		await peer.channel.assertQueue('other');
		const opened = await open();
		assert.equal(opened.link.prepare(toQueue('plain')).logged?.target, 'queue/plain');
		assert.equal((await opened.link.send(toQueue('plain'))).proof, 'acknowledged');
		const moved = await act(opened, 'move', { node: 'queue:plain', values: { target: 'other' } });
		assert.match(moved.text, /^Sent 1 message from "plain" to the queue "other"/);
		await opened.link.subscribe?.({ target: 'other', mode: 'consume' });
		await eventually('it is consumed', () => assert.equal(opened.recorded.messages[0]?.target, 'queue/other'));
	},

	async 'dead letters go straight to a queue, and moved messages that die again are reported'({ peer, open }) {
		const opened = await open();
		await act(opened, 'declare-queue', { values: { name: 'graves' } });
		await act(opened, 'declare-queue', {
			values: { name: 'mortal', 'x-message-ttl': 50, deadLetters: 'queue', deadQueue: 'graves' },
		});
		await peer.publish('', 'mortal', ['1', '2'].map(bytes));
		await eventually('they are dead', async () => assert.equal(await peer.ready('graves'), 2));
		const result = await act(opened, 'revive', { node: 'queue:graves', values: { to: 'queue' } });
		assert.match(result.text, /^Sent 2 messages from "graves" to the queue "mortal".* "graves" now has \d/);
		await eventually('dead again', async () => assert.equal(await peer.ready('graves'), 2));
		for (const name of ['mortal', 'graves']) await peer.channel.deleteQueue(name);
	},

	async 'a refusal names the field that it is about'({ peer, open }) {
		await peer.channel.assertQueue('set', { durable: true, arguments: { 'x-message-ttl': 1000 } });
		await peer.channel.assertQueue('from');
		const opened = await open();
		const declare = (values: object) => () => act(opened, 'declare-queue', { values: { name: 'set', ...values } });
		const bind = () => act(opened, 'bind', { node: 'queue:set', values: { exchange: ' ' } });
		const move = (target: string) => () => act(opened, 'move', { node: 'queue:from', values: { target } });
		for (const [field, run] of [
			['x-message-ttl', declare({ 'x-message-ttl': 2000 })],
			['durable', declare({ durable: false, 'x-message-ttl': 1000 })],
			['arguments', declare({ arguments: [['n', '(int) many']] })],
			['name', () => act(opened, 'declare-queue', { values: { name: 'n'.repeat(256) } })],
			['deadQueue', declare({ deadLetters: 'queue', deadQueue: 'exchange/x' })],
			['exchange', bind],
			['target', move('firehose/#')],
			['target', move('from')],
		] as const)
			assert.equal((await failureOf(run)).field, field);
		for (const name of ['set', 'from']) await peer.channel.deleteQueue(name);
	},

	async 'a stream is read from an offset, keeps its messages and is called so; another queue is refused'({
		peer,
		open,
	}) {
		const opened = await open();
		await act(opened, 'declare-queue', { values: { name: 'events', type: 'stream' } });
		await peer.publish('', 'events', ['a', 'b', 'c'].map(bytes));
		for (const _ of [1, 2]) {
			const own = await open();
			const subscription = { target: 'queue/events', mode: 'stream', offset: 'first' };
			assert.equal(await own.link.ask?.({ kind: 'subscribe', subscription }), undefined);
			const granted = await own.link.subscribe?.(subscription);
			assert.match(granted?.detail ?? '', /^reading all messages from the first one on/);
			await eventually('all', () => assert.deepEqual(texts(own), ['a', 'b', 'c']));
			assert.ok(own.recorded.messages.every(({ flags }) => flags & amqpFlag.read && !(flags & amqpFlag.consumed)));
		}
		await eventually('its kind', async () => {
			const nodes = (await opened.link.browse?.('queues', 0, 100))?.nodes ?? [];
			const stream = nodes.find(({ name }) => name === 'events');
			assert.deepEqual([stream?.kind, stream?.modes], ['stream', ['stream']]);
			assert.match(stream?.description ?? '', /stream$/);
		});
		for (const type of ['classic', 'quorum']) {
			await act(opened, 'declare-queue', { values: { name: 'no-stream', type } });
			await peer.publish('', 'no-stream', ['kept'].map(bytes));
			const subscribe = () => opened.link.subscribe?.({ target: 'queue/no-stream', mode: 'stream' });
			assert.equal((await failureOf(subscribe)).code, 'not-stream', type);
			assert.equal(await peer.ready('no-stream'), 1);
			await peer.channel.deleteQueue('no-stream');
		}
		await peer.channel.deleteQueue('events');
	},

	async 'the state of the firehose decides which of its two actions is offered'({ open }) {
		const opened = await open();
		assert.deepEqual(opened.link.states?.(), []);
		const on = await act(opened, 'trace-on');
		assert.deepEqual(on.show, { target: 'firehose/#', mode: 'firehose' });
		assert.deepEqual(opened.link.states?.(), ['tracing']);
		const other = await open();
		await other.link.browse?.(undefined, 0, 10);
		assert.deepEqual(other.link.states?.(), ['tracing'], 'another connection reads it');
		await act(opened, 'trace-off');
		assert.deepEqual(opened.link.states?.(), []);
	},
};
