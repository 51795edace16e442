import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import test from 'node:test';
import {
	checkAny,
	checkQueue,
	checkSubscription,
	exchangeTarget,
	parseAddress,
	queueTarget,
} from '../../../../src/protocols/amqp/describe/addresses';
import { amqp } from '../../../../src/protocols/amqp/describe/describe';
import { amqpFlag } from '../../../../src/protocols/amqp/describe/flags';
import { headerTable } from '../../../../src/protocols/amqp/describe/headers/header-values';
import { amqpProperties, inWords } from '../../../../src/protocols/amqp/describe/properties';
import { storedMessage, storeMessage } from '../../../../src/protocols/amqp/describe/stored-message';
import { scriptHeader } from '../../../../src/protocols/amqp/files/headers';
import { type Basic, flagsOf, readBasic, writeBasic } from '../../../../src/protocols/amqp/wire/basic';
import { Malformed, Reader, Writer } from '../../../../src/protocols/amqp/wire/bytes';
import { createContents } from '../../../../src/protocols/amqp/wire/contents';
import { createRoutes } from '../../../../src/protocols/amqp/wire/routes';
import { type Table, textValue, writeTable } from '../../../../src/protocols/amqp/wire/table';

test('targets are read as they are written', () => {
	const cases: [string, unknown][] = [
		['queue/email', { kind: 'queue', queue: 'email' }],
		['/queue/email', { kind: 'queue', queue: 'email' }],
		['queue/a/b%2F', { kind: 'queue', queue: 'a/b%2F' }],
		['queue/', undefined],
		['exchange/orders', { kind: 'exchange', exchange: 'orders', key: '', hasKey: false }],
		['exchange/orders/', { kind: 'exchange', exchange: 'orders', key: '', hasKey: true }],
		['exchange/orders/eu/a', { kind: 'exchange', exchange: 'orders', key: 'eu/a', hasKey: true }],
		['exchange//email', { kind: 'exchange', exchange: '', key: 'email', hasKey: true }],
		['exchange/a%2Fb%25/k%2F', { kind: 'exchange', exchange: 'a/b%', key: 'k%2F', hasKey: true }],
		['exchange/100%/k', { kind: 'exchange', exchange: '100%', key: 'k', hasKey: true }],
		['exchange/%zz%c3%bc%ff%2F/k', { kind: 'exchange', exchange: '%zz%c3%bc%ff%2F', key: 'k', hasKey: true }],
		['exchange/%zz%c3%bc%%2F/k', { kind: 'exchange', exchange: '%zzü%/', key: 'k', hasKey: true }],
		['firehose/#', { kind: 'firehose', key: '#' }],
		['email', undefined],
		['', undefined],
	];
	for (const [target, expected] of cases) assert.deepEqual(parseAddress(target), expected, target);
});

test('every name that a server can have is reached: name, target and name again', () => {
	const names = [
		'',
		'100%',
		'%',
		'%2F',
		'%2f',
		'%25',
		'%zz',
		'%C3',
		'a%',
		'a/b',
		'/',
		'//',
		' ',
		' a ',
		'a\nb',
		'\r\n\t',
	];
	names.push(
		'ünï',
		'日本',
		'👍',
		'\ufeffbom',
		'\0',
		'#',
		'*',
		'a.*.#',
		'{{x}}',
		'"q"',
		"'",
		'\\',
		'?x=1#y',
		'exchange/x',
		'x'.repeat(255),
	);
	for (const exchange of names)
		for (const key of names) {
			const target = exchangeTarget(exchange, key);
			assert.deepEqual(parseAddress(target), { kind: 'exchange', exchange, key, hasKey: true }, target);
			assert.equal(checkAny(target), undefined, target);
			assert.ok(amqp.pattern?.compile(exchangeTarget(exchange, '#'))(target), target);
		}
	for (const exchange of names)
		assert.deepEqual(parseAddress(exchangeTarget(exchange)), { kind: 'exchange', exchange, key: '', hasKey: false });
	for (const queue of names.filter((name) => name !== ''))
		assert.deepEqual(parseAddress(queueTarget(queue)), { kind: 'queue', queue });
	assert.ok(amqp.pattern?.compile('exchange/100%/a.#')('exchange/100%25/a.b'));
	assert.deepEqual(
		names.map((name) => new Reader(new Writer().short(name).done()).short()),
		names,
	);
});

