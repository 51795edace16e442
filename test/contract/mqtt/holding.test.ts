import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { connect, type MqttClient } from 'mqtt';
import { flag } from '../../../src/model/contracts/message';
import { duplicateFlag } from '../../../src/protocols/mqtt/describe/flags';
import { eventually } from '../../support/run/eventually';
import { type RealSession, realSession } from '../../support/run/session';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import type { resolved } from '../suite/attempt';
import { type HoldFixture, holdsMessages } from '../suite/holding';
import { withBroker } from './with-broker';

let server: Mosquitto;
let publisher: MqttClient;

before(async () => {
	server = await startMosquitto({ general: ['max_inflight_messages 4'] });
	publisher = connect({ port: server.port, protocolVersion: 5 });
});
after(async () => {
	publisher?.end(true);
	await server?.stop();
});

function fixture(mqttVersion: '5' | '3.1.1', qos: 1 | 2): HoldFixture {
	const name = randomBytes(4).toString('hex');
	return {
		protocol: 'mqtt',
		url: `mqtt://127.0.0.1:${server.port}`,
		values: { mqttVersion, clientId: `holder-${name}`, cleanStart: false, sessionExpiry: 600 },
		subscription: { target: `held/${name}`, qos },
		async deliver(texts) {
			for (const text of texts) await publisher.publishAsync(`held/${name}`, text, { qos });
		},
		// Mosquitto 2.0.11 sends everything after the first acknowledgement, whatever its limits are.
		overruns: true,
		arrived: (session) =>
			session.send({ verb: 'publish', target: 'other', values: { qos: 1 }, payload: Buffer.from('after') }),
		isRepeated: (flags) => (flags & duplicateFlag) !== 0,
	};
}

for (const [version, qos] of [
	['5', 1],
	['5', 2],
	['3.1.1', 1],
	['3.1.1', 2],
] as const)
	test(`MQTT ${version} holds messages at QoS ${qos}`, () => holdsMessages(fixture(version, qos)));

/** A session that holds what arrives, at a broker of a few lines. */
async function held(
	at: ReturnType<typeof resolved>,
	hold = { limit: 10 },
): Promise<{ session: RealSession; seqs: Map<string, number>; all: string[] }> {
	const seqs = new Map<string, number>();
	const all: string[] = [];
	const session = realSession('mqtt', {
		...{ url: at.url, values: { clientId: 'mine', cleanStart: false, mqttVersion: '5', ...at.values }, hold },
		onMessage({ payload, flags }, seq) {
			const text = Buffer.from(payload).toString();
			all.push(flags & duplicateFlag ? `${text}+` : text);
			if (flags & flag.held) seqs.set(text, seq);
		},
	});
	await session.connect();
	return { session, seqs, all };
}

/** Grants everything at the QoS that is asked for. */
const grants = (
	client: Parameters<Parameters<typeof withBroker>[0]>[0],
	packet: { cmd: string; messageId?: number },
) => {
	if (packet.cmd === 'connect') client.send({ cmd: 'connack', sessionPresent: client.index > 0, reasonCode: 0 });
	if (packet.cmd === 'subscribe') {
		const { subscriptions } = packet as never as { subscriptions: { qos: number }[] };
		client.send({ cmd: 'suback', messageId: packet.messageId, granted: subscriptions.map(({ qos }) => qos) });
	}
	if (packet.cmd === 'unsubscribe') client.send({ cmd: 'unsuback', messageId: packet.messageId, granted: [0] });
};
const publish = (messageId: number, qos = 1, topic = 'a') => ({
	...{ cmd: 'publish', topic, payload: String(messageId), qos, messageId },
});

test('the limit is the receive maximum, and acknowledgements leave in the order of arrival', () =>
	withBroker(
		(client, packet) => {
			grants(client, packet);
			if (packet.cmd !== 'subscribe') return;
			for (const id of [1, 2, 3]) client.send(publish(id));
			// Of a subscription without hold, and at QoS 0.
			client.send(publish(4, 1, 'other'));
			client.send({ ...publish(5, 0), messageId: undefined });
		},
		async (broker, at) => {
			const { session, seqs } = await held(at());
			try {
				await session.subscribe({ target: 'a', qos: 1 }, { limit: 10 });
				await eventually('received', () => assert.equal(session.status().received, 5));
				assert.deepEqual([...seqs.keys()], ['1', '2', '3']);
				const connect = broker.packets[0] as never as { properties: { receiveMaximum: number } };
				assert.equal(connect.properties.receiveMaximum, 10);
				const acked = () => broker.packets.filter(({ cmd }) => cmd === 'puback').map(({ messageId }) => messageId);
				session.settle([seqs.get('3') ?? -1], 'done');
				session.settle([seqs.get('1') ?? -1], 'done');
				await eventually('the first', () => assert.deepEqual(acked(), [1]));
				session.settle([seqs.get('2') ?? -1], 'done');
				await eventually('all', () => assert.deepEqual(acked(), [1, 2, 3, 4]));
			} finally {
				session.dispose();
			}
		},
	));

