import assert from 'node:assert/strict';
import { FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import { eventually } from '../../support/run/eventually';
import { act, bytes, type Cases, type Opened, texts } from './server';

async function failure(doing: Promise<unknown>): Promise<{ code: string; message: string }> {
	try {
		await doing;
	} catch (error) {
		if (error instanceof FailureError) return error.failure;
		throw error;
	}
	throw new Error('It did not fail.');
}

const bindings = async ({ link }: Opened, of: string) => (await link.browse?.(of, 0, 100))?.nodes ?? [];

export const declaring: Cases = {
	async 'a queue with all that was asked for; again it is there already; another one differs'({ server, open }) {
		const opened = await open();
		const declare = (values: Values) => act(opened, 'declare-queue', { values });
		const values: Values = {
			...{ name: 'made', type: 'classic', durable: true, 'x-message-ttl': 60_000, 'x-max-length': 5 },
			...{ 'x-dead-letter-exchange': 'made.dlx', 'x-overflow': 'reject-publish', 'x-max-length-bytes': 1_000_000 },
			arguments: [
				['x-max-priority', '(int) 3'],
				['x-single-active-consumer', '(boolean) true'],
			],
		};
		assert.equal((await declare(values)).text, 'Declared the queue "made".');
		const made = (await server.api('GET', '/queues/%2F/made')) as { durable: boolean; arguments: object };
		assert.equal(made.durable, true);
		assert.deepEqual(made.arguments, {
			...{ 'x-queue-type': 'classic', 'x-message-ttl': 60_000, 'x-max-length': 5, 'x-max-length-bytes': 1_000_000 },
			...{ 'x-dead-letter-exchange': 'made.dlx', 'x-overflow': 'reject-publish' },
			...{ 'x-max-priority': 3, 'x-single-active-consumer': true },
		});
		assert.match((await declare(values)).text, /already exists with these properties: nothing was changed/);
		const differs = async (more: Values) => (await failure(declare({ ...values, ...more }))).message;
		const there = 'There is a queue "made" already, and it differs:';
		assert.equal(await differs({ durable: false }), `${there} durable is yes there, and no was asked for.`);
		assert.equal(
			await differs({ 'x-message-ttl': 1 }),
			`${there} x-message-ttl is "60000" there, and "1" was asked for.`,
		);
		assert.equal(
			await differs({ 'x-message-ttl': undefined }),
			`${there} x-message-ttl is "60000" there, and none was asked for.`,
		);
		assert.equal(
			(await failure(declare({ name: 'q', type: 'quorum', durable: false }))).message,
			'A queue of this type must be durable, so "q" was not declared.',
		);
		assert.match(
			(await failure(declare({ name: 'q', 'x-dead-letter-routing-key': 'x' }))).message,
			/needs a dead-letter/,
		);
		assert.match(
			(await failure(declare({ name: 'amq.x' }))).message,
			/^Names that start with "amq\." are reserved for the server/,
		);
		assert.match(
			(await failure(declare({ ...values, arguments: [['x-max-length', '(int) 3']] }))).message,
			/set twice/,
		);
		assert.match(
			(await failure(declare({ name: 'q', arguments: [['x', '(int) a']] }))).message,
			/The argument "x" is not/,
		);
	},

	async 'a queue for this connection only is gone with it'({ peer, open }) {
		const opened = await open();
		const result = await act(opened, 'declare-queue', { values: { name: 'mine', exclusive: true } });
		assert.match(result.text, /^Declared the queue "mine"\. It is deleted when this connection ends\.$/);
		assert.match((await act(opened, 'purge', { node: 'queue:mine' })).text, /^Purged 0 messages/);
		const other = await open();
		assert.equal((await failure(act(other, 'purge', { node: 'queue:mine' }))).code, 'locked');
		await opened.link.close();
		await eventually('it is gone', async () =>
			assert.equal((await failure(act(other, 'purge', { node: 'queue:mine' }))).code, 'not-found'),
		);
		assert.equal(await peer.ready('made'), 0);
	},

	async 'exchanges of all types; what differs; one that the server does not know ends nothing'({ peer, open }) {
		const opened = await open();
		await opened.link.subscribe?.({ target: 'exchange/amq.fanout' });
		const declare = (values: Values) => act(opened, 'declare-exchange', { values });
		for (const type of ['topic', 'direct', 'fanout', 'headers'])
			assert.equal((await declare({ name: `made.${type}`, type })).text, `Declared the exchange "made.${type}".`);
		assert.equal(
			(await failure(declare({ name: 'made.topic', type: 'fanout' }))).message,
			'There is an exchange "made.topic" already, and it differs: type is "topic" there, and "fanout" was asked for.',
		);
		const unknown = await failure(declare({ name: 'x', type: 'other', otherType: 'x-nobody-has' }));
		assert.equal(unknown.message, 'The server does not know exchanges of the type "x-nobody-has".');
		await declare({ name: 'made.inner', type: 'topic', internal: true, 'alternate-exchange': 'made.fanout' });
		await peer.publish('amq.fanout', '', [bytes('still here')]);
		await eventually('the tap goes on', () => assert.deepEqual(texts(opened), ['still here']));
	},

	async 'bound, seen in the tree, and unbound, with typed arguments too'({ peer, open }) {
		const opened = await open();
		await peer.channel.assertQueue('bound');
		const on = (node: string, action: string, values: Values = {}) => act(opened, action, { node, values });
		assert.equal(
			(await on('queue:bound', 'bind', { exchange: 'made.topic', key: 'eu.#' })).text,
			'Bound the queue "bound" to the exchange "made.topic" with the key "eu.#".',
		);
		// As addresses are written, with the key in it.
		await on('queue:bound', 'bind', { exchange: 'exchange/made.direct/exact' });
		await on('exchange:made.inner', 'bind', { exchange: 'made.topic', key: '#' });
		await on('exchange:made.inner', 'bind-here', { target: 'queue/bound' });
		const match: Values = {
			arguments: [
				['x-match', 'all'],
				['size', '(int) 5'],
				['ok', '(boolean) true'],
			],
		};
		await on('exchange:made.headers', 'bind-here', { target: 'queue/bound', ...match });
		await peer.publish('made.headers', '', [bytes('fits')], { headers: { size: 5, ok: true } });
		await peer.publish('made.headers', '', [bytes('not')], { headers: { size: 6, ok: true } });
		assert.deepEqual(
			(await peer.drain('bound')).map(({ content }) => content.toString()),
			['fits'],
		);
		const nodes = (await bindings(opened, 'queue:bound')).filter(({ name }) => !name.includes('default'));
		assert.deepEqual(nodes.map(({ name }) => name).sort(), [
			...['← exchange made.direct', '← exchange made.headers', '← exchange made.inner', '← exchange made.topic'],
		]);
		const question = await opened.link.ask?.({
			...{ kind: 'act', request: { id: '1', action: 'unbind', node: nodes[0]?.id ?? '', values: {} } },
		});
		assert.match(question?.text ?? '', /^Unbind the queue "bound" from "made\./);
		for (const { id } of nodes)
			assert.match((await on(id, 'unbind')).text, /^Unbound the queue "bound" from .* was deleted\.$/);
		assert.equal((await bindings(opened, 'queue:bound')).length, 1);
		const [inner] = await bindings(opened, 'exchange:made.inner');
		await on(inner?.id ?? '', 'unbind');
		assert.equal((await bindings(opened, 'exchange:made.inner')).length, 0);
		await on('exchange:made.headers', 'bind-here', { target: 'queue/bound', ...match });
		assert.match(
			(await on('queue:bound', 'unbind-from', { exchange: 'made.headers', ...match })).text,
			/^There is no longer a binding of the queue "bound" to the exchange "made\.headers" without a key and these arguments\.$/,
		);
		assert.equal((await bindings(opened, 'queue:bound')).length, 1);
		assert.match((await failure(on('queue:bound', 'bind', { exchange: '' }))).message, /^Enter an exchange/);
		assert.match((await failure(on('queue:bound', 'bind', { exchange: 'nobody' }))).message, /no exchange "nobody"/);
		assert.match((await failure(on('queue:bound', 'bind', { exchange: 'exchange/' }))).message, /default exchange/);
		const [own] = await bindings(opened, 'queue:bound');
		assert.equal((await failure(on(own?.id ?? '', 'unbind'))).code, 'not-allowed');
		assert.match(
			(await failure(on('exchange:amq.topic', 'delete'))).message,
			/^The exchange "amq.topic" belongs to the server/,
		);
	},

	async 'which permission is missing, and on which end'({ peer, open }) {
		for (const name of ['bob.a', 'secret']) await peer.channel.assertExchange(name, 'topic');
		await peer.channel.assertQueue('bob.q');
		const bob = await open({ user: 'bob' });
		const says = async (action: string, node: string | undefined, values: Values = {}) =>
			(await failure(act(bob, action, { node, values }))).message;
		const no = (what: string) => `The user "bob" has no ${what} in the virtual host "/".`;
		const exchange = { exchange: 'secret' };
		assert.equal(await says('bind', 'queue:bob.q', exchange), no('read permission on the exchange "secret"'));
		assert.equal(await says('bind', 'exchange:bob.a', exchange), no('read permission on the exchange "secret"'));
		const back = { target: 'exchange/secret' };
		assert.equal(await says('bind-here', 'exchange:bob.a', back), no('write permission on the exchange "secret"'));
		assert.equal(await says('unbind-from', 'queue:bob.q', exchange), no('read permission on the exchange "secret"'));
		assert.equal(await says('declare-queue', undefined, { name: 'x' }), no('configure permission on the queue "x"'));
		assert.equal(
			await says('declare-queue', undefined, { name: 'bob.x', 'x-dead-letter-exchange': 'secret' }),
			no('write permission on the exchange "secret"'),
		);
		assert.equal(
			await says('declare-exchange', undefined, { name: 'x', type: 'topic' }),
			no('configure permission on the exchange "x"'),
		);
		assert.equal(await says('delete', 'exchange:secret'), no('configure permission on the exchange "secret"'));
		assert.equal(await says('peek', 'queue:made'), no('read permission on the queue "made"'));
	},

	async 'what a stream cannot ends nothing, with and without the management API'({ server, peer, open }) {
		for (const values of [{}, { 'management.url': 'none' }]) {
			const opened = await open({ values });
			await opened.link.subscribe?.({ target: 'exchange/amq.fanout' });
			const stream = { name: 'river', type: 'stream', 'x-max-age': '1D' };
			await act(opened, 'declare-queue', { values: stream });
			for (const action of ['peek', 'purge', 'revive', 'move'])
				assert.deepEqual(
					await failure(act(opened, action, { node: 'queue:river', values: { target: 'queue/made' } })).then(
						({ code, message }) => [code, message],
					),
					[
						'is-stream',
						'"river" is a stream: it cannot be peeked at or purged, and messages cannot be moved out of it.',
					],
				);
			await peer.publish('amq.fanout', '', [bytes('still here')]);
			await eventually('the tap goes on', () => assert.deepEqual(texts(opened), ['still here']));
			opened.link.destroy();
		}
		await peer.channel.deleteQueue('river');
		await eventually('the other connections are gone', () => assert.equal(server.connections(), 0));
	},

	async 'the topology, as a document'({ open }) {
		const opened = await open();
		await act(opened, 'bind', { node: 'queue:made', values: { exchange: 'made.topic', key: 'a.*' } });
		const { document, text } = await act(opened, 'topology-document');
		assert.match(text, /^Topology: \d+ exchanges, \d+ queues, \d+ bindings?\.$/);
		assert.equal(document?.language, 'markdown');
		assert.match(document?.text ?? '', /exchange made\.topic \(topic\)\n(?: {4}→ .*\n)* {4}→ queue made {3}a\.\*\n/);
		assert.match(document?.text ?? '', /queue made(?: \(0 ready\))?\n {4}⇢ exchange made\.dlx {3}dead letters\n/);
		const without = await open({ values: { 'management.url': 'none' } });
		assert.equal((await failure(act(without, 'topology-document'))).code, 'no-management');
	},
};