test('what cannot be is said in a sentence', () => {
	const long = 'x'.repeat(256);
	const wrong = [
		...[checkAny('firehose/#'), checkAny('orders'), checkAny(`exchange/a/${long}`), checkAny(`exchange/${long}/a`)],
		...[checkQueue(''), checkQueue(`queue/${long}`), checkQueue('exchange/a/b')],
		...[checkSubscription('queue/a'), checkSubscription('exchange//a'), checkSubscription('exchange/a/b', 'consume')],
		...[checkSubscription('exchange/a/b', 'firehose'), checkSubscription('nothing')],
	];
	for (const sentence of wrong) assert.match(sentence ?? 'undefined', /^[A-Z].*\.$/);
	const right = [
		checkAny('exchange/a'),
		checkQueue('queue/a'),
		checkSubscription('exchange/a/#'),
		checkSubscription('queue/a', 'consume'),
		checkSubscription('firehose/#', 'firehose'),
	];
	assert.deepEqual(
		right,
		right.map(() => undefined),
	);
});

test('binding keys match as in a topic exchange', () => {
	const cases: [string, string, boolean][] = [
		['exchange/o/#', 'exchange/o/a.b', true],
		['exchange/o/#', 'exchange/o/', true],
		['exchange/o/#', 'exchange/other/a', false],
		['exchange/o/*.b', 'exchange/o/a.b', true],
		['exchange/o/*', 'exchange/o/a.b', false],
		['exchange/o/a.#', 'exchange/o/a', true],
		['exchange/o/a.#.c', 'exchange/o/a.c', true],
		['exchange/o/a.#.c', 'exchange/o/a.x.y.c', true],
		['exchange/o/a.#.c', 'exchange/o/a.x.y', false],
		['exchange/o/#.#', 'exchange/o/a', true],
	];
	for (const [pattern, target, fits] of cases) {
		assert.ok(amqp.pattern?.isPattern(pattern), pattern);
		assert.equal(amqp.pattern?.compile(pattern)(target), fits, `${pattern} ${target}`);
	}
	assert.ok(!amqp.pattern?.isPattern('exchange/o/a.b'));
	const many = amqp.pattern?.compile(`exchange/o/${'#.'.repeat(100)}x`);
	assert.equal(many?.(`exchange/o/${'a.'.repeat(2000)}y`), false, 'no pattern takes for ever');
});

test('typed headers are written, read and told in words', () => {
	const cases: [string, string, string][] = [
		['text', 'S', 'text'],
		['(text) (int) 5', 'S', '(int) 5'],
		['(unknown) 5', 'S', '(unknown) 5'],
		['(int) -5', 'I', '-5'],
		['(long) 9223372036854775807', 'l', '9223372036854775807'],
		['(double) 1.5e3', 'd', '1500'],
		['(boolean) false', 't', 'false'],
		['(timestamp) 2026-01-31T12:00:00Z', 'T', '2026-01-31T12:00:00Z'],
		['(timestamp) 0', 'T', '1970-01-01T00:00:00Z'],
		['(bytes) 00FF', 'x', '0x00ff'],
		['(list) ["a", 1, [null]]', 'A', '[a, 1, [null]]'],
		['(table) {"a": {"b": 0.5}}', 'F', '{a: {b: 0.5}}'],
		['(null)', 'V', 'null'],
		['(double) -0', 'd', '-0'],
		['(list) [1724442618569203715, -9223372036854775808]', 'A', '[1724442618569203715, -9223372036854775808]'],
		['(list) [-0, 0, 0.1]', 'A', '[-0, 0, 0.1]'],
		['(table) {"b": 1, "1": 2, "b": 3, "__proto__": 4}', 'F', '{b: 1, 1: 2, b: 3, __proto__: 4}'],
	];
	for (const [written, type, words] of cases) {
		const basic = readBasic(writeBasic({ headers: headerTable([['name', written]]) }));
		assert.equal(basic.headers?.[0]?.[1].type, type, written);
		assert.equal(inWords(basic.headers?.[0]?.[1] as Table[number][1]), words);
	}
	for (const bad of [
		'(int) 2147483648',
		'(int) 1.5',
		'(long) 9223372036854775808',
		'(double) x',
		'(boolean) yes',
		'(bytes) 0',
		'(list) {}',
		'(table) []',
		'(timestamp) soon',
		'(null) x',
		'(double) 1e400',
		'(list) [1,]',
		`(list) ${'['.repeat(100_000)}`,
	])
		assert.throws(
			() => headerTable([['name', bad]]),
			/^Error: The header "name" is not a valid value of the type \w+\.$/,
			bad,
		);
	assert.throws(() => headerTable([['n'.repeat(256), 'x']]), /255 bytes/);
	assert.throws(() => headerTable([['n', `(table) {"${'n'.repeat(256)}":1}`]]), /255 bytes/);
	for (const number of ['9223372036854775808', '1e400', '0.30000000000000000001', '9007199254740993.0'])
		assert.throws(
			() => headerTable([['name', `(list) [${number}]`]]),
			new RegExp(`^Error: ${number} in a header fits neither`),
		);
});