test('a message that is not processed comes again from here, and is acknowledged once', () => {
	let ids = [1, 2];
	return withBroker(
		(client, packet) => {
			grants(client, packet);
			if (packet.cmd !== 'subscribe') return;
			for (const id of ids) client.send(publish(id));
			ids = [];
		},
		async (broker, at) => {
			const { session, seqs, all } = await held(at());
			const settle = (text: string, outcome: 'done' | 'again') => session.settle([seqs.get(text) ?? -1], outcome);
			const acked = () => broker.packets.filter(({ cmd }) => cmd === 'puback').map(({ messageId }) => messageId);
			try {
				await session.subscribe({ target: 'a', qos: 1 }, {});
				await eventually('received', () => assert.deepEqual(all, ['1', '2']));
				const first = seqs.get('1') ?? -1;
				settle('1', 'again');
				await eventually('again', () => assert.deepEqual(all, ['1', '2', '1+']));
				session.settle([first], 'done');
				settle('2', 'done');
				assert.equal(session.status().held, 1);
				// One that is left when its subscription ends is passed over: the broker keeps it.
				await session.unsubscribe({ target: 'a' });
				await eventually('the second', () => assert.deepEqual(acked(), [2]));
				assert.equal(session.status().held, 0);
				// It counts against the receive maximum of the link, so that a new subscription gets it.
				await session.subscribe({ target: '+', qos: 1 }, {});
				await eventually('once more', () => assert.deepEqual(all, ['1', '2', '1+', '1+']));
				settle('1', 'done');
				await eventually('both', () => assert.deepEqual(acked(), [2, 1]));
			} finally {
				session.dispose();
			}
		},
	);
});

test('a message at QoS 2 that is being processed while the connection breaks is processed once', () =>
	withBroker(
		(client, packet) => {
			grants(client, packet);
			if (packet.cmd === 'subscribe' && client.index === 0) {
				for (const id of [1, 2, 3]) client.send(publish(id, 2));
				client.send(publish(4, 1));
			}
			if (packet.cmd === 'connect' && client.index > 0) {
				for (const id of [1, 2, 3]) client.send({ ...publish(id, 2), dup: true });
				client.send({ ...publish(4, 1), dup: true });
			}
			if (packet.cmd === 'pingreq' || packet.cmd === 'publish') client.reset();
			if (packet.cmd === 'pubrec') client.send({ cmd: 'pubrel', messageId: packet.messageId });
		},
		async (broker, at) => {
			const { session, seqs, all } = await held(at());
			const settle = (...texts: string[]) =>
				session.settle(
					texts.map((text) => seqs.get(text) ?? -1),
					'done',
				);
			const of = (name: string) =>
				broker.packets.filter(({ cmd, index }) => cmd === name && index === 1).map(({ messageId }) => messageId);
			try {
				await session.subscribe({ target: 'a', qos: 2 }, {});
				await eventually('received', () => assert.equal(session.status().held, 4));
				const old = seqs.get('4') ?? -1;
				// The broker ends the connection when this arrives.
				await session.send({ verb: 'publish', target: 'x', values: {}, payload: Buffer.from('end') });
				await eventually('ended', () => assert.notEqual(session.status().state.kind, 'open'));
				settle('1');
				await eventually('a new link', () => assert.equal(session.status().state.kind, 'open'));
				// At QoS 1, a message comes again with every new connection.
				await eventually('only that', () => assert.deepEqual(all, ['1', '2', '3', '4', '4+']));
				await eventually('the first is not repeated', () => assert.deepEqual(of('pubrec'), [1]));
				session.settle([old], 'done');
				settle('3', '2', '4');
				await eventually('in order', () => assert.deepEqual(of('pubrec'), [1, 2, 3]));
				await eventually('acknowledged', () => assert.deepEqual(of('puback'), [4]));
				assert.deepEqual(all, ['1', '2', '3', '4', '4+']);
				assert.equal(session.status().held, 0);
			} finally {
				session.dispose();
			}
		},
	));
