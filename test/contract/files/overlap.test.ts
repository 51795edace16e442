import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Received } from '../../../src/files/run/connection';
import { createCopies } from '../../../src/host/message-files/run/copies';
import type * as Module from '../../../src/host/message-files/run/session-connection';
import { createSessionFeed } from '../../../src/host/message-files/run/session-feed';
import type { FeedMessage } from '../../../src/model/contracts/engine-api';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';
import { readMeta } from '../../../src/protocols/mqtt/describe/publish-properties';
import { hostSession } from '../../support/host/host-session';
import { loadHost } from '../../support/host/load-host';
import { eventually } from '../../support/run/eventually';
import type { RealSession } from '../../support/run/session';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';

let broker: Mosquitto;
let peer: MqttClient;
let sessionConnection: typeof Module.sessionConnection;
let shareSubscriptions: typeof Module.shareSubscriptions;
before(async () => {
	broker = await startMosquitto();
	peer = await connectAsync({ host: '127.0.0.1', port: broker.port, protocolVersion: 5 });
	({ sessionConnection, shareSubscriptions } = await loadHost<typeof Module>(
		'src/host/message-files/run/session-connection.ts',
		{},
	));
});
after(async () => {
	await peer.endAsync();
	await broker.stop();
});

/** A session of the editor that the panel and message files share, on the real broker. */
async function shared(version: number, subscriptions: string[]) {
	const { session, host, end } = hostSession('shared', 'mqtt', {
		url: `mqtt://127.0.0.1:${broker.port}`,
		values: { mqttVersion: version },
		subscriptions: subscriptions.map((target) => ({ target })),
	});
	const feed = createSessionFeed(host, { onChanged: () => ({ dispose() {} }), get: () => host });
	await session.connect();
	await eventually('subscribed', () =>
		assert.ok(session.status().subscriptions.every(({ state }) => state === 'active')),
	);
	const shared = shareSubscriptions(host);
	const run = () =>
		sessionConnection({ ...{ session: host, feed, description: mqtt, own: false, shared }, close: async () => {} });
	return { session, run, end };
}

/** Sends, and waits until the session has logged all that the broker makes of it. */
async function published(session: RealSession, messages: [topic: string, text: string][], ends: number) {
	for (const [topic, text] of messages) await peer.publishAsync(topic, text, { qos: 1 });
	await peer.publishAsync('end', 'x', { qos: 1 });
	await eventually('the end', () =>
		assert.equal(session.store.feed(0, 1000).messages.filter(({ target }) => target === 'end').length, ends),
	);
}

for (const [version, name] of [
	[5, 'MQTT 5, whose messages say which subscription brought them'],
	[4, 'MQTT 3.1.1, whose messages do not'],
] as const)
	test(`overlapping subscriptions: a file gets each message once, ${name}`, async (t) => {
		const { session, run, end } = await shared(version, ['a/#', '+/b', 'end']);
		t.after(end);
		const connection = run();
		const got: Received[] = [];
		const listening = connection.listen(
			(message) => got.push(message),
			() => {},
		);
		await connection.subscribe({ target: 'a/b', qos: 1 });
		await published(
			session,
			[
				['a/b', 'one'],
				['a/c', 'other'],
				['a/b', 'two'],
				['a/b', 'two'],
			],
			1,
		);
		const logged = session.store.feed(0, 1000).messages.filter(({ target }) => target === 'a/b').length;
		assert.equal(logged, 9, 'this broker sends one for each subscription');
		await eventually('all read', () =>
			assert.deepEqual(
				got.filter(({ target }) => target === 'a/b').map(({ payload }) => Buffer.from(payload).toString()),
				['one', 'two', 'two'],
			),
		);
		// A second run on the same subscription has the same messages, and the first goes on.
		const second = run();
		const more: Received[] = [];
		const both = second.listen(
			(message) => more.push(message),
			() => {},
		);
		await second.subscribe({ target: 'a/b', qos: 0 });
		await published(session, [['a/b', 'three']], 2);
		await eventually('both', () =>
			assert.deepEqual(
				[got, more].map((all) => all.filter(({ target }) => target === 'a/b').length),
				[4, 1],
			),
		);
		await connection.unsubscribe({ target: 'a/b' });
		await second.unsubscribe({ target: 'a/b' });
		assert.deepEqual(
			session.status().subscriptions.map(({ subscription: { target } }) => target),
			['a/#', '+/b', 'end'],
		);
		for (const one of [listening, both]) one.dispose();
	});

test('what the panel had subscribed keeps its own identifier, and gets it back', async (t) => {
	const { session, run, end } = await shared(5, ['end']);
	t.after(end);
	await session.subscribe({ target: 'a/b', identifier: 7 });
	const connection = run();
	const got: Received[] = [];
	connection.listen(
		(message) => got.push(message),
		() => {},
	);
	await connection.subscribe({ target: 'a/b', qos: 1 });
	await published(session, [['a/b', 'x']], 1);
	await eventually('one', () => assert.equal(got.length, 1));
	const ids = session.store
		.feed(0, 1000)
		.messages.map(({ meta }) => readMeta(meta as Uint8Array | undefined).subscriptionIds);
	assert.deepEqual(ids[0], [7]);
	await connection.unsubscribe({ target: 'a/b' });
	assert.deepEqual(
		session.status().subscriptions.find(({ subscription }) => subscription.target === 'a/b')?.subscription,
		{
			target: 'a/b',
			identifier: 7,
		},
	);
});

test('copies: of brokers that send one for each, and of those that send one for all', () => {
	const message = (text: string, flags = 0): FeedMessage => ({
		...{ seq: 0, time: 0, target: 'a/b', flags },
		payload: Buffer.from(text),
	});
	const firsts = (texts: string[], filters: string[]) => {
		const copies = createCopies(mqtt);
		return texts.filter((text) => copies.isFirst(message(text), filters));
	};
	const two = ['a/#', 'a/b', 'c'];
	assert.deepEqual(firsts(['1', '1', '2', '2'], two), ['1', '2']);
	assert.deepEqual(firsts(['1', '2', '1', '2'], two), ['1', '2'], 'not in direct succession, at different QoS');
	assert.deepEqual(firsts(['1', '1', '1', '1'], two), ['1', '1'], 'the same was sent twice');
	assert.deepEqual(firsts(['1', '1'], ['a/b', 'c']), ['1', '1'], 'nothing overlaps');
	const single = Array.from({ length: 150 }, (_, at) => String(at));
	assert.deepEqual(firsts([...single, 'x', 'x'], two), [...single, 'x', 'x'], 'it has shown that it sends one for all');
	const kept = createCopies(mqtt);
	assert.ok(kept.isFirst(message('k', mqtt.retained?.flag), two));
	assert.ok(kept.isFirst(message('k'), two), 'what is kept comes for the new subscription alone');
});