test('numbers in lists and tables have the type that they are written with', () => {
	const [[, value] = []] = headerTable([['n', '(list) [1, 1.0, 1e2, -0]']]);
	assert.deepEqual(value, {
		type: 'A',
		value: [
			{ type: 'l', value: 1n },
			{ type: 'd', value: 1 },
			{ type: 'd', value: 100 },
			{ type: 'd', value: -0 },
		],
	});
	assert.equal(inWords({ type: 'D', value: { places: 255, digits: 1234 } }), `0.${'0'.repeat(251)}1234`);
	assert.equal(inWords({ type: 'D', value: { places: 2, digits: 1234 } }), '12.34');
	assert.equal(inWords({ type: 'D', value: { places: 0, digits: 5 } }), '5');
});

test('a header copied as JavaScript is the value that is sent', () => {
	const require = createRequire(import.meta.url);
	const codec: { encodeTable(buffer: Buffer, table: object, at: number): number } = require(
		join(dirname(require.resolve('amqplib')), 'lib/codec.js'),
	);
	for (const written of [
		'(long) 1724442618569203715',
		'(long) -5',
		'(byte) -5',
		'(unsigned-byte) 5',
		'(short) 5',
		'(unsigned-short) 5',
		'(int) 5',
		'(unsigned-int) 5',
		'(float) 0.5',
		'(double) 5',
		'(timestamp) 5',
		'(bytes) 00ff',
		'(list) [1724442618569203715, 1, -0, 1.0, 1e2, true, null, "\\u00e4"]',
		'(table) {"__proto__": {"a": [9007199254740993]}, "b c": {}, "constructor": -9223372036854775808}',
	]) {
		const buffer = Buffer.alloc(1000);
		const [[, typed] = []] = headerTable([['h', written]]);
		const value: unknown = new Function(`return ${scriptHeader(typed ?? assert.fail()).text}`)();
		const size = codec.encodeTable(buffer, { h: value }, 0);
		const writer = new Writer();
		writeTable(writer, headerTable([['h', written]]));
		assert.deepEqual(buffer.subarray(0, size), Buffer.from(writer.done()), written);
	}
});

const all: Basic = {
	contentType: 'text/plain',
	contentEncoding: 'gzip',
	headers: [
		['a', textValue('1')],
		['a', textValue('again')],
		['__proto__', { type: 's', value: -2 }],
		['B', { type: 'B', value: 200 }],
		['b', { type: 'b', value: -100 }],
		['u', { type: 'u', value: 65_000 }],
		['i', { type: 'i', value: 4_000_000_000 }],
		['f', { type: 'f', value: 0.5 }],
		['D', { type: 'D', value: { places: 2, digits: 1234 } }],
		['x', { type: 'x', value: Uint8Array.of(1, 2) }],
	],
	deliveryMode: 2,
	priority: 9,
	correlationId: 'c',
	replyTo: 'r',
	expiration: '1000',
	messageId: 'm',
	timestamp: 1_769_860_800n,
	type: 't',
	userId: 'u',
	appId: 'a',
	clusterId: 'k',
};

test('properties are written and read, and never beyond their end', () => {
	const bytes = writeBasic(all);
	assert.deepEqual(readBasic(bytes), all);
	const flags = (head: Uint8Array) => flagsOf(head, 0, head.length);
	assert.equal(flags(bytes), amqpFlag.persistent);
	assert.equal(flags(writeBasic({})), 0);
	assert.equal(flags(writeBasic({ deliveryMode: 1, priority: 2 })), 0);
	const dead = { headers: [['x-death', textValue('')]] as Table, deliveryMode: 2 };
	assert.equal(flags(writeBasic(dead)), amqpFlag.persistent | amqpFlag.dead);
	assert.equal(flags(writeBasic({ headers: [['x-deatH', textValue('')]], appId: 'x-death' })), 0);
	for (let end = 0; end < bytes.length; end++) {
		assert.throws(() => readBasic(bytes.subarray(0, end)), Malformed, `${end}`);
		assert.throws(() => flagsOf(bytes, 0, end), Malformed, `${end}`);
		const shown = amqpProperties(0, storeMessage({ exchange: 'e', key: 'k', head: bytes.subarray(0, end) }));
		assert.match(shown.at(-1)?.value ?? '', /^they cannot be read/);
	}
});

