import assert from 'node:assert/strict';
import test from 'node:test';
import type { Failure } from '../../../src/base/failure';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { deafSink } from '../../../src/protocols/shared/null-sink';
import { type Received, type resolved, type TestLink, testLink } from '../suite/attempt';
import { withBroker } from './with-broker';

const draft = (values: Values, payload: string) => ({
	verb: 'publish',
	target: 'a',
	values,
	payload: Buffer.from(payload),
});

/** Two links of one session with a configured client ID, their records, and the end of each. */
async function twice(at: ReturnType<typeof resolved>, during: (link: TestLink, index: number) => Promise<void>) {
	const messages: Received[] = [];
	const failures: (Failure | undefined)[] = [];
	const memory = new Map<string, unknown>();
	for (const index of [0, 1]) {
		const link = await adapter.connect({
			profile: { ...at, values: { ...at.values, clientId: 'mine', cleanStart: false } },
			...{ secrets: {}, limits: defaultLimits, memory, signal: new AbortController().signal },
			...{ step() {}, found() {} },
			sink: {
				...deafSink,
				message: (message) => messages.push({ ...message, payload: Buffer.from(message.payload) }),
			},
		});
		await during(testLink(link), index);
		failures.push(await link.ended);
		link.destroy();
	}
	return { messages, failures };
}

test('a QoS 2 message repeated after a reconnect is logged once', () =>
	withBroker(
		(client, packet) => {
			if (packet.cmd === 'connect') {
				client.send({ cmd: 'connack', sessionPresent: client.index > 0, reasonCode: 0 });
				client.send({ cmd: 'publish', topic: 'a', payload: 'once', qos: 2, messageId: 7, dup: client.index > 0 });
			}
			if (packet.cmd === 'pubrec' && client.index === 0) client.end();
			if (packet.cmd === 'pubrec' && client.index === 1) client.send({ cmd: 'pubrel', messageId: 7 });
			if (packet.cmd === 'pubcomp') client.end();
		},
		async (broker, at) => {
			const { messages } = await twice(at({ mqttVersion: '5' }), async () => {});
			assert.deepEqual(
				messages.map(({ payload }) => payload.toString()),
				['once'],
			);
			assert.equal(broker.packets.filter(({ cmd }) => cmd === 'pubcomp').length, 1);
		},
	));

test('a message whose acknowledgement never came is unknown, not repeated, and its identifier not used again', () =>
	withBroker(
		(client, packet) => {
			if (packet.cmd === 'connect') client.send({ cmd: 'connack', sessionPresent: client.index > 0, reasonCode: 0 });
			if (packet.cmd === 'publish') client.end();
		},
		async (broker, at) => {
			const proofs: string[] = [];
			await twice(at({ mqttVersion: '5' }), async (link, index) => {
				proofs.push((await link.send(draft({ qos: 2 }, `message ${index}`))).proof);
			});
			assert.deepEqual(proofs, ['unknown', 'unknown']);
			const published = broker.packets.filter(({ cmd }) => cmd === 'publish');
			assert.deepEqual(
				published.map(({ payload }) => String(payload)),
				['message 0', 'message 1'],
			);
			assert.notEqual(published[0]?.messageId, published[1]?.messageId);
		},
	));
