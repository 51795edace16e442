import assert from 'node:assert/strict';
import test from 'node:test';
import { generate, type Packet } from 'mqtt-packet';
import { FailureError } from '../../../../src/base/failure';
import { readMeta } from '../../../../src/protocols/mqtt/describe/publish-properties';
import { createGuard } from '../../../../src/protocols/mqtt/wire/guard';
import { bytewise, splits } from '../../../support/hostile/cut';

const limit = 1000;
const connack3 = Buffer.from('20020000', 'hex');
const connack5 = Buffer.from('2003000000', 'hex');

/** Everything that the guard reports for these chunks, in order, with the failure at the end. */
function events(version: 4 | 5, chunks: readonly Buffer[], aliasMaximum = 10): unknown[] {
	const told: unknown[] = [];
	const { push } = createGuard({
		version,
		limit,
		aliasMaximum,
		connack: ({ code, sessionPresent }) => told.push(['connack', code, sessionPresent]),
		publish: (topic, payload, flags, id, properties) => {
			const meta = properties && readMeta(properties.section);
			assert.deepEqual(properties?.identifiers ?? [], meta?.subscriptionIds ?? []);
			told.push(['publish', topic, payload.toString('hex'), flags, id, meta && JSON.stringify(meta)]);
		},
		pubrel: (id) => told.push(['pubrel', id]),
		acknowledged: (name, id, { code }) => told.push(['acknowledged', name, id, code]),
		disconnect: ({ code, properties }) => told.push(['disconnect', code, properties.reasonString]),
		library: (packet) => told.push(['library', packet.toString('hex')]),
	});
	try {
		for (const chunk of chunks) push(chunk);
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		told.push(['failed', error.failure.code, error.failure.message]);
	}
	return told;
}

function encode(version: 4 | 5, packets: readonly object[]): Buffer[] {
	return packets.map((packet) => generate(packet as Packet, { protocolVersion: version }));
}

const publishes = [
	{ cmd: 'publish', topic: 'a/b', payload: 'plain', qos: 0, retain: false, dup: false },
	{ cmd: 'publish', topic: 'a/b', payload: '', qos: 0, retain: true, dup: false },
	{
		cmd: 'publish',
		topic: '/ä😀/',
		payload: Buffer.from('fffe00', 'hex'),
		qos: 1,
		messageId: 258,
		retain: false,
		dup: true,
	},
	{
		cmd: 'publish',
		topic: 'x'.repeat(300),
		payload: 'y'.repeat(200),
		qos: 2,
		messageId: 65_535,
		retain: true,
		dup: false,
	},
	{ cmd: 'pubrel', messageId: 65_535 },
	{ cmd: 'puback', messageId: 1 },
	{ cmd: 'pubrec', messageId: 2 },
	{ cmd: 'pubcomp', messageId: 2 },
	{ cmd: 'suback', messageId: 3, granted: [1] },
	{ cmd: 'unsuback', messageId: 4, granted: [0] },
	{ cmd: 'pingresp' },
];
const properties = {
	payloadFormatIndicator: true,
	messageExpiryInterval: 60,
	contentType: 'text/plain',
	responseTopic: 'answers',
	correlationData: Buffer.from('00ff', 'hex'),
	subscriptionIdentifier: [1, 200],
	topicAlias: 3,
	userProperties: [{ b: '1' }, { a: '2' }, { b: '3' }],
};
const fives = [
	{ cmd: 'publish', topic: 'a/c', payload: 'all', qos: 0, retain: false, dup: false, properties },
	{ cmd: 'publish', topic: '', payload: 'alias', qos: 1, messageId: 9, properties: { topicAlias: 3 } },
	{ cmd: 'puback', messageId: 7, reasonCode: 0x87, properties: { reasonString: 'no' } },
	{ cmd: 'disconnect', reasonCode: 0x8e, properties: { reasonString: 'taken' } },
];
const streams: [version: 4 | 5, packets: Buffer[]][] = [
	[4, [connack3, ...encode(4, publishes)]],
	[5, [connack5, ...encode(5, [...publishes, ...fives])]],
];

