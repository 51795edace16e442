import assert from 'node:assert/strict';
import test from 'node:test';
import { fail } from '../../../../src/base/failure';
import { hostMap, mapped } from '../../../../src/protocols/kafka/cluster/hosts';
import { unreachable } from '../../../../src/protocols/kafka/cluster/unreachable';
import { headerBytes, headerText } from '../../../../src/protocols/kafka/describe/header-values';
import { checkTopic } from '../../../../src/protocols/kafka/describe/topics';
import { assign } from '../../../../src/protocols/kafka/reading/assign';
import { causeOf, errorOf, kafkaFailure, refusalOf } from '../../../../src/protocols/kafka/wire/failures';

test('addresses of brokers are mapped with and without their ports', () => {
	const hosts = hostMap(
		[
			['Kafka-1:9092', '127.0.0.1:19092'],
			['kafka-2', 'localhost'],
			['[::1]:9092', '[::2]:1'],
			['', ''],
		],
		'kafka',
	);
	const cases: [host: string, port: number, expected: string][] = [
		['kafka-1', 9092, '127.0.0.1:19092'],
		['KAFKA-1', 9092, '127.0.0.1:19092'],
		['kafka-1', 9093, 'kafka-1:9093'],
		['kafka-2', 9094, 'localhost:9094'],
		['other', 1, 'other:1'],
	];
	for (const [host, port, expected] of cases) {
		const to = mapped(hosts, { host, port });
		assert.equal(`${to.host}:${to.port}`, expected);
	}
});

for (const entry of ['http://x', 'a@b', 'a b', '', 'a:99999'])
	test(`a mapping to ${JSON.stringify(entry)} is refused`, () => {
		assert.throws(() => hostMap([['kafka', entry]], 'kafka'), /"Addresses of brokers" has an entry/);
	});

test('a broker that cannot be reached: who named which address, why it failed, and the remedy', () => {
	const bootstrap = { host: '127.0.0.1', port: 19092 };
	const broker = { node: 1, host: 'kafka', port: 9092 };
	const cause = fail('name-not-found', 'There is no host named "kafka".', { evidence: 'ENOTFOUND' });
	const { failure } = unreachable(cause, { broker, peer: broker, bootstrap });
	assert.equal(
		failure.message,
		'127.0.0.1:19092 was reached, but it names kafka:9092 as the address of broker 1, which cannot be reached: there is no host named "kafka".',
	);
	assert.match(failure.remedy?.text ?? '', /advertised\.listeners.*add "kafka:9092"/);
	const mapping = unreachable(fail('cancelled', 'x'), { broker, peer: { host: '10.0.0.1', port: 1 }, bootstrap });
	assert.match(
		mapping.failure.message,
		/names kafka:9092, mapped to 10\.0\.0\.1:1, as .*: 10\.0\.0\.1:1 does not answer\.$/,
	);
	assert.match(mapping.failure.remedy?.text ?? '', /Check "Addresses of brokers"/);
	const login = unreachable(fail('credentials-refused', 'x', { final: true }), { broker, peer: broker, bootstrap });
	assert.equal(login.failure.code, 'credentials-refused');
});

test('the error at the bottom of a chain is the one that is told', () => {
	const refused = {
		apiId: 'TOPIC_AUTHORIZATION_FAILED',
		apiCode: 29,
		serverErrorMessage: 'no\u202e way',
		message: 'long words',
	};
	const nested = { message: 'multiple', errors: [{ message: 'outer', cause: { errors: [refused] } }] };
	assert.deepEqual(refusalOf(nested), { id: 'TOPIC_AUTHORIZATION_FAILED', code: 29, text: 'no\\u{202e} way' });
	assert.equal(kafkaFailure(nested, 'topic "x"').code, 'not-permitted');
	assert.equal(
		causeOf({ message: 'a', errors: [{ message: 'b', cause: new Error('Out of bounds.') }] }),
		'Out of bounds.',
	);
	const endless: { cause?: unknown; message: string } = { message: 'round' };
	endless.cause = endless;
	assert.equal(refusalOf(endless), undefined);
	assert.equal(causeOf(endless), 'round');
	assert.match(kafkaFailure(errorOf(12345), 'topic "x"').message, /error code 12345/);
});

const members = [
	{ id: 'b', topics: ['t', 'u'] },
	{ id: 'a', topics: ['t'] },
];
const partitions = new Map([
	['t', [0, 1, 2]],
	['u', [0]],
]);
const shown = (assignor: string, list = members) =>
	[...assign(assignor, list, partitions)].map(
		([id, own]) => `${id}: ${own.map(({ topic, partitions: all }) => topic + all.join('')).join(' ')}`,
	);

test('a leader divides partitions as the Java client does', () => {
	assert.deepEqual(shown('range'), ['a: t01', 'b: t2 u0']);
	assert.deepEqual(shown('roundrobin'), ['a: t02', 'b: t1 u0']);
	assert.deepEqual(shown('range', [{ id: 'c', topics: [] }]), ['c: ']);
});

const headers: [text: string, bytes: number[] | undefined][] = [
	['plain', [112, 108, 97, 105, 110]],
	['', []],
	['(null)', undefined],
	['(bytes) 00ff', [0, 255]],
	['(text) (null)', [...Buffer.from('(null)')]],
	['(other) x', [...Buffer.from('(other) x')]],
];
for (const [text, bytes] of headers)
	test(`the header value ${JSON.stringify(text)}`, () => {
		const read = headerBytes('h', text);
		assert.deepEqual(read && [...read], bytes);
		assert.equal(headerText(read), text);
	});

test('bytes that are no text on one line are written in hexadecimal', () => {
	for (const bytes of [Uint8Array.of(10), Uint8Array.of(0xc3, 0x28), Uint8Array.of(0)]) {
		assert.match(headerText(bytes), /^\(bytes\) /);
		assert.deepEqual([...(headerBytes('h', headerText(bytes)) ?? [])], [...bytes]);
	}
	for (const text of ['(bytes) 0', '(bytes) xy', '(null) x'])
		assert.throws(() => headerBytes('h', text), /The header "h"/);
});

const topics: [name: string, isValid: boolean][] = [
	['orders', true],
	['a.b_c-D9', true],
	['', false],
	['.', false],
	['..', false],
	['ä', false],
	['a b', false],
	['a/b', false],
	['x'.repeat(249), true],
	['x'.repeat(250), false],
];
for (const [name, isValid] of topics)
	test(`the topic ${JSON.stringify(name.slice(0, 20))}`, () => assert.equal(checkTopic(name) === undefined, isValid));
