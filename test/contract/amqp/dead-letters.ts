import assert from 'node:assert/strict';
import type { Peer } from '../../support/servers/rabbitmq-peer';
import { startPeer } from '../../support/servers/rabbitmq-peer';
import { act, bytes, type Cases, logged } from './server';

/** A queue of work whose rejected messages go to `dead`, bound so that both find their way back. */
async function prepare({ channel }: Peer): Promise<void> {
	await channel.assertExchange('shop', 'topic', { durable: true });
	await channel.assertExchange('shop.dlx', 'fanout', { durable: true });
	await channel.assertQueue('work', { durable: true, deadLetterExchange: 'shop.dlx' });
	await channel.assertQueue('dead', { durable: true });
	await channel.bindQueue('work', 'shop', 'eu.#');
	await channel.bindQueue('dead', 'shop.dlx', '');
	await channel.purgeQueue('work');
	await channel.purgeQueue('dead');
}

async function kill(peer: Peer, texts: string[], options = {}): Promise<void> {
	await peer.publish('shop', 'eu.created', texts.map(bytes), { persistent: true, ...options });
	for (const _ of texts) {
		const message = await peer.channel.get('work');
		if (message) peer.channel.nack(message, false, false);
	}
	for (;;) if ((await peer.ready('dead')) >= texts.length) return;
}

const contents = async (peer: Peer, queue: string) =>
	(await peer.drain(queue)).map(({ content }) => content.toString());
const numbers = (count: number) => Array.from({ length: count }, (_, at) => `message ${at}`);

