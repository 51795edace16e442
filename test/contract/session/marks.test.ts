import assert from 'node:assert/strict';
import { connect as connectSocket } from 'node:net';
import test from 'node:test';
import { generate, type Packet, parser } from 'mqtt-packet';
import { createSession } from '../../../src/engine/session/session';
import { createStore, type Store } from '../../../src/engine/store/store';
import type { CheckRule } from '../../../src/model/checks/rule';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { describe } from '../../../src/protocols/descriptions';
import { adapters } from '../../../src/protocols/index';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';

interface Options {
	port: number;
	values?: Values;
	checks?: CheckRule[];
	store?: Store;
}

/** A session with its log, as the worker has it. */
async function open({ port, values = {}, checks, store: given }: Options) {
	const description = describe('mqtt') as ProtocolDescription;
	const store = given ?? createStore(description, defaultLimits);
	const loadAdapter = adapters.mqtt;
	assert.ok(loadAdapter);
	const session = createSession({ description, loadAdapter, store, onChanged() {} });
	const profile = { id: 'p', name: 'P', protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}`, values, subscriptions: [] };
	await session.open({
		...{ profile: { ...profile, ...(checks && { checks }) }, secrets: {}, limits: defaultLimits, reconnect: false },
	});
	const marks = () =>
		store
			.feed(0, 1000)
			.messages.map(({ payload, marks = [] }) => [
				Buffer.from(payload).toString(),
				...marks.map(({ kind, reason }) => `${kind}: ${reason}`),
			]);
	const publish = (target: string, body: unknown, qos = 1) =>
		session.send({ verb: 'publish', target, values: { qos }, payload: Buffer.from(JSON.stringify(body)) });
	return { session, store, marks, publish };
}

/** A client that subscribes in a session that the broker keeps, and acknowledges nothing. Resolves with its first message. */
function neverAcknowledging(port: number, clientId: string, topic: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connectSocket(port, '127.0.0.1');
		const reading = parser();
		const send = (packet: object) => socket.write(generate(packet as Packet));
		socket.on('error', reject);
		socket.on('data', (bytes) => reading.parse(bytes));
		reading.on('packet', ({ cmd }) => {
			if (cmd === 'connack') send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
			if (cmd === 'suback') send({ cmd: 'publish', topic, payload: '"kept"', qos: 1, messageId: 2 });
			if (cmd !== 'publish') return;
			socket.destroy();
			resolve();
		});
		send({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId, clean: false, keepalive: 60 });
	});
}

test('messages of a broker are marked', async (t) => {
	const broker: Mosquitto = await startMosquitto();
	const { port } = broker;
	t.after(() => broker.stop());

	await t.test('what it sends again with DUP, because it was not acknowledged', async () => {
		await neverAcknowledging(port, 'mine', 'a/b');
		const { session, marks } = await open({
			port,
			values: { clientId: 'mine', cleanStart: false, mqttVersion: '3.1.1' },
		});
		await eventually('the message', () =>
			assert.deepEqual(marks(), [
				['"kept"', 'duplicate: Sent again by the broker (DUP), because it had received no acknowledgement'],
			]),
		);
		assert.deepEqual(session.status().marked, { duplicate: 1 });
		await session.close();
	});

	await t.test('by the checks of the profile, across a new connection', async () => {
		const checks = [
			{ target: 'commands/#', nonce: 'nonce', timestamp: 'at', window: '30s' },
			{ target: 'sensors/+', sequence: 'seq' },
		];
		const first = await open({ port, checks });
		const { session, store, publish } = first;
		const subscribe = async () => {
			for (const target of ['commands/#', 'sensors/#']) await session.subscribe({ target, qos: 1 });
		};
		await subscribe();
		const at = new Date().toISOString();
		await publish('commands/mode', { nonce: '8f', at });
		await publish('commands/old', { nonce: '90', at: '2026-01-31T12:00:00Z' });
		for (const seq of [12, 17, 15]) await publish('sensors/a', { seq });
		await eventually('all', () => assert.equal(store.received, 5));
		await session.close();
		await session.open({
			profile: {
				...{ id: 'p', name: 'P', protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}`, values: {}, subscriptions: [] },
				checks,
			},
			...{ secrets: {}, limits: defaultLimits, reconnect: false },
		});
		await subscribe();
		await publish('commands/other', { nonce: '8f', at });
		await publish('sensors/a', { seq: 17 });
		await eventually('all', () => assert.equal(store.received, 7));
		const reasons = first.marks().map(([, ...marks]) => marks);
		assert.deepEqual(
			[reasons[0], ...reasons.slice(2, 5)],
			[[], [], ['gap: Sequence 17 after 12: 4 missing'], ['reordered: Sequence 15 after 17']],
		);
		assert.match(reasons[1]?.[0] ?? '', /^old: \d+ d old, the window is 30 s: 2026-01-31T12:00:00Z$/);
		assert.match(reasons[5]?.[0] ?? '', /^replayed: Nonce seen \d+ m?s ago: 8f$/);
		assert.deepEqual(reasons[6], ['duplicate: Sequence 17 again']);
		assert.deepEqual(session.status().marked, { old: 1, gap: 1, reordered: 1, replayed: 1, duplicate: 1 });
		await session.close();
	});
});