test('every property is told in words, deaths and delivery count too', () => {
	const death: Table = [
		['count', { type: 'l', value: 3n }],
		['reason', textValue('expired')],
		['queue', textValue('work')],
		['time', { type: 'T', value: 1_769_860_800n }],
		['exchange', textValue('')],
		['routing-keys', { type: 'A', value: [textValue('work')] }],
	];
	const headers: Table = [
		['x-death', { type: 'A', value: [{ type: 'F', value: death }] }],
		['x-delivery-count', { type: 'l', value: 2n }],
		['color', textValue('red')],
	];
	const head = writeBasic({ ...all, headers });
	const flags = amqpFlag.redelivered | amqpFlag.peeked;
	const stored = storeMessage({ exchange: '', key: 'dead', queue: 'dead', head });
	const shown = amqpProperties(flags, stored);
	const lines = shown.map(({ group, label, value }) => `${group ? `${group}/` : ''}${label}: ${value}`);
	for (const line of [
		'Exchange: (default)',
		'Routing key: dead',
		'Queue: dead',
		'Redelivered: yes',
		'Delivery mode: 2 (persistent)',
		'Expiration: 1000 ms',
		'Timestamp: 2026-01-31T12:00:00Z',
		'Delivery count: 2',
		'Headers/color: red',
		'Dead-lettered/Last: expired in the queue "work", 3 ×, 2026-01-31T12:00:00Z, published to the default exchange with "work"',
	])
		assert.ok(lines.includes(line), `${line}\nis not in\n${lines.join('\n')}`);
	assert.equal(amqp.contentType?.(stored), 'text/plain');
	assert.equal(amqp.contentType?.(undefined), undefined);
});

test('the log keeps bytes of a delivery from which its names and properties are read', () => {
	const taken: Uint8Array[] = [];
	const targets: string[] = [];
	const contents = createContents(
		{ reserve() {}, route: createRoutes() },
		(_, { meta, flags, route, body }) => {
			taken.push(Uint8Array.from(meta));
			targets.push(`${route.exchange}/${route.key} ${flags} ${body.length}`);
		},
		'work',
	);
	const long = 'ü'.repeat(127);
	const cases: [string, string, Basic, boolean, number][] = [
		['', '', {}, false, 0],
		['x', 'a.b', { deliveryMode: 2 }, true, 3],
		[long, long, { headers: [['h', textValue('v'.repeat(5000))]] }, false, 0],
		['x', 'a.b', { headers: [['x-death', textValue('')]] }, false, 1],
		['xa', '.b', {}, false, 2],
	];
	for (const [exchange, key, basic, redelivered, size] of cases) {
		const head = writeBasic(basic);
		const begin = new Writer()
			.short('c')
			.uint64(1)
			.uint8(redelivered ? 1 : 0)
			.short(exchange)
			.short(key)
			.done();
		const header = new Writer().uint32(0x3c0000).uint64(size).raw(head).done();
		contents.begin('deliver', Buffer.from(begin), 0, begin.length);
		contents.header(Buffer.from(header), 0, header.length);
		if (size > 0) contents.body(Buffer.alloc(size), 0, size);
		assert.deepEqual(storedMessage(taken.at(-1)), { exchange, key, queue: 'work', head: Uint8Array.from(head) });
	}
	assert.deepEqual(targets, ['/ 0 0', 'x/a.b 768 3', `${long}/${long} 0 0`, 'x/a.b 4096 1', 'xa/.b 0 2']);
	assert.equal(storedMessage(undefined), undefined);
});

test('routes are told apart by their bytes, also when more of them arrive than are cached', () => {
	const route = createRoutes();
	for (let at = 0; at < 20_000; at++) {
		const bytes = new Writer()
			.short('x')
			.short(`key-${at % 9000}`)
			.done();
		assert.equal(route(bytes, 0, bytes.length).key, `key-${at % 9000}`);
	}
	const [one, other] = ['a', 'b'].map((name) => new Writer().short(name).short('k').done());
	if (!one || !other) return assert.fail();
	assert.equal(route(one, 0, one.length), route(one.slice(), 0, one.length));
	assert.equal(route(other, 0, other.length).exchange, 'b');
	for (const bytes of [[], [0], [0, 1], [0, 0, 0], [5, 0]])
		assert.throws(() => route(Uint8Array.from(bytes), 0, bytes.length), /cannot be read/);
});