export const deadLetters: Cases = {
	async 'all of a queue go back to where they died, as they were'({ peer, open }) {
		await prepare(peer);
		await kill(peer, ['a', 'b', 'c'], {
			headers: { big: { '!': 'int64', value: 5 } },
			messageId: 'm',
			contentType: 'text/plain',
		});
		const opened = await open();
		const result = await act(opened, 'revive', { node: 'queue:dead' });
		assert.equal(
			result.text,
			'Sent 3 messages from "dead" to the exchange "shop" with the key "eu.created", each confirmed before it was removed from its queue. "dead" now has 0 ready.',
		);
		assert.equal(result.bad, undefined);
		assert.equal(await peer.ready('dead'), 0);
		const back = await peer.drain('work');
		assert.deepEqual(
			back.map(({ content }) => content.toString()),
			['a', 'b', 'c'],
		);
		const [first] = back;
		assert.equal(first?.fields.exchange, 'shop');
		assert.equal(first?.fields.routingKey, 'eu.created');
		assert.equal(first?.properties.messageId, 'm');
		assert.equal(first?.properties.contentType, 'text/plain');
		assert.equal(first?.properties.headers?.big, 5);
	},

	async 'only so many; and straight to the queue'({ peer, open }) {
		await prepare(peer);
		await kill(peer, numbers(5));
		const opened = await open();
		assert.match(
			(await act(opened, 'revive', { node: 'queue:dead', values: { count: 2, to: 'queue' } })).text,
			/^Sent 2 /,
		);
		assert.deepEqual(await contents(peer, 'dead'), ['message 2', 'message 3', 'message 4']);
		assert.deepEqual(
			(await peer.drain('work')).map(({ fields }) => fields.exchange),
			['', ''],
		);
	},

	async 'selected ones of a peek, and no others; again they are not there any more'({ peer, open }) {
		await prepare(peer);
		await kill(peer, ['a', 'b', 'c', 'b']);
		const opened = await open();
		await act(opened, 'peek', { node: 'queue:dead' });
		const messages = logged(opened).filter(({ seq }) => seq === 1 || seq === 2);
		assert.match((await act(opened, 'revive', { messages })).text, /^Sent 2 messages/);
		assert.deepEqual(await contents(peer, 'work'), ['b', 'c']);
		const again = await act(opened, 'revive', { messages: messages.slice(1) });
		assert.equal(again.bad, true);
		assert.equal(
			again.text,
			'Nothing was sent. 1 was not sent: no longer ready in "dead" (consumed, or held by a consumer). 2 messages were requeued, marked as redelivered. "dead" now has 2 ready.',
		);
		assert.deepEqual(await contents(peer, 'dead'), ['a', 'b']);
	},

	async 'a search that ends at its limit, or is stopped, says how far it came, and loses nothing'({ peer, open }) {
		await prepare(peer);
		await kill(peer, numbers(40));
		const opened = await open();
		await act(opened, 'peek', { node: 'queue:dead', values: { count: 40 } });
		const messages = logged(opened).filter(({ seq }) => seq === 2 || seq === 35);
		const near = await act(opened, 'revive', { messages, values: { look: 30 } });
		assert.equal(near.bad, true);
		assert.equal(
			near.text,
			'Sent 1 message to the exchange "shop" with the key "eu.created", confirmed before it was removed from its queue. 1 was not sent: not among the first 30 messages of "dead", and no more were looked at. Raise "Search at most" to go further. 29 messages were requeued, marked as redelivered. "dead" now has 39 ready.',
		);
		assert.equal(await peer.ready('dead'), 39);
		const signal = AbortSignal.abort();
		const stopped = await act(opened, 'revive', { messages: messages.slice(1), signal });
		assert.match(stopped.text, /^Nothing was sent\. 1 stayed: the action was stopped before it was sent\.$/);
		const far = await act(opened, 'revive', { messages: messages.slice(1) });
		assert.match(
			far.text,
			/^Sent 1 message to the exchange "shop" with the key "eu.created", confirmed before it was removed from its queue\. \d+ messages were requeued/,
		);
		const rest = numbers(40).filter((_, at) => at !== 2 && at !== 35);
		assert.deepEqual(await contents(peer, 'dead'), rest, 'in their order');
		assert.deepEqual(await contents(peer, 'work'), ['message 2', 'message 35']);
	},

	async 'a queue that is gone does not hide what was done at another'({ peer, open }) {
		await prepare(peer);
		await peer.channel.assertQueue('dead.too');
		await peer.channel.bindQueue('dead.too', 'shop.dlx', '');
		await kill(peer, ['a']);
		const opened = await open();
		await act(opened, 'peek', { node: 'queue:dead' });
		await act(opened, 'peek', { node: 'queue:dead.too' });
		await peer.channel.deleteQueue('dead.too');
		const result = await act(opened, 'revive', { messages: logged(opened) });
		assert.equal(result.bad, true);
		assert.match(result.text, /^Sent 1 message to .*, .* 1 stayed: There is no queue "dead.too"/);
		assert.deepEqual(await contents(peer, 'work'), ['a']);
	},

	async 'one, with another body, to another place; one that was consumed, from the log'({ peer, open }) {
		await prepare(peer);
		await peer.channel.assertQueue('elsewhere');
		await kill(peer, ['a', 'b']);
		const opened = await open();
		await act(opened, 'peek', { node: 'queue:dead', values: { count: 1 } });
		const values = { target: 'queue/elsewhere', body: 'A' };
		assert.match(
			(await act(opened, 'revive', { messages: logged(opened), values })).text,
			/^Sent 1 message to the queue "elsewhere",/,
		);
		assert.deepEqual(await contents(peer, 'elsewhere'), ['A']);
		await assert.rejects(() => act(opened, 'revive', { node: 'queue:dead', values: { body: 'A' } }), /single message/);
		await opened.link.subscribe?.({ target: 'queue/dead', mode: 'consume' });
		for (;;) if ((await peer.ready('dead')) === 0 && opened.recorded.messages.length === 2) break;
		const taken = logged(opened).slice(1);
		assert.match((await act(opened, 'revive', { messages: taken })).text, /^Sent 1 message/);
		assert.deepEqual(await contents(peer, 'work'), ['b']);
	},

	async 'what cannot go back stays, with the reason'({ peer, open }) {
		await prepare(peer);
		await kill(peer, ['a', 'b']);
		await peer.publish('', 'dead', [bytes('never died')], { persistent: true });
		await peer.channel.unbindQueue('work', 'shop', 'eu.#');
		const opened = await open();
		const unroutable = await act(opened, 'revive', { node: 'queue:dead' });
		assert.equal(unroutable.bad, true);
		assert.match(
			unroutable.text,
			/2 stayed: no queue is bound for it there\. 1 stayed: it has no x-death header|1 stayed: it has no x-death header .* 2 stayed: no queue is bound for it there\./,
		);
		await peer.channel.deleteExchange('shop');
		const missing = await act(opened, 'revive', { node: 'queue:dead' });
		assert.match(missing.text, /^Nothing was sent from "dead"\..*There is no exchange "shop"/);
		assert.deepEqual((await contents(peer, 'dead')).sort(), ['a', 'b', 'never died']);
	},

	async 'moved to another queue'({ peer, open }) {
		await prepare(peer);
		await peer.channel.assertQueue('archive');
		await peer.publish('', 'dead', numbers(250).map(bytes), { persistent: true });
		const opened = await open();
		await assert.rejects(
			() => act(opened, 'move', { node: 'queue:dead', values: { target: 'queue/dead' } }),
			/already/,
		);
		const result = await act(opened, 'move', { node: 'queue:dead', values: { target: 'queue/archive' } });
		assert.match(result.text, /^Sent 250 messages from "dead" to the queue "archive".* "dead" now has 0 ready\.$/);
		assert.deepEqual(await contents(peer, 'archive'), numbers(250));
		assert.equal(await peer.ready('dead'), 0);
	},

	async 'none is lost when the server is killed in the middle'({ server, peer, open }) {
		await prepare(peer);
		const all = numbers(3000);
		await peer.publish('', 'dead', all.map(bytes), { persistent: true });
		const opened = await open();
		let seen = 0;
		const moving = opened.link.act?.({
			...{ action: 'move', node: 'queue:dead', messages: [], values: { target: 'queue/work', count: 3000 } },
			signal: new AbortController().signal,
			progress() {
				if (++seen === 500) server.kill('SIGKILL');
			},
		});
		const result = await moving?.catch((error: Error) => ({ text: error.message, bad: true }));
		assert.equal(result?.bad, true, result?.text);
		await server.restart();
		const after = await startPeer(server);
		const [moved, kept] = [await contents(after, 'work'), await contents(after, 'dead')];
		assert.ok(moved.length >= 500 && kept.length > 0, `${moved.length} moved, ${kept.length} kept`);
		assert.deepEqual(
			[...new Set([...moved, ...kept])].sort(),
			[...all].sort(),
			'every message is at one of the places',
		);
		await after.close();
	},
};
