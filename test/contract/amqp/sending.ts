import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Draft } from '../../../src/model/contracts/message';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { amqpFlag } from '../../../src/protocols/amqp/describe/flags';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { pki } from '../../support/servers/pki';
import { connect, refused, resolved } from '../suite/attempt';
import { plain } from '../suite/judge';
import { act, bytes, type Cases, texts } from './server';

const draft = (verb: string, target: string, more: Partial<Draft> = {}): Draft => ({
	...{ verb, target, values: {}, payload: bytes('hello') },
	...more,
});

export const sending: Cases = {
	async 'all properties and typed headers arrive as they were given'({ peer, open }) {
		await peer.channel.assertQueue('email');
		const { link } = await open();
		const receipt = await link.send(
			draft('queue', 'queue/email', {
				values: {
					contentType: 'application/json',
					contentEncoding: 'utf-8',
					headers: [
						['plain', 'text'],
						['count', '(int) -5'],
						['big', '(long) 9007199254740993'],
						['half', '(double) 1.5'],
						['yes', '(boolean) true'],
						['raw', '(bytes) 00ff'],
						['when', '(timestamp) 2026-01-31T12:00:00Z'],
						['list', '(list) ["a", 1]'],
						['table', '(table) {"a": {"b": true}}'],
						['nothing', '(null)'],
						['__proto__', 'harmless'],
					],
					persistent: true,
					priority: 7,
					correlationId: 'c-1',
					replyTo: 'answers',
					expiration: '60000',
					messageId: 'm-1',
					timestamp: '2026-01-31T12:00:00Z',
					type: 't',
					userId: 'admin',
					appId: 'test',
				},
			}),
		);
		assert.equal(receipt.proof, 'acknowledged', receipt.evidence);
		const [got] = await peer.drain('email');
		const { headers, ...properties } = got?.properties ?? {};
		assert.deepEqual(JSON.parse(JSON.stringify(properties)), {
			contentType: 'application/json',
			contentEncoding: 'utf-8',
			deliveryMode: 2,
			priority: 7,
			correlationId: 'c-1',
			replyTo: 'answers',
			expiration: '60000',
			messageId: 'm-1',
			timestamp: 1769860800,
			type: 't',
			userId: 'admin',
			appId: 'test',
		});
		assert.equal(headers?.plain, 'text');
		assert.equal(headers?.count, -5);
		assert.equal(headers?.half, 1.5);
		assert.equal(headers?.yes, true);
		assert.deepEqual(headers?.raw, Buffer.of(0, 255));
		assert.deepEqual(headers?.when, { '!': 'timestamp', value: 1769860800 });
		assert.deepEqual(headers?.list, ['a', 1]);
		assert.deepEqual(headers?.table, { a: { b: true } });
		assert.equal(headers?.nothing, null);
	},

	async 'what no queue takes is unrouted, and its neighbors are not'({ peer, open }) {
		await peer.channel.assertExchange('letters', 'topic');
		await peer.channel.assertQueue('known');
		await peer.channel.bindQueue('known', 'letters', 'known.*');
		const { link } = await open();
		const receipts = await Promise.all(
			Array.from({ length: 400 }, (_, at) =>
				link.send(draft('publish', `exchange/letters/${at % 2 ? 'known' : 'lost'}.a`)),
			),
		);
		receipts.forEach(({ proof, evidence }, at) => {
			assert.equal(proof, at % 2 ? 'acknowledged' : 'unrouted');
			if (proof === 'unrouted') assert.equal(evidence, 'basic.return 312 NO_ROUTE');
		});
		assert.equal((await peer.drain('known')).length, 200);
	},

	async 'messages without a confirm are handed over in order, and what ends their channel is noted'({ peer, open }) {
		await peer.channel.assertQueue('quick');
		const { link, recorded } = await open();
		const values = { confirm: false };
		const receipts = await Promise.all(
			Array.from({ length: 500 }, (_, at) =>
				link.send(draft('queue', 'queue/quick', { values, payload: bytes(String(at)) })),
			),
		);
		for (const { proof, text } of receipts) {
			assert.equal(proof, 'handed-over');
			assert.match(text, /without a confirm/);
		}
		await eventually('all are in the queue', async () => assert.equal(await peer.ready('quick'), 500));
		const got = await peer.drain('quick');
		assert.deepEqual(
			got.map(({ content }) => Number(content.toString())),
			receipts.map((_, at) => at),
		);
		// Neither is answered: there is no such exchange, and nothing is bound for the other.
		for (const target of ['exchange/missing/a', 'exchange/amq.topic/unbound'])
			assert.equal((await link.send(draft('publish', target, { values }))).proof, 'handed-over');
		await eventually('a note', () =>
			assert.deepEqual(
				recorded.notes.map((note) => /^Messages without confirms were lost: There is no exchange "missing"/.test(note)),
				[true],
			),
		);
		await link.send(draft('queue', 'queue/quick', { values }));
		await eventually('others are still sent', async () => assert.equal(await peer.ready('quick'), 1));
		await peer.drain('quick');
	},

	async 'a full queue refuses, and says so'({ peer, open }) {
		await peer.channel.assertQueue('narrow', { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
		const { link } = await open();
		const proofs = [];
		for (let at = 0; at < 3; at++) proofs.push((await link.send(draft('queue', 'queue/narrow'))).proof);
		assert.deepEqual(proofs, ['acknowledged', 'refused', 'refused']);
	},

	async 'what is refused says which permission is missing, and takes nothing else with it'({ peer, open }) {
		await peer.channel.assertQueue('bob.in');
		await peer.channel.assertExchange('bob.x', 'fanout');
		await peer.channel.bindQueue('bob.in', 'bob.x', '');
		const opened = await open({ user: 'bob' });
		const { link } = opened;
		const [denied, allowed, missing, other] = await Promise.all([
			link.send(draft('publish', 'exchange/amq.topic/a')),
			link.send(draft('publish', 'exchange/bob.x/a')),
			link.send(draft('publish', 'exchange/bob.missing/a')),
			link.send(draft('publish', 'exchange/bob.x/a', { values: { userId: 'admin' } })),
		]);
		assert.match(
			denied?.text ?? '',
			/^The user "bob" has no write permission on the exchange "amq.topic" in the virtual host "\/"\.$/,
		);
		assert.equal(denied?.proof, 'refused');
		assert.equal(allowed?.proof, 'acknowledged');
		assert.equal(missing?.proof, 'refused');
		assert.match(missing?.text ?? '', /^There is no exchange "bob.missing"/);
		assert.equal(other?.proof, 'refused', other?.text);
		const failure = await link.subscribe?.({ target: 'exchange/bob.x' }).then(
			() => undefined,
			(error) => error.failure,
		);
		assert.match(failure?.message ?? '', /^The user "bob" has no configure permission/);
		assert.match(failure?.remedy?.text ?? '', /tap/i);
		const named = await open({ user: 'bob', values: { tapPrefix: 'bob.tap-' } });
		await named.link.subscribe?.({ target: 'exchange/bob.x' });
		await peer.publish('bob.x', '', [bytes('seen')]);
		await eventually('the tap with an allowed name works', () => assert.deepEqual(texts(named), ['seen']));
		await assert.rejects(
			() => act(opened, 'purge', { node: 'queue:known' }),
			/no read permission on the queue "known"/,
		);
	},

	async 'drafts that cannot be are refused before anything leaves'({ open }) {
		const { link } = await open();
		const wrong: Draft[] = [
			draft('publish', 'firehose/#'),
			draft('queue', 'exchange/email'),
			draft('publish', `exchange/a/${'k'.repeat(256)}`),
			draft('shout', 'queue/email'),
			draft('queue', 'queue/email', { values: { expiration: 'soon' } }),
			draft('queue', 'queue/email', { values: { priority: 300 } }),
			draft('queue', 'queue/email', { values: { headers: [['n', '(int) many']] } }),
			draft('queue', 'queue/email', { values: { contentType: 'x'.repeat(256) } }),
		];
		for (const one of wrong) assert.throws(() => link.prepare(one), { name: 'FailureError' });
	},

	async 'a request is answered under it, or says how far it came'({ peer, open }) {
		const { channel } = peer;
		await channel.assertQueue('rpc');
		await channel.assertQueue('nobody');
		const { consumerTag } = await channel.consume('rpc', (message) => {
			if (!message) return;
			const { replyTo, correlationId } = message.properties;
			channel.sendToQueue(replyTo, Buffer.from(`re: ${message.content}`), { correlationId });
			channel.ack(message);
		});
		const opened = await open();
		const sending = { seq: 77, progress() {}, signal: new AbortController().signal };
		const receipt = await opened.link.send(draft('request', 'queue/rpc'), sending);
		assert.equal(receipt.proof, 'answered');
		assert.deepEqual(receipt.answers, [0]);
		const [answer] = opened.recorded.messages;
		assert.equal(answer?.payload.toString(), 're: hello');
		assert.equal(answer?.answers, 77);
		assert.ok((answer?.flags ?? 0) & amqpFlag.reply);
		const silent = await opened.link.send(draft('request', 'queue/nobody', { values: { timeout: 1 } }), sending);
		assert.deepEqual(
			[silent.proof, silent.text],
			['acknowledged', 'The request reached a queue, but no answer arrived within 1 s.'],
		);
		assert.equal((await opened.link.send(draft('request', 'queue/not-there'), sending)).proof, 'unrouted');
		assert.equal((await opened.link.send(draft('request', 'exchange/missing/a'), sending)).proof, 'refused');
		const stop = new AbortController();
		const stopped = opened.link.send(draft('request', 'queue/nobody'), { ...sending, signal: stop.signal });
		await eventually('it is in the queue', async () => assert.equal(await peer.ready('nobody'), 2));
		stop.abort();
		assert.match((await stopped).text, /The wait for the answer was stopped/);
		await channel.cancel(consumerTag);
	},

	async 'a refused login, a missing virtual host and one that is not permitted'({ server, profile }) {
		const codes = [];
		for (const options of [
			{ path: '/missing' },
			{ path: '/' },
			{ user: 'bob' as const, path: '/v%2Fwith%20slash' },
			{ path: '/a/b' },
			{ values: { username: 'nobody' } },
			{ values: { mechanism: 'EXTERNAL' } },
		]) {
			const one = profile(options);
			const { failure } = await refused({ adapter, ...one });
			plain(failure, one.secrets);
			assert.equal(failure.final, true);
			codes.push(failure.code);
		}
		assert.deepEqual(codes, [
			...['vhost-not-found', 'vhost-not-found', 'vhost-refused', 'bad-url', 'credentials-refused'],
			'mechanism-not-offered',
		]);
		await eventually('no client left', () => assert.equal(server.connections(), 0));
	},

	async 'a client certificate signs in'({ server }) {
		const { ca, client } = pki();
		const { link } = await connect({
			adapter,
			profile: resolved('amqp', `amqps://localhost:${server.tlsPort}`, {
				...{ mechanism: 'EXTERNAL', 'tls.ca': ca, 'tls.cert': client.cert, 'tls.key': client.key },
				'management.url': 'none',
			}),
		});
		assert.equal(link.security.mechanisms?.used, 'EXTERNAL');
		assert.ok(link.security.mechanisms?.offered.includes('PLAIN'));
		assert.equal(link.security.authentication, 'client certificate');
		link.destroy();
	},

	async 'the next node is tried when one is gone, and silent ones get their share of the time'({ server, profile }) {
		const silent = createServer(() => {});
		const port = await listen(silent);
		const one = profile({ values: { nodes: [`127.0.0.1:${port}`, `localhost:${server.port}`], connectTimeout: 4 } });
		const moved = { ...one.profile, url: 'amqp://127.0.0.1:1' };
		const { link } = await connect({ adapter, ...one, profile: moved });
		assert.ok(link.facts.some(({ label, value }) => label === 'Node' && value === `localhost:${server.port}`));
		link.destroy();
		const { failure } = await refused({
			adapter,
			...one,
			profile: { ...moved, values: { ...moved.values, nodes: ['127.0.0.1:2'] } },
		});
		assert.match(failure.message, /^None of the 2 nodes/);
		assert.match(failure.evidence ?? '', /127\.0\.0\.1:1: .*\n127\.0\.0\.1:2: /);
		silent.close();
	},
};
