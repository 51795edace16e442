import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import test from 'node:test';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { generate } from 'mqtt-packet';
import { eventually } from '../../support/run/eventually';
import { withPlayground } from '../../support/servers/playground';

const versions: { name: string; options: IClientOptions }[] = [
	{ name: '3.1.1', options: { protocolVersion: 4 } },
	{ name: '5', options: { protocolVersion: 5 } },
];

const closing = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', () => resolve()));

for (const { name, options } of versions) {
	test(`MQTT ${name}: a message published at each QoS arrives at the lower of both`, async (t) => {
		const { client } = await withPlayground(t);
		const sender = await client(options);
		for (const asked of [0, 1, 2] as const) {
			const receiver = await client(options);
			const granted = await receiver.client.subscribeAsync(`qos/${asked}/+`, { qos: asked });
			assert.equal(granted[0]?.qos, asked);
			for (const sent of [0, 1, 2] as const) {
				await sender.client.publishAsync(`qos/${asked}/${sent}`, `sent ${sent}`, { qos: sent });
			}
			await eventually('three messages', () => assert.equal(receiver.messages.length, 3));
			const got = receiver.messages.map(({ payload, packet }) => `${payload}, got ${packet.qos}`);
			assert.deepEqual(
				got.sort(),
				[0, 1, 2].map((sent) => `sent ${sent}, got ${Math.min(sent, asked)}`),
			);
		}
	});

	test(`MQTT ${name}: 2,000 messages at QoS 2 arrive once each and in order`, async (t) => {
		const { client } = await withPlayground(t);
		const receiver = await client(options);
		await receiver.client.subscribeAsync('order', { qos: 2 });
		const sender = await client(options);
		for (let sent = 0; sent < 2000; sent += 50) {
			await Promise.all(
				Array.from({ length: 50 }, (_, at) => sender.client.publishAsync('order', String(sent + at), { qos: 2 })),
			);
		}
		await eventually('all', () => assert.equal(receiver.messages.length, 2000));
		assert.deepEqual(
			receiver.messages.map(({ payload }) => Number(payload)),
			Array.from({ length: 2000 }, (_, at) => at),
		);
	});

	test(`MQTT ${name}: later subscribers receive a retained message until an empty one clears it`, async (t) => {
		const { client } = await withPlayground(t);
		const sender = await client(options);
		await sender.client.publishAsync('kept/a', 'first', { qos: 1, retain: true });
		const early = await client(options);
		await early.client.subscribeAsync('kept/#', { qos: 1 });
		await eventually('the retained one', () =>
			assert.deepEqual(
				early.messages.map(({ payload, packet }) => [payload, packet.retain]),
				[['first', true]],
			),
		);
		await sender.client.publishAsync('kept/a', '', { qos: 1, retain: true });
		await eventually('the clearing one', () => assert.equal(early.messages.length, 2));
		const late = await client(options);
		await late.client.subscribeAsync('kept/#', { qos: 1 });
		await sender.client.publishAsync('kept/b', 'after', { qos: 1 });
		await eventually('the later one', () => assert.ok(late.messages.length > 0));
		assert.deepEqual(
			late.messages.map(({ payload }) => payload),
			['after'],
		);
	});

	test(`MQTT ${name}: the will is published when the client leaves without DISCONNECT, and only then`, async (t) => {
		const { client } = await withPlayground(t);
		const watcher = await client(options);
		await watcher.client.subscribeAsync('will/+', { qos: 1 });
		const will = (topic: string) => ({ will: { topic, payload: Buffer.from('gone'), qos: 1 as const, retain: false } });
		const polite = await client({ ...options, ...will('will/polite') });
		await polite.client.endAsync();
		const rude = await client({ ...options, ...will('will/rude') });
		rude.client.stream.destroy();
		await eventually('the will', () => assert.ok(watcher.messages.length > 0));
		assert.deepEqual(
			watcher.messages.map(({ topic }) => topic),
			['will/rude'],
		);
	});

	test(`MQTT ${name}: a second connection with the same client id ends the first one`, async (t) => {
		const { client } = await withPlayground(t);
		const first = await client({ ...options, clientId: 'twin' });
		let code: number | undefined;
		first.client.once('disconnect', (packet) => {
			code = packet.reasonCode;
		});
		const closed = closing(first.client);
		await client({ ...options, clientId: 'twin' });
		await closed;
		assert.equal(code, options.protocolVersion === 5 ? 0x8e : undefined);
	});

	test(`MQTT ${name}: a silent client is disconnected after one and a half keepalive intervals`, async (t) => {
		const { ports } = await withPlayground(t);
		const socket = connectTcp(ports.mqtt, '127.0.0.1');
		socket.resume();
		const protocolVersion = options.protocolVersion === 5 ? 5 : 4;
		socket.write(generate({ cmd: 'connect', clientId: 'quiet', clean: true, keepalive: 1, protocolVersion }));
		const started = Date.now();
		await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
		const ms = Date.now() - started;
		assert.ok(ms > 1200, `after ${ms} ms`);
	});
}