for (const [version, packets] of streams) {
	const whole = events(version, [Buffer.concat(packets)]);

	test(`MQTT ${version}: every packet is told once and in order`, () => {
		const acknowledgements = packets.filter((packet) => [4, 5, 7].includes((packet[0] ?? 0) >> 4)).length;
		assert.equal(whole.length, packets.length + acknowledgements, 'CONNACK and these twice, PINGRESP never');
		assert.deepEqual(whole[0], ['library', packets[0]?.toString('hex')]);
		const told = whole
			.filter((event) => (event as string[])[0] === 'publish')
			.map((event) => (event as unknown[]).slice(1, 5));
		assert.deepEqual(told.slice(0, 4), [
			['a/b', Buffer.from('plain').toString('hex'), 0, 0],
			['a/b', '', 1 << 10, 0],
			['/ä😀/', 'fffe00', (1 << 8) | (1 << 11), 258],
			['x'.repeat(300), Buffer.from('y'.repeat(200)).toString('hex'), (2 << 8) | (1 << 10), 65_535],
		]);
	});

	test(`MQTT ${version}: the same, however the stream is cut`, () => {
		for (const { name, chunks } of [...splits(packets), bytewise(packets)])
			assert.deepEqual(events(version, chunks), whole, name);
	});
}

test('every property of MQTT 5 arrives, user properties in their order, an alias as its topic', () => {
	const told = events(5, [connack5, ...encode(5, fives)]);
	assert.deepEqual(JSON.parse((told[2] as string[])[5] ?? ''), {
		utf8: true,
		expiry: 60,
		contentType: 'text/plain',
		responseTopic: 'answers',
		correlation: '00ff',
		topicAlias: 3,
		subscriptionIds: [1, 200],
		userProperties: [
			['b', '1'],
			['a', '2'],
			['b', '3'],
		],
	});
	assert.deepEqual((told[3] as unknown[]).slice(0, 3), ['publish', 'a/c', Buffer.from('alias').toString('hex')]);
	assert.deepEqual(told.at(-1), ['disconnect', 0x8e, 'taken']);
});

const malformed: [title: string, version: 4 | 5, hex: string, says: RegExp][] = [
	['QoS 1 without identifier', 4, '32030001 61', /PUBLISH without a packet identifier/],
	['QoS 2 without identifier', 5, '34030001 61', /PUBLISH without a packet identifier/],
	['identifier 0', 4, '32050001 610000', /PUBLISH with packet identifier 0/],
	['PUBREL without identifier', 4, '6200', /PUBREL without a packet identifier/],
	['PUBREL with wrong flags', 4, '60020001', /PUBREL with reserved flags/],
	['PUBACK without identifier', 5, '4000', /PUBACK without a packet identifier/],
	['PUBACK that is too long', 4, '400300010a', /longer than it can be/],
	['PUBACK with an unknown reason', 5, '4003000105', /unknown reason code 0x05/],
	['SUBACK with no codes', 5, '9003000100', /0 reason codes/],
	['SUBACK with two codes', 4, '900400010000', /2 reason codes/],
	['SUBACK with an unknown code', 4, '9003000107', /SUBACK with the unknown reason code 0x07/],
	['UNSUBACK with an unknown code', 5, 'b00400010077', /UNSUBACK with the unknown reason code 0x77/],
	['QoS 3', 4, '36050001610001', /QoS 3/],
	['no topic at all', 4, '3000', /without a topic/],
	['half a topic length', 4, '300100', /without a topic/],
	['a topic longer than its packet', 4, '3003ffff61', /in the middle of its topic/],
	['a topic with NUL', 4, '30050003610062', /topic that contains NUL/],
	['a topic that is no UTF-8', 4, '30040002c328', /topic that is not UTF-8/],
	['a topic with a surrogate', 4, '30050003eda080', /topic that is not UTF-8/],
	['a topic with #', 4, '30050003612f23', /wildcard in its topic/],
	['an empty topic', 4, '30020000', /empty topic/],
	['an empty topic without alias', 5, '3003000000', /empty topic/],
	['no property length', 5, '3003000161', /length of its properties/],
	['a property length beyond the packet', 5, '3005000161 7f00', /in the middle of its properties/],
	['a property length of five bytes', 5, '300800016180808080 01', /more than four bytes/],
	['an unknown property', 5, '3006000161 02fe01', /length|unknown property/],
	['a property of another packet', 5, '3007000161 03210001', /"receive maximum", which does not belong/],
	['a property twice', 5, '3008000161 0401000101', /"payload format" twice/],
	['a flag of 2', 5, '3006000161 020102', /payload format of 2/],
	['half a user property', 5, '3009000161 0526000161 00', /in the middle of its user property/],
	['alias 0', 5, '3007000161 03230000', /topic alias of 0/],
	['an alias beyond the maximum', 5, '3007000161 0323000b', /alias 11, but only 10/],
	['an alias that nobody set', 5, '30060000 03230001', /alias 1 before/],
	['subscription identifier 0', 5, '3006000161 020b00', /subscription identifier of 0/],
	['a second CONNACK', 4, '20020000', /second CONNACK/],
	['a CONNECT', 4, '1000', /CONNECT: only clients/],
	['a SUBSCRIBE', 5, '8000', /SUBSCRIBE: only clients/],
	['a PINGREQ', 5, 'c000', /PINGREQ: only clients/],
	['type 0', 5, '0000', /type 0/],
	['AUTH unasked', 5, 'f00118', /authentication exchange/],
	['AUTH in 3.1.1', 4, 'f00118', /MQTT 3\.1\.1 does not allow/],
	['DISCONNECT in 3.1.1', 4, 'e000', /MQTT 3\.1\.1 does not allow/],
	['PINGRESP with a body', 4, 'd00100', /longer than it can be/],
	['a length of five bytes', 4, '30ffffffff01', /length has more than four bytes/],
	['more than the limit', 4, '30e907', /packet of 1,001 bytes; 1,000 are accepted/],
	['255 MB', 5, '30ffffff7f', /268,435,455 bytes; 1,000 are accepted/],
];

