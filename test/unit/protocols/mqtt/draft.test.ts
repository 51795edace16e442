import assert from 'node:assert/strict';
import test from 'node:test';
import { generate } from 'mqtt-packet';
import { FailureError } from '../../../../src/base/failure';
import type { Values } from '../../../../src/model/profile/field';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { mqttProperties } from '../../../../src/protocols/mqtt/describe/properties';
import { writeMeta } from '../../../../src/protocols/mqtt/describe/publish-properties';
import { checkDraft } from '../../../../src/protocols/mqtt/messages/draft';
import { type Broker, brokerOf } from '../../../../src/protocols/mqtt/session/broker-limits';

const generous = brokerOf({ code: 0, sessionPresent: false, properties: { topicAliasMaximum: 5 } }, 5, 60);
const older = brokerOf({ code: 0, sessionPresent: false }, 4, 60);
const draft = (values: Values, payload: string | Uint8Array = 'x', target = 'a') => ({
	verb: 'publish',
	target,
	values,
	payload: Buffer.from(payload),
});
const many = (count: number) => Array.from({ length: count }, (_, at): [string, string] => [`name ${at}`, 'value']);

const refusedDrafts: [values: Values, says: RegExp, broker?: Partial<Broker>][] = [
	[{ qos: 2 }, /supports QoS 1 at most, and this is QoS 2/, { maximumQos: 1 }],
	[{ retain: true }, /does not support retained messages/, { retain: false }],
	[{ contentType: 'a\0' }, /NUL/],
	[{ contentType: 'x'.repeat(65_536) }, /65,536 bytes long/],
	[{ contentType: 'a' }, /3\.1\.1, which carries no properties/, older],
	[{ userProperties: [['a', 'b']] }, /3\.1\.1/, older],
	[{ responseTopic: 'a/#' }, /Response topic: .*wildcard/],
	[{ correlationData: 'x'.repeat(65_536) }, /65,536 bytes long/],
	[{ topicAlias: 6 }, /aliases up to 5, and this is 6/],
	[{ topicAlias: 1 }, /no topic aliases/, { aliasMaximum: 0 }],
	[{ userProperties: [['a', '\ud800']] }, /half a character/],
	[{}, /packet of 7 bytes; the broker accepts 6/, { maximumPacketSize: 6 }],
];

for (const [values, says, broker] of refusedDrafts)
	test(`refused before sending: ${says.source}`, () => {
		assert.throws(
			() => checkDraft(draft(values), { ...generous, ...broker }),
			(error: unknown) => error instanceof FailureError && says.test(error.failure.message),
		);
	});

test('marked as text, and is not', () => {
	assert.throws(() => checkDraft(draft({ payloadFormat: true }, Buffer.of(0xff)), generous), /marked as UTF-8 text/);
});

const sizes: [version: 4 | 5, values: Values, payload: number][] = [
	[4, {}, 0],
	[4, { qos: 1 }, 120],
	[4, { qos: 2, retain: true }, 200],
	[5, {}, 0],
	[5, { qos: 1 }, 20_000],
	[5, { userProperties: many(50) }, 3],
	[5, { userProperties: many(2000) }, 3],
	[
		5,
		{
			...{ payloadFormat: true, contentType: 'ä', responseTopic: 'r', correlationData: '0x00ff', messageExpiry: 1 },
			...{ topicAlias: 2, userProperties: [['', '']] },
		},
		2_200_000,
	],
];

for (const [version, values, payload] of sizes)
	test(`the size is the packet's, version ${version}, ${Object.keys(values)}, ${payload} bytes`, () => {
		const checked = checkDraft(draft(values, Buffer.alloc(payload, 'a'), 'ä/b'), version === 5 ? generous : older);
		const packet = generate({ cmd: 'publish', ...checked, messageId: 1, dup: false }, { protocolVersion: version });
		assert.equal(checked.size, packet.length);
	});

test('flags, properties and their words', () => {
	const checked = checkDraft(
		draft({
			...{ qos: 1, retain: true, contentType: 'text/plain', responseTopic: 'r', correlationData: '0x00ff' },
			...{ messageExpiry: 7200, payloadFormat: true, topicAlias: 2 },
			userProperties: [
				['b', '1'],
				['__proto__', '2'],
				['b', '3'],
			],
		}),
		generous,
	);
	const words = mqttProperties(checked.flags, checked.meta).map(({ label, value, group }) =>
		[group, label, value].filter((part) => part).join(': '),
	);
	assert.deepEqual(words, [
		'QoS: 1 (at least once)',
		'Retained: yes',
		'Content type: text/plain',
		'Payload format: UTF-8 text',
		'Response topic: r',
		'Correlation data: 0x00ff',
		'Message expiry: 7,200 seconds (2 hours)',
		'Topic alias: 2',
		'User properties: b: 1',
		'User properties: __proto__: 2',
		'User properties: b: 3',
	]);
	assert.deepEqual(
		mqtt.columns.map((column) => column.text(checked.flags)),
		['1', 'R'],
	);
	assert.equal(mqtt.contentType?.(checked.meta), 'text/plain');
	const packet = generate({ cmd: 'publish', ...checked, messageId: 1, dup: false }, { protocolVersion: 5 });
	const order = ['b\0\u00011', '__proto__\0\u00012', 'b\0\u00013'].map((pair) => packet.indexOf(pair));
	assert.ok(
		order.every((at, index) => at > (order[index - 1] ?? 0)),
		order.join(),
	);
});

test('a duplicate, several subscription identifiers, and text as correlation data', () => {
	const words = mqttProperties((2 << 8) | (1 << 11), writeMeta({ subscriptionIds: [1, 7], correlation: '6869' }));
	assert.deepEqual(
		words.map(({ label, value }) => `${label}: ${value}`),
		['QoS: 2 (exactly once)', 'Duplicate delivery: yes', 'Correlation data: "hi"', 'Subscription identifiers: 1, 7'],
	);
});
