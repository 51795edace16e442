import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { connect as connectClient } from 'mqtt';
import type { Limits } from '../../../src/model/contracts/session';
import { startRelay } from '../../support/net/relay';
import { eventually } from '../../support/run/eventually';
import { notes, type RealSession, realSession } from '../../support/run/session';
import { startMosquitto } from '../../support/servers/mosquitto';
import { smallBroker } from '../../support/servers/small-broker';

/** Mosquitto drops beyond its queues without a word to anyone: without limits it delivers everything. */
const patient = { general: ['max_queued_messages 0', 'max_queued_bytes 0', 'max_inflight_messages 0'] };

/** Payloads of the received messages that the log has, in its order. */
function logged({ store }: RealSession): number[] {
	const numbers: number[] = [];
	for (let seq = store.evicted; seq < store.evicted + store.kept; seq++) {
		const text = Buffer.from(store.reader.payload(seq)).toString();
		if (/^\d+$/.test(text)) numbers.push(Number(text));
	}
	return numbers;
}

const caps: [name: string, limits: Partial<Limits>][] = [
	['by default', {}],
	['10,000 messages', { logMessages: 10_000 }],
	['100,000 bytes', { logBytes: 100_000 }],
];

for (const qos of [1, 0])
	test(`100,000 numbered messages at 20,000 a second, QoS ${qos}: each is in the log or counted as evicted`, async (t) => {
		const count = 100_000;
		const broker = await startMosquitto(patient);
		t.after(() => broker.stop());
		const sessions = caps.map(([, limits]) =>
			realSession('mqtt', {
				...{ url: `mqtt://127.0.0.1:${broker.port}`, limits },
				subscriptions: [{ target: 'numbered', qos }],
			}),
		);
		t.after(() => {
			for (const session of sessions) session.dispose();
		});
		for (const session of sessions) {
			await session.connect();
			await eventually('subscribed', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
		}
		const began = performance.now();
		const publisher = fork('test/support/servers/numbered-publisher.mjs', [
			JSON.stringify({ port: broker.port, topic: 'numbered', count, qos, perSecond: 20_000 }),
		]);
		assert.deepEqual(await once(publisher, 'exit'), [0, null]);
		for (const [index, [name, limits]] of caps.entries())
			await t.test(`log limited ${name}`, async () => {
				const session = sessions[index] as RealSession;
				await eventually('all have arrived', () => assert.equal(session.status().received, count));
				const { state, kept, evicted } = session.status();
				assert.equal(state.kind, 'open');
				// One line is not a message: "Connected".
				assert.equal(kept + evicted, count + 1);
				const numbers = logged(session);
				const first = evicted === 0 ? 0 : evicted - 1;
				assert.equal(numbers.length, count - first);
				assert.ok(
					numbers.every((number, at) => number === first + at),
					'no gap, no repetition, in order',
				);
				if (limits.logMessages || limits.logBytes) assert.ok(evicted > count / 2, `${evicted} evicted`);
				else assert.equal(evicted, 0);
				await session.close();
			});
		t.diagnostic(`${Math.round((count / (performance.now() - began)) * 1000)} messages/s`);
	});

test('an acknowledgement leaves after its message is in the log, in a burst, too', async (t) => {
	const count = 2000;
	const early: number[] = [];
	let acknowledged = 0;
	const broker = await smallBroker((client, packet) => {
		if (packet.cmd === 'connect') {
			client.send({ cmd: 'connack', reasonCode: 0 });
			for (let messageId = 1; messageId <= count; messageId++)
				client.send({ cmd: 'publish', topic: 'a', payload: String(messageId), qos: 1, messageId });
		}
		if (packet.cmd !== 'puback') return;
		acknowledged++;
		if (session.store.received < (packet.messageId ?? 0)) early.push(packet.messageId ?? 0);
	});
	t.after(() => broker.close());
	const session = realSession('mqtt', { url: `mqtt://127.0.0.1:${broker.port}` });
	t.after(() => session.dispose());
	await session.connect();
	await eventually('all are acknowledged', () => assert.equal(acknowledged, count));
	assert.deepEqual(early, []);
	assert.deepEqual(
		logged(session),
		Array.from({ length: count }, (_, at) => at + 1),
	);
	await session.close();
});

for (const [qos, what] of [
	[1, 'at least once'],
	[2, 'exactly once'],
] as const)
	test(`a link that breaks again and again: at QoS ${qos} each message is in the log ${what}`, async (t) => {
		const count = 3000;
		const broker = await startMosquitto({ general: ['max_queued_messages 0', 'max_inflight_messages 50'] });
		t.after(() => broker.stop());
		const relay = await startRelay(broker.port);
		t.after(() => relay.close());
		const session = realSession('mqtt', {
			url: `mqtt://127.0.0.1:${relay.port}`,
			values: { mqttVersion: '5', clientId: 'keeper', cleanStart: false, sessionExpiry: 600 },
			subscriptions: [{ target: 'numbered', qos }],
			pause: () => 10,
		});
		t.after(() => session.dispose());
		await session.connect();
		await eventually('subscribed', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
		const publisher = connectClient({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 0 });
		t.after(() => publisher.endAsync(true));
		const parts = 6;
		const publish = async (from: number) => {
			// No more at once than the broker lets in.
			for (let at = from; at < from + count / parts; at += 25)
				await Promise.all(
					Array.from({ length: 25 }, (_, more) => publisher.publishAsync('numbered', String(at + more), { qos })),
				);
		};
		for (let part = 0; part < parts; part++) {
			const from = (count / parts) * part;
			const published = publish(from);
			// In the middle of what is delivered, wherever that is.
			await eventually('some have arrived', () => assert.ok(logged(session).some((number) => number > from)));
			relay.cut();
			await published;
			await eventually('open again', () => {
				assert.equal(session.status().state.kind, 'open');
				assert.equal(relay.accepted, part + 2);
			});
		}
		await eventually('all have arrived', () => assert.equal(new Set(logged(session)).size, count));
		if (qos === 2) assert.equal(session.store.received, count);
		t.diagnostic(`${session.store.received - count} repeated of ${count}`);
		assert.equal(notes(session).filter((text) => text.startsWith('Connected')).length, parts + 1);
		await session.close();
	});
