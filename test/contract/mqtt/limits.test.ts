import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { eventually } from '../../support/run/eventually';
import type { Client } from '../../support/servers/small-broker';
import { connect, refused, type TestLink } from '../suite/attempt';
import { withBroker } from './with-broker';

const draft = (values: Values, payload = 'x', target = 'a') => ({
	verb: 'publish',
	target,
	values,
	payload: Buffer.from(payload),
});

test('a broker with receive maximum 3 and maximum packet size 4,096', async () => {
	let inFlight = 0;
	let most = 0;
	await withBroker(
		(client, packet) => {
			if (packet.cmd === 'connect')
				client.send({ cmd: 'connack', reasonCode: 0, properties: { receiveMaximum: 3, maximumPacketSize: 4096 } });
			if (packet.cmd !== 'publish' || !packet.qos) return;
			most = Math.max(most, ++inFlight);
			setTimeout(() => {
				inFlight--;
				client.send({ cmd: 'puback', messageId: packet.messageId, reasonCode: 0 });
			}, 5);
		},
		async (broker, at) => {
			const { link } = await connect({ adapter, profile: at() });
			assert.throws(
				() => link.prepare(draft({ qos: 1 }, 'x'.repeat(4096))),
				/packet of 4,105 bytes; the broker accepts 4,096/,
			);
			await assert.rejects(link.send(draft({ qos: 1 }, 'x'.repeat(4088))), /4,097 bytes; the broker accepts 4,096/);
			const proofs = await Promise.all(
				Array.from({ length: 40 }, () => link.send(draft({ qos: 1 }, 'x'.repeat(4087)))),
			);
			assert.ok(proofs.every(({ proof }) => proof === 'acknowledged'));
			assert.equal(most, 3);
			assert.equal(broker.packets.filter(({ cmd }) => cmd === 'publish').length, 40);
			link.destroy();
		},
	);
});

const filter = (bytes: number) => 'x'.repeat(bytes);

for (const [version, values, largest] of [
	// The fixed header has 3 bytes, the packet identifier 2, the filter's length 2, its options 1, the properties 1 and 3.
	['5', {}, 4096 - 9],
	['5', { identifier: 200 }, 4096 - 12],
] as const)
	test(`MQTT ${version}: a SUBSCRIBE with ${JSON.stringify(values)} larger than the broker accepts is refused, the largest one is sent`, () => {
		let size = 0;
		return withBroker(
			(client, packet) => {
				if (packet.cmd === 'connect')
					client.send({ cmd: 'connack', reasonCode: 0, properties: { maximumPacketSize: 4096 } });
				if (packet.cmd === 'subscribe') {
					size = (packet.length ?? 0) + 3;
					client.send({ cmd: 'suback', messageId: packet.messageId, granted: [0], reasonCode: 0 });
				}
			},
			async (broker, at) => {
				const { link } = await connect({ adapter, profile: at({ mqttVersion: version }) });
				for (const [bytes, packet] of [
					[largest + 1, '4,097'],
					[4202, (4202 + 4096 - largest).toLocaleString('en')],
				] as const)
					await assert.rejects(
						async () => link.subscribe?.({ target: filter(bytes), ...values }),
						new RegExp(`packet of ${packet} bytes; the broker accepts 4,096`),
					);
				await assert.rejects(async () => link.unsubscribe?.({ target: filter(4202) }), /UNSUBSCRIBE .* accepts 4,096/);
				assert.equal(broker.packets.length, 1, 'nothing was sent');
				await link.subscribe?.({ target: filter(largest), ...values });
				assert.equal(size, 4096);
				link.destroy();
			},
		);
	});

test('a broker that accepts no acknowledgement of a client is refused', () =>
	withBroker(
		(client) => client.send({ cmd: 'connack', reasonCode: 0, properties: { maximumPacketSize: 3 } }),
		async (_broker, at) => {
			const { failure } = await refused({ adapter, profile: at() });
			assert.equal(failure.code, 'limits-unusable');
			assert.match(failure.message, /at most 3 bytes, and an acknowledgement has 4/);
		},
	));

