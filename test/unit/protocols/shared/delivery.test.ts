import assert from 'node:assert/strict';
import test from 'node:test';
import { careful } from '../../../../src/engine/recording/careful';
import type { Delivery } from '../../../../src/model/checks/delivery';
import { amqp } from '../../../../src/protocols/amqp/describe/describe';
import { amqpFlag } from '../../../../src/protocols/amqp/describe/flags';
import { storeMessage } from '../../../../src/protocols/amqp/describe/stored-message';
import { writeBasic } from '../../../../src/protocols/amqp/wire/basic';
import { amqp1 } from '../../../../src/protocols/amqp1/describe/describe';
import { amqp1Flag } from '../../../../src/protocols/amqp1/describe/flags';
import { storeMessage as storeMessage1 } from '../../../../src/protocols/amqp1/describe/stored-message';
import { encodeValue } from '../../../../src/protocols/amqp1/wire/codec/writer';
import { lateFlag } from '../../../../src/protocols/coap/describe/codes';
import { coap } from '../../../../src/protocols/coap/describe/describe';
import { descriptions } from '../../../../src/protocols/descriptions';
import { kafka } from '../../../../src/protocols/kafka/describe/describe';
import { storeRecord } from '../../../../src/protocols/kafka/describe/stored-record';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { duplicateFlag } from '../../../../src/protocols/mqtt/describe/flags';
import { nats } from '../../../../src/protocols/nats/describe/describe';
import { natsFlag } from '../../../../src/protocols/nats/describe/flags';
import { writeMeta } from '../../../../src/protocols/nats/describe/headers';
import { xmpp } from '../../../../src/protocols/xmpp/describe/describe';
import { historyFlag, stanzaFlags } from '../../../../src/protocols/xmpp/describe/stanza-meta';

const described = (delivery: Delivery<never> | undefined) => delivery as Delivery | undefined;

test('the protocol says which messages it delivers again', () => {
	const counted = storeMessage({
		...{ exchange: '', key: 'q' },
		head: writeBasic({ headers: [['x-delivery-count', { type: 'l', value: 2n }]] }),
	});
	const plain = storeMessage({ exchange: '', key: 'q', head: writeBasic({}) });
	const header = encodeValue({
		type: 'described',
		descriptor: { type: 'ulong', value: 0x70n },
		value: {
			type: 'list',
			value: [...[1, 2, 3, 4].map(() => ({ type: 'null', value: null }) as const), { type: 'uint', value: 1 }],
		},
	} as never);
	const counted1 = storeMessage1({ kind: 'data', bodySections: 1, sections: header });
	const reply = (tokens: string) => writeMeta(tokens, '');
	const cases: [string, Delivery | undefined, number, object | undefined, string | undefined][] = [
		[
			'MQTT',
			mqtt.delivery as Delivery,
			duplicateFlag,
			undefined,
			'Sent again by the broker (DUP), because it had received no acknowledgement',
		],
		['MQTT', mqtt.delivery as Delivery, 0x700, undefined, undefined],
		['AMQP', amqp.delivery, amqpFlag.redelivered, plain, 'Redelivered by the broker'],
		['AMQP, quorum queue', amqp.delivery, amqpFlag.redelivered, counted, 'Redelivered by the broker (delivery 3)'],
		['AMQP, malformed', amqp.delivery, amqpFlag.redelivered, plain.subarray(0, 4), 'Redelivered by the broker'],
		['AMQP, first', amqp.delivery, amqpFlag.consumed, counted, undefined],
		['AMQP, peeked', amqp.delivery, amqpFlag.redelivered | amqpFlag.peeked, plain, undefined],
		['AMQP, firehose', amqp.delivery, amqpFlag.redelivered | amqpFlag.traced, plain, undefined],
		[
			'AMQP 1.0',
			amqp1.delivery as Delivery,
			amqp1Flag.redelivered,
			counted1,
			'Delivered before without success (delivery 2)',
		],
		[
			'AMQP 1.0, no properties',
			amqp1.delivery as Delivery,
			amqp1Flag.redelivered,
			undefined,
			'Delivered before without success',
		],
		['AMQP 1.0, browsed', amqp1.delivery as Delivery, amqp1Flag.redelivered | amqp1Flag.browsed, counted1, undefined],
		[
			'NATS, first',
			nats.delivery as Delivery,
			natsFlag.consumed,
			reply('$JS.ACK.S.C.1.17.5.1769860800000000000.0'),
			undefined,
		],
		[
			'NATS, again',
			nats.delivery as Delivery,
			natsFlag.consumed,
			reply('$JS.ACK.S.C.2.17.6.1769860800000000000.0'),
			'Delivered again by the server (delivery 2)',
		],
		[
			'NATS, eleventh',
			nats.delivery as Delivery,
			natsFlag.consumed,
			reply('$JS.ACK.S.C.11.17.6.1769860800000000000.0'),
			'Delivered again by the server (delivery 11)',
		],
		[
			'NATS, domain',
			nats.delivery as Delivery,
			natsFlag.consumed,
			reply('$JS.ACK.hub.hash.S.C.3.17.6.1769860800000000000.0.x'),
			'Delivered again by the server (delivery 3)',
		],
		[
			'NATS, domain, first',
			nats.delivery as Delivery,
			natsFlag.consumed,
			reply('$JS.ACK.hub.hash.S.C.1.17.6.1769860800000000000.0.x'),
			undefined,
		],
		['NATS, other reply', nats.delivery as Delivery, natsFlag.consumed, reply('_INBOX.1.2'), undefined],
		[
			'NATS, core',
			nats.delivery as Delivery,
			natsFlag.reply,
			reply('$JS.ACK.S.C.2.17.6.1769860800000000000.0'),
			undefined,
		],
	];
	for (const [name, delivery, flags, meta, expected] of cases)
		assert.equal(delivery?.repeated?.(flags, meta), expected, name);
});

