import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually } from '../../support/run/eventually';
import { realSession } from '../../support/run/session';
import type { Client } from '../../support/servers/small-broker';
import { withBroker } from './with-broker';

/** Ways in which a broker ends the connection for a subscription that it does not allow, as AWS IoT does. */
const cuts: [title: string, mqttVersion: '5' | '3.1.1', cut: (client: Client) => void][] = [
	['DISCONNECT "not authorized"', '5', (client) => client.send({ cmd: 'disconnect', reasonCode: 0x87 })],
	['a closed connection', '5', (client) => client.end()],
	['a closed connection', '3.1.1', (client) => client.end()],
];

for (const [title, mqttVersion, cut] of cuts)
	test(`MQTT ${mqttVersion}: ${title} on two subscriptions: both are named, and the others work`, () =>
		withBroker(
			(client, packet) => {
				if (packet.cmd === 'connect') client.send({ cmd: 'connack', reasonCode: 0, returnCode: 0 });
				if (packet.cmd !== 'subscribe') return;
				const [{ topic = '' } = {}] = packet.subscriptions as { topic: string }[];
				if (topic.startsWith('forbidden')) return cut(client);
				client.send({ cmd: 'suback', messageId: packet.messageId, granted: [0], reasonCode: 0 });
				client.send({ cmd: 'publish', topic, payload: 'x', qos: 0 });
			},
			async (broker) => {
				const session = realSession('mqtt', {
					url: `mqtt://127.0.0.1:${broker.port}`,
					// With a configured client ID, another client could also have caused the closed connection.
					values: { mqttVersion, clientId: 'mine' },
					subscriptions: ['a', 'forbidden/#', 'b', 'forbidden/too'].map((target) => ({ target })),
				});
				try {
					await session.connect();
					await eventually('all have settled', () => {
						assert.deepEqual(
							session.status().subscriptions.map(({ state, failure }) => failure?.code ?? state),
							['active', 'link-cut', 'active', 'link-cut'],
						);
						assert.equal(session.status().state.kind, 'open');
					});
					await eventually('messages arrive', () => assert.ok(session.status().topics === 2));
					const asked = broker.packets.filter(({ cmd }) => cmd === 'subscribe');
					assert.ok(asked.length < 20, `${asked.length} times asked`);
					await session.close();
				} finally {
					session.dispose();
				}
			},
		));
