import assert from 'node:assert/strict';
import test from 'node:test';
import type { Subscription } from '../../../../src/model/profile/profile';
import { consumerArguments, readOfStream } from '../../../../src/protocols/amqp/messages/consumer-arguments';

const encoded = (text: string) => new TextEncoder().encode(text);
const stream = (more: object): Subscription => ({ target: 'queue/s', mode: 'consume', ...more });

const offsets: [text: string, type: string, value: unknown, read: RegExp][] = [
	['first', 'S', encoded('first'), /from the first one on/],
	['last', 'S', encoded('last'), /last block/],
	['next', 'S', encoded('next'), /new messages only/],
	['0', 'l', 0n, /offset 0 on/],
	['9007199254740993', 'l', 9007199254740993n, /offset 9007199254740993 on/],
	['1h', 'S', encoded('1h'), /last 1h/],
	['7D', 'S', encoded('7D'), /last 7D/],
	['2026-01-31T12:00:00Z', 'T', 1769860800n, /since 2026-01-31T12:00:00/],
	['2026-01-31', 'T', 1769817600n, /since 2026-01-31/],
];
for (const [text, type, value, read] of offsets)
	test(`a stream is read from "${text}", as option and as argument of the consumer`, () => {
		const ways = [stream({ offset: text }), stream({ arguments: [['x-stream-offset', text]] })];
		for (const subscription of ways) {
			assert.deepEqual(consumerArguments(subscription), [['x-stream-offset', { type, value }]]);
			assert.match(readOfStream(subscription), read);
		}
	});

test('arguments have the type that RabbitMQ wants, or the one that is written', () => {
	const pairs: [string, string, object][] = [
		['x-priority', '5', { type: 'l', value: 5n }],
		['x-priority', '-5', { type: 'l', value: -5n }],
		['x-priority', '(int) 5', { type: 'I', value: 5 }],
		['x-priority', 'high', { type: 'S', value: encoded('high') }],
		['x-cancel-on-ha-failover', 'true', { type: 't', value: true }],
		['x-stream-match-unfiltered', 'false', { type: 't', value: false }],
		['x-stream-filter', 'eu', { type: 'S', value: encoded('eu') }],
		['x-stream-offset', '(timestamp) 1769860800', { type: 'T', value: 1769860800n }],
		['x-stream-offset', '(text) 5', { type: 'S', value: encoded('5') }],
		['x-own', '5', { type: 'S', value: encoded('5') }],
		['x-own', '(boolean) true', { type: 't', value: true }],
	];
	for (const [name, text, value] of pairs)
		assert.deepEqual(consumerArguments(stream({ arguments: [[name, text]] })), [[name, value]], `${name}: ${text}`);
	assert.deepEqual(consumerArguments(stream({})), []);
	assert.match(readOfStream(stream({})), /new messages only/);
});

test('what is not a place in a stream is refused before it is sent', () => {
	for (const offset of ['middle', 'First', '-1', '1.5', '1w', '5 apples', '2026-99-99'])
		for (const subscription of [stream({ offset }), stream({ arguments: [['x-stream-offset', offset]] })])
			assert.throws(() => consumerArguments(subscription), /not a position in a stream/, offset);
	assert.throws(
		() => consumerArguments(stream({ offset: 'first', arguments: [['x-stream-offset', 'last']] })),
		/mean the same/,
	);
});