for (const [title, version, hex, says] of malformed)
	test(`malformed, ${version}: ${title}`, () => {
		const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
		const greeting = version === 5 ? connack5 : connack3;
		const good = Buffer.from(version === 5 ? '300400016100' : '3003000161', 'hex');
		for (const chunks of [
			[greeting, bytes, good],
			[Buffer.concat([greeting, bytes, good])],
			bytewise([greeting, bytes]).chunks,
		]) {
			const told = events(version, chunks);
			assert.equal(told.length, 3, JSON.stringify(told));
			const [what, code, message] = told[2] as string[];
			assert.equal(what, 'failed');
			assert.match(code ?? '', /^(protocol-violation|message-too-large)$/);
			assert.match(message ?? '', says);
		}
	});

const greetings: [title: string, version: 4 | 5, bytes: Buffer, says: RegExp][] = [
	['a message first', 4, Buffer.from('3003000161', 'hex'), /PUBLISH before it answered the CONNECT/],
	['an empty CONNACK', 4, Buffer.from('2000', 'hex'), /CONNACK that ends in the middle/],
	['reserved flags', 4, Buffer.from('20020200', 'hex'), /reserved flags/],
	['an unknown code', 4, Buffer.from('20020009', 'hex'), /unknown return code 9/],
	['no properties', 5, Buffer.from('20020000', 'hex'), /length of its properties/],
	['receive maximum 0', 5, Buffer.from('20060000 03210000'.replace(' ', ''), 'hex'), /receive maximum of 0/],
	['refused with a session', 4, Buffer.from('20020105', 'hex'), /yet said it has a session/],
	['a web server', 4, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /web server/],
	['TLS', 4, Buffer.from('15030100020228', 'hex'), /speaks TLS/],
	['AMQP', 5, Buffer.from('AMQP\0\0\x09\x01'), /AMQP 0-9-1 server/],
	['SSH', 5, Buffer.from('SSH-2.0-OpenSSH\r\n'), /SSH server/],
];

for (const [title, version, bytes, says] of greetings)
	test(`instead of a good CONNACK, ${version}: ${title}`, () => {
		const [[what, , message] = []] = events(version, [bytes]) as string[][];
		assert.equal(what, 'failed');
		assert.match(message ?? '', says);
	});

test('nothing is kept of a packet beyond the limit', () => {
	const { push } = createGuard({
		...{ version: 4, limit: 16 * 1024 * 1024, aliasMaximum: 0 },
		...{ connack() {}, publish() {}, pubrel() {}, acknowledged() {}, disconnect() {}, library() {} },
	});
	push(connack3);
	assert.throws(() => push(Buffer.from('30ffffff7f', 'hex')), /268,435,455/);
});

test('a refusal of version 5 in the words of 3.1.1 is understood', () => {
	assert.deepEqual(events(5, [Buffer.from('20020001', 'hex')]), [['connack', 1, false]]);
});