const without: [properties: object, run: (link: TestLink) => Promise<unknown> | unknown, says: RegExp][] = [
	[{ maximumQoS: 1 }, (link) => link.send(draft({ qos: 2 })), /supports QoS 1 at most/],
	[{ retainAvailable: false }, (link) => link.send(draft({ retain: true })), /does not support retained messages/],
	[{ wildcardSubscriptionAvailable: false }, (link) => link.subscribe?.({ target: 'a/#' }), /wildcard subscriptions/],
	[
		{ sharedSubscriptionAvailable: false },
		(link) => link.subscribe?.({ target: '$share/g/a' }),
		/shared subscriptions/,
	],
	[
		{ subscriptionIdentifiersAvailable: false },
		(link) => link.subscribe?.({ target: 'a', identifier: 1 }),
		/subscription identifiers/,
	],
	[{}, (link) => link.subscribe?.({ target: 'a/#/b' }), /last level/],
	[{}, (link) => link.send(draft({ topicAlias: 1 })), /no topic aliases/],
];

for (const [properties, run, says] of without)
	test(`refused before it is sent: ${says.source}`, () =>
		withBroker(
			(client, packet) => packet.cmd === 'connect' && client.send({ cmd: 'connack', reasonCode: 0, properties }),
			async (broker, at) => {
				const { link } = await connect({ adapter, profile: at() });
				await assert.rejects(async () => run(link), says);
				link.destroy();
				assert.deepEqual(
					broker.packets.map(({ cmd }) => cmd),
					['connect'],
				);
			},
		));

const answers: [version: '3.1.1' | '5', qos: number, packets: object[], proof: string, says: RegExp][] = [
	['5', 1, [{ cmd: 'puback', reasonCode: 0 }], 'acknowledged', /^acknowledged in [\d.]+ ms$/],
	['5', 1, [{ cmd: 'puback', reasonCode: 0x10 }], 'unrouted', /there is no subscriber/],
	['5', 1, [{ cmd: 'puback', reasonCode: 0x87, properties: { reasonString: 'no' } }], 'refused', /not authorized/],
	['5', 2, [{ cmd: 'pubrec', reasonCode: 0x97 }], 'refused', /quota/],
	[
		'5',
		2,
		[
			{ cmd: 'pubrec', reasonCode: 0 },
			{ cmd: 'pubcomp', reasonCode: 0 },
		],
		'acknowledged',
		/^acknowledged/,
	],
	['3.1.1', 1, [{ cmd: 'puback' }], 'acknowledged', /^acknowledged/],
	['3.1.1', 2, [{ cmd: 'pubrec' }, { cmd: 'pubcomp' }], 'acknowledged', /^acknowledged/],
];

for (const [version, qos, replies, proof, says] of answers)
	test(`receipt, MQTT ${version}, QoS ${qos}: ${says.source}`, () =>
		withBroker(
			(client, packet) => {
				if (packet.cmd === 'connect') client.send({ cmd: 'connack', reasonCode: 0, returnCode: 0 });
				const reply = packet.cmd === 'publish' ? replies[0] : packet.cmd === 'pubrel' ? replies[1] : undefined;
				if (reply) client.send({ ...reply, messageId: packet.messageId });
			},
			async (_broker, at) => {
				const { link } = await connect({ adapter, profile: at({ mqttVersion: version }) });
				const receipt = await link.send(draft({ qos }));
				assert.equal(receipt.proof, proof);
				assert.match(receipt.text, says);
				link.destroy();
			},
		));

const refusals: [version: '3.1.1' | '5', code: number, failure: string, final: boolean, says: RegExp][] = [
	['3.1.1', 1, 'version-refused', true, /does not speak this MQTT version/],
	['3.1.1', 2, 'client-id-refused', true, /client ID/],
	['3.1.1', 3, 'connection-refused', false, /not available/],
	['3.1.1', 4, 'credentials-refused', true, /wrong user name or password/],
	['3.1.1', 5, 'credentials-refused', true, /not authorized/],
	['5', 0x85, 'client-id-refused', true, /client ID/],
	['5', 0x86, 'credentials-refused', true, /wrong user name or password/],
	['5', 0x87, 'credentials-refused', true, /not authorized/],
	['5', 0x88, 'connection-refused', false, /not available/],
	['5', 0x8a, 'banned', true, /banned/],
	['5', 0x9d, 'connection-refused', true, /has moved \(it names other\.example:1883\)/],
];