for (const { name, options } of versions)
	test(`MQTT ${name}: shared subscriptions and invalid filters are refused`, async (t) => {
		const { client } = await withPlayground(t);
		const { client: own } = await client(options);
		const granted: unknown[] = [];
		own.on('packetreceive', (packet) => {
			if (packet.cmd === 'suback') granted.push(...packet.granted);
		});
		// Sent as a packet, because mqtt.js does not send a filter that is invalid.
		for (const topic of ['$share/team/jobs/+', 'a#', 'ok'])
			own.stream.write(generate({ cmd: 'subscribe', messageId: 9, subscriptions: [{ topic, qos: 1 }] }, options));
		await eventually('three answers', () => assert.equal(granted.length, 3));
		assert.deepEqual(granted, options.protocolVersion === 5 ? [0x9e, 0x8f, 1] : [0x80, 0x80, 1]);
	});

test('MQTT 5: all properties of a message are passed on, with the identifiers of the subscriptions', async (t) => {
	const { client } = await withPlayground(t);
	const receiver = await client({ protocolVersion: 5 });
	await receiver.client.subscribeAsync('p/#', { qos: 1, properties: { subscriptionIdentifier: 7 } });
	const properties: NonNullable<IPublishPacket['properties']> = {
		contentType: 'application/json',
		responseTopic: 'answers',
		correlationData: Buffer.from([1, 2, 3]),
		payloadFormatIndicator: true,
		messageExpiryInterval: 30,
		userProperties: { a: ['1', '2'], b: '3' },
	};
	const sender = await client({ protocolVersion: 5 });
	await sender.client.publishAsync('p/x', '{}', { qos: 1, properties });
	await eventually('it', () => assert.equal(receiver.messages.length, 1));
	const got = receiver.messages[0]?.packet.properties;
	assert.deepEqual(
		{ ...got, userProperties: { ...got?.userProperties } },
		{ ...properties, subscriptionIdentifier: 7 },
	);
});

test('MQTT 5: reason codes tell whether a message had subscribers and was allowed', async (t) => {
	const { client } = await withPlayground(t);
	const { client: own } = await client({ protocolVersion: 5 });
	const codes: (number | undefined)[] = [];
	own.on('packetreceive', (packet) => {
		if (packet.cmd === 'puback') codes.push(packet.reasonCode);
	});
	await own.publishAsync('nothing/here', 'x', { qos: 1 });
	await own.subscribeAsync('nothing/#', { qos: 1 });
	await own.publishAsync('nothing/here', 'x', { qos: 1 });
	assert.deepEqual(codes, [0x10, 0]);
	await assert.rejects(own.publishAsync('$SYS/own', 'x', { qos: 1 }), /Not authorized/);
});

test('MQTT 5: messages beyond the receive maximum are dropped', async (t) => {
	const { client } = await withPlayground(t);
	const slow = await client({ protocolVersion: 5, properties: { receiveMaximum: 3 } });
	const received: string[] = [];
	let acknowledge: (() => void)[] = [];
	slow.client.handleMessage = ({ payload }, callback) => {
		received.push(payload.toString());
		acknowledge.push(() => callback());
	};
	await slow.client.subscribeAsync('slow', { qos: 1 });
	const sender = await client({ protocolVersion: 5 });
	const send = async (text: string) => sender.client.publishAsync('slow', text, { qos: 1 });
	for (let at = 0; at < 20; at++) await send(String(at));
	for (const expected of ['0', '1', '2']) {
		await eventually(expected, () => assert.equal(acknowledge.length, 1));
		const [callback] = acknowledge;
		acknowledge = [];
		callback?.();
	}
	await eventually('the later one', async () => {
		await send('later');
		acknowledge.shift()?.();
		assert.equal(received.at(-1), 'later');
	});
	assert.deepEqual([...new Set(received)], ['0', '1', '2', 'later']);
});

test('MQTT over WebSocket reaches the same broker', async (t) => {
	const { client, ports } = await withPlayground(t);
	const web = await client({ protocol: 'ws', port: ports.ws, path: '/mqtt', protocolVersion: 5 });
	await web.client.subscribeAsync('both', { qos: 1 });
	const tcp = await client();
	await tcp.client.publishAsync('both', 'hello', { qos: 1 });
	await eventually('it', () => assert.equal(web.messages[0]?.payload, 'hello'));
});