test('notifications of CoAP that are late say so', () => {
	assert.equal(coap.delivery?.late?.(lateFlag), 'A newer notification was received before it (RFC 7641, section 3.4)');
	assert.equal(coap.delivery?.late?.(0), undefined);
});

test('places in a stream are read without the rest of the properties', () => {
	const record = (partition: number, offset: bigint) =>
		storeRecord({ partition, offset, timestamp: 0n, key: Buffer.from('k'), headers: [] });
	const place = (meta: Uint8Array) => kafka.delivery?.sequence?.of(0, meta as never);
	assert.deepEqual(place(record(3, 2n ** 32n + 5n)), { stream: 3, value: 2 ** 32 + 5 });
	assert.deepEqual(place(record(0, 2n ** 32n - 1n)), { stream: 0, value: 2 ** 32 - 1 });
	for (const [partition, offset] of [
		[-1, 5n],
		[0, -1n],
		[0, 2n ** 60n],
	] as const)
		assert.equal(place(record(partition, offset)), undefined);
	assert.equal(place(new Uint8Array(3)), undefined);
	const stored = writeMeta('', 'NATS/1.0\r\nNats-Stream: ORDERS\r\nNats-Sequence: 17\r\n\r\n');
	assert.deepEqual(nats.delivery?.sequence?.of(natsFlag.stored, stored as never), { stream: 'ORDERS ', value: 17 });
	assert.equal(nats.delivery?.sequence?.of(0, stored as never), undefined);
});

test('only what a sender writes once has an id', () => {
	const id = described(xmpp.delivery as never)?.id;
	const of = (flags: number, meta: object) => id?.of(flags, meta);
	const meta = { id: 'a1', from: 'kim@example.org/phone' };
	assert.equal(of(stanzaFlags('message', 'chat'), meta), 'a1 from kim@example.org/phone');
	for (const [flags, other] of [
		[stanzaFlags('message', 'chat'), { from: 'kim@example.org' }],
		[stanzaFlags('message', 'error'), meta],
		[stanzaFlags('message', 'groupchat') | historyFlag, meta],
		[stanzaFlags('presence', undefined), meta],
		[stanzaFlags('iq', 'result'), meta],
	] as const)
		assert.equal(of(flags, other), undefined, String(flags));
});

test('properties in a recording that no adapter has written do no harm', () => {
	for (const { id, delivery } of descriptions.map((one) => careful(one)))
		for (const meta of [undefined, new Uint8Array(), new Uint8Array(40), Buffer.from('$JS.ACK....')])
			for (let flags = 0; flags < 0x10000; flags += 0x100)
				assert.doesNotThrow(() => {
					delivery?.repeated?.(flags, meta as never);
					delivery?.late?.(flags);
					delivery?.id?.of(flags, meta as never);
					delivery?.sequence?.of(flags, meta as never);
				}, `${id} ${flags}`);
});