for (const [version, code, name, final, says] of refusals)
	test(`CONNACK, MQTT ${version}, code ${code}: ${name}`, () =>
		withBroker(
			(client) =>
				client.send({
					...{ cmd: 'connack', reasonCode: code, returnCode: code },
					properties: code === 0x9d ? { serverReference: 'other.example:1883' } : { reasonString: 'because' },
				}),
			async (broker, at) => {
				const { failure } = await refused({ adapter, profile: at({ mqttVersion: version }) });
				assert.equal(failure.code, name);
				assert.equal(failure.final, final);
				assert.match(failure.message, says);
				assert.equal(broker.packets.length, 1, 'asked once');
			},
		));

test('5 first, and 3.1.1 when that is refused: by its code, in the old words, or by hanging up', async () => {
	const ways: ((client: Client) => void)[] = [
		(client) => client.send({ cmd: 'connack', reasonCode: 0x84 }),
		(client) => client.raw(Buffer.from('20020001', 'hex')),
		(client) => client.end(),
	];
	for (const refuse of ways)
		await withBroker(
			(client, packet) => {
				if (packet.cmd !== 'connect') return;
				if (client.version === 5) refuse(client);
				else client.send({ cmd: 'connack', returnCode: 0 });
			},
			async (broker, at) => {
				const { link } = await connect({ adapter, profile: at() });
				assert.match(link.facts[0]?.value ?? '', /^3\.1\.1 \(/);
				assert.equal(broker.packets.length, 2);
				link.destroy();
			},
		);
});

test('the acknowledgement leaves after the message is in the log', () => {
	let logged = 0;
	let atAck = -1;
	return withBroker(
		(client, packet) => {
			if (packet.cmd === 'connect') {
				client.send({ cmd: 'connack', reasonCode: 0 });
				client.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 1, messageId: 1 });
			}
			if (packet.cmd === 'puback') atAck = logged;
		},
		async (_broker, at) => {
			const { link } = await connect({ adapter, profile: at(), onMessage: () => logged++ });
			await eventually('acknowledged', () => assert.equal(atAck, 1));
			link.destroy();
		},
	);
});

test('a session taken over is final', () =>
	withBroker(
		(client, packet) => {
			if (packet.cmd !== 'connect') return;
			client.send({ cmd: 'connack', reasonCode: 0 });
			setTimeout(() => client.send({ cmd: 'disconnect', reasonCode: 0x8e }), 20);
		},
		async (_broker, at) => {
			const { link } = await connect({ adapter, profile: at() });
			const failure = await link.ended;
			assert.equal(failure?.code, 'conflict');
			assert.equal(failure.final, true);
			link.destroy();
		},
	));

test('a broker that never answers: the subscription fails by itself, the message is unknown', { timeout: 15_000 }, () =>
	withBroker(
		(client, packet) => {
			if (packet.cmd === 'connect') client.send({ cmd: 'connack', reasonCode: 0 });
			if (packet.cmd === 'pingreq') client.send({ cmd: 'pingresp' });
		},
		async (_broker, at) => {
			const { link } = await connect({ adapter, profile: at() });
			const [subscription, receipt] = await Promise.allSettled([
				link.subscribe?.({ target: 'a' }),
				link.send(draft({ qos: 1 })),
			]);
			assert.ok(subscription.status === 'rejected' && subscription.reason instanceof FailureError);
			assert.equal(subscription.reason.failure.code, 'no-answer');
			assert.ok(receipt.status === 'fulfilled');
			assert.equal(receipt.value.proof, 'unknown');
			link.destroy();
		},
	),
);
