import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { Duplex } from 'node:stream';
import test from 'node:test';
import type { MqttClient } from 'mqtt';
import { generate, type IPublishPacket, parser } from 'mqtt-packet';
import { checkDraft } from '../../../../src/protocols/mqtt/messages/draft';
import { createOutgoing } from '../../../../src/protocols/mqtt/messages/outgoing';
import { brokerOf } from '../../../../src/protocols/mqtt/session/broker-limits';
import { createBatch } from '../../../../src/protocols/mqtt/wire/batch';

const brokerOfVersion = (version: 4 | 5) => brokerOf({ sessionPresent: false, code: 0 }, version, 60);
const publish = (target: string, payload: Uint8Array, values = {}, version: 4 | 5 = 5) =>
	checkDraft({ verb: 'publish', target, values, payload }, brokerOfVersion(version));

/** A stream that records what is written. `taken`: whether the system takes it. */
function sink(taken = true) {
	const written: Buffer[] = [];
	const stream = new Duplex({
		read() {},
		write(chunk: Buffer, _, done) {
			written.push(Buffer.from(chunk));
			if (taken) done();
		},
	});
	stream.on('error', () => {});
	return { stream, written };
}

function packets(written: Buffer[], version: number): IPublishPacket[] {
	const found: IPublishPacket[] = [];
	const reader = parser({ protocolVersion: version });
	reader.on('packet', (packet) => found.push(packet as IPublishPacket));
	reader.parse(Buffer.concat(written));
	return found;
}

for (const version of [4, 5] as const)
	test(`a batch is byte for byte what the library writes, MQTT ${version}`, () => {
		const { stream, written } = sink();
		const batch = createBatch(stream, version);
		const expected: Buffer[] = [];
		// Lengths around those at which the remaining length takes one more byte.
		const sizes = [0, 1, 110, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 16_360, 16_370, 16_373, 16_374];
		for (let at = 0; at < 2000; at++) {
			const topic = `t/${['', 'ü', '😀', 'ü😀a'][randomInt(4)]}${at % 7 === 0 ? 'x'.repeat(randomInt(300)) : ''}`;
			const payload = randomBytes(at < 200 ? (sizes[at % sizes.length] as number) : randomInt(300));
			const retain = at % 3 === 0;
			const one = publish(topic, payload, { retain }, version);
			if (!batch.add(one)) continue;
			expected.push(
				generate({ cmd: 'publish', topic, payload, retain, qos: 0, dup: false }, { protocolVersion: version }),
			);
		}
		batch.flush();
		batch.flush();
		assert.ok(Buffer.concat(written).equals(Buffer.concat(expected)));
		assert.ok(written.length < 40, `${written.length} writes for ${expected.length} packets`);
	});

test('the properties of a batch are those that the library writes', () => {
	const pairs = (count: number) => Array.from({ length: count }, (_, at) => [`name ${at}`, 'ü'.repeat(at % 9)]);
	const values = [
		{ userProperties: [['a', '1']] },
		{
			userProperties: [
				['a', '1'],
				['b', ''],
				['a', '2'],
			],
			contentType: 'text/plain',
		},
		{ responseTopic: 'back/1', correlationData: '0x00ff', messageExpiry: 70_000, payloadFormat: true },
		// The length of the properties takes two bytes.
		{ userProperties: pairs(20) },
		{ userProperties: pairs(600) },
	];
	const { stream, written } = sink();
	const batch = createBatch(stream, 5);
	const expected = values.flatMap((one, at) => {
		const { topic, payload, properties, ...message } = publish(`t/${at}`, Buffer.from('x'), one);
		assert.equal(batch.add({ topic, payload, properties, ...message }), true);
		const packet = { cmd: 'publish', topic, payload, properties, qos: 0, retain: false, dup: false } as const;
		return packets([generate(packet, { protocolVersion: 5 })], 5);
	});
	batch.flush();
	assert.deepEqual(packets(written, 5), expected);
});

test('what a batch does not take: other qualities, topic aliases, long messages', () => {
	const batch = createBatch(sink().stream, 5);
	assert.equal(batch.add(publish('a', Buffer.from('x'))), true);
	assert.equal(batch.add(publish('a', Buffer.from('x'), { qos: 1 })), false);
	assert.equal(batch.add({ ...publish('a', Buffer.from('x')), properties: { topicAlias: 1 } }), false);
	assert.equal(batch.add(publish('a', Buffer.alloc(20_000))), false);
});

/** The part of the library that sends, which writes to the same stream. */
function library(stream: Duplex): MqttClient {
	let id = 0;
	const client = {
		publish(topic: string, payload: Buffer, { qos, retain, properties }: IPublishPacket) {
			if (qos > 0) id++;
			const messageId = qos > 0 ? id : undefined;
			stream.write(
				generate(
					{ cmd: 'publish', topic, payload, qos, retain, properties, messageId, dup: false },
					{ protocolVersion: 5 },
				),
			);
		},
		getLastMessageId: () => id,
	};
	return client as unknown as MqttClient;
}

test('messages of one turn leave in the order they were sent in, whichever way they go', async () => {
	const { stream, written } = sink();
	const outgoing = createOutgoing(library(stream), stream, brokerOfVersion(5), new Set());
	const values = [{}, { qos: 1 }, {}, { contentType: 'x' }, {}, { qos: 2 }, {}];
	const receipts = values.map((one, at) => outgoing.send(publish(`t/${at}`, Buffer.from('x'), one)));
	const first = await receipts[0];
	assert.equal(first?.proof, 'handed-over');
	assert.deepEqual(
		packets(written, 5).map(({ topic }) => topic),
		values.map((_, at) => `t/${at}`),
	);
	outgoing.lost();
	assert.equal((await receipts[1])?.proof, 'unknown');
});

test('what is flushed before a goodbye stands before it', () => {
	const { stream, written } = sink();
	const outgoing = createOutgoing(library(stream), stream, brokerOfVersion(5), new Set());
	void outgoing.send(publish('last', Buffer.from('x')));
	outgoing.flush();
	stream.write(Buffer.of(0xe0, 0));
	assert.deepEqual(
		packets(written, 5).map(({ cmd }) => String(cmd)),
		['publish', 'disconnect'],
	);
});

test('what the system never took is unknown when the link is lost', async () => {
	const { stream } = sink(false);
	const outgoing = createOutgoing(library(stream), stream, brokerOfVersion(5), new Set());
	const sent = [1, 2].map((at) => outgoing.send(publish(`t/${at}`, Buffer.from('x'))));
	await new Promise((resolve) => setImmediate(resolve));
	outgoing.lost();
	assert.deepEqual(
		(await Promise.all(sent)).map(({ proof }) => proof),
		['unknown', 'unknown'],
	);
});
