import assert from 'node:assert/strict';
import test from 'node:test';
import { createExchange, type Exchange } from '../../../../src/protocols/coap/wire/exchange';
import type { Message } from '../../../../src/protocols/coap/wire/message';
import type { Handlers } from '../../../../src/protocols/coap/wire/outbox';
import { type FakeClock, fakeClock } from '../../../support/net/coap-clock';
import { answer, parsed } from '../../../support/net/coap-messages';

interface Setting {
	exchange: Exchange;
	clock: FakeClock;
	sent: Message[];
	ignored: string[];
	events: string[];
	handlers: Handlers;
}

function setting(random = 0, nstart = 1): Setting {
	const clock = fakeClock(random);
	const sent: Message[] = [];
	const ignored: string[] = [];
	const events: string[] = [];
	const exchange = createExchange({
		...{ clock, nstart },
		send: (bytes) => sent.push(parsed(bytes)),
		ignored: (why) => ignored.push(why),
	});
	const handlers: Handlers = {
		retransmitted: (count, left) => events.push(`${clock.now() - 1000}: repeated ${count}, ${left} ms left`),
		acknowledged: () => events.push('acknowledged'),
		response: ({ code, payload }) => events.push(`response ${code} ${Buffer.from(payload)}`),
		failed: (why) => events.push(`${clock.now() - 1000}: ${why}`),
	};
	return { exchange, clock, sent, ignored, events, handlers };
}

const get = { code: 1, confirmable: true, options: [], payload: new Uint8Array() };
const last = ({ sent }: Setting) => sent.at(-1) as Message;

// RFC 7252, 4.8.2: MAX_TRANSMIT_WAIT is 93 s with the longest first timeout, 62 s with the shortest.
for (const [random, times, over] of [
	[0, [2000, 6000, 14_000, 30_000], 62_000],
	[1, [3000, 9000, 21_000, 45_000], 93_000],
] as const)
	test(`retransmits on the schedule of RFC 7252, with chance ${random}`, () => {
		const here = setting(random);
		here.exchange.request(get, here.handlers);
		here.clock.pass(over - 1);
		assert.deepEqual(
			here.events,
			times.map((at, index) => `${at}: repeated ${index + 1}, ${over - at} ms left`),
		);
		assert.equal(new Set(here.sent.map(({ id }) => id)).size, 1, 'with the same id');
		here.clock.pass(1);
		assert.equal(here.events.at(-1), `${over}: timeout`);
		assert.equal(here.sent.length, 5);
		assert.equal(here.clock.waiting, 0);
	});

test('a piggybacked answer ends the retransmissions', () => {
	const here = setting();
	here.exchange.request(get, here.handlers);
	here.exchange.receive(answer(last(here), '2.05', { payload: 'x' }));
	here.clock.pass(100_000);
	assert.deepEqual(here.events, ['response 69 x']);
	assert.equal(here.sent.length, 1);
});

test('a separate answer is acknowledged, and again each time it is repeated, but told once', () => {
	const here = setting();
	here.exchange.request(get, here.handlers);
	const request = last(here);
	here.exchange.receive(Buffer.of(0x60, 0, request.id >> 8, request.id & 255));
	const late = answer(request, '2.05', { type: 0, id: 77, payload: 'late' });
	for (let time = 0; time < 3; time++) here.exchange.receive(late);
	assert.deepEqual(here.events, ['acknowledged', 'response 69 late']);
	assert.deepEqual(
		here.sent.slice(1).map(({ type, code, id }) => [type, code, id]),
		Array(3).fill([2, 0, 77]),
	);
	here.clock.pass(247_001);
	here.exchange.receive(late);
	assert.equal(here.events.length, 3, 'after EXCHANGE_LIFETIME it is another message');
});

test('a separate answer that overtakes its acknowledgement stands for it', () => {
	const here = setting();
	here.exchange.request(get, here.handlers);
	here.exchange.receive(answer(last(here), '2.05', { type: 1, id: 9 }));
	here.clock.pass(100_000);
	assert.deepEqual(here.events, ['response 69 ']);
	assert.equal(here.sent.length, 1, 'nothing is repeated, and a NON is not acknowledged');
});

const strangers: [title: string, datagram: (request: Message) => Buffer, reply: number[] | undefined][] = [
	['an acknowledgement with another id', (request) => answer(request, '2.05', { id: request.id ^ 1 }), undefined],
	[
		'an acknowledgement with another token',
		(request) => answer(request, '2.05', { token: Buffer.of(9, 9, 9, 9) }),
		undefined,
	],
	[
		'an acknowledgement with a longer token',
		(request) => answer(request, '2.05', { token: Buffer.concat([request.token, Buffer.of(0)]) }),
		undefined,
	],
	['an acknowledgement with no token', (request) => answer(request, '2.05', { token: Buffer.alloc(0) }), undefined],
	[
		'a confirmable answer with another token',
		(request) => answer(request, '2.05', { type: 0, id: 5, token: Buffer.of(1) }),
		[3, 5],
	],
	[
		'an answer that is none of ours',
		(request) => answer(request, '2.05', { type: 1, id: 5, token: Buffer.of(1) }),
		[3, 5],
	],
	['a request to us, confirmable', () => Buffer.of(0x40, 1, 0, 5), [3, 5]],
	['a request to us', () => Buffer.of(0x50, 1, 0, 5), undefined],
	['a ping', () => Buffer.of(0x40, 0, 0, 5), [3, 5]],
	['a reserved code', () => Buffer.of(0x40, 0xe0, 0, 5), [3, 5]],
	['an empty message with a token', () => Buffer.of(0x41, 0, 0, 5, 1), [3, 5]],
	['nothing', () => Buffer.alloc(0), undefined],
];
for (const [title, datagram, reply] of strangers)
	test(`is not taken for the answer: ${title}`, () => {
		const here = setting();
		here.exchange.request(get, here.handlers);
		here.exchange.receive(datagram(last(here)));
		assert.deepEqual(here.events, []);
		assert.deepEqual(
			here.sent.slice(1).map(({ type, id }) => [type, id]),
			reply ? [reply] : [],
		);
		here.exchange.receive(answer(here.sent[0] as Message, '2.05'));
		assert.deepEqual(here.events, ['response 69 '], 'the answer is still taken');
	});

test('a reset ends a confirmable and a non-confirmable message', () => {
	for (const confirmable of [true, false]) {
		const here = setting();
		here.exchange.request({ ...get, confirmable }, here.handlers);
		const { id } = last(here);
		here.exchange.receive(Buffer.of(0x70, 0, id >> 8, id & 255));
		assert.deepEqual(here.events, ['0: reset']);
		here.clock.pass(100_000);
		assert.equal(here.sent.length, 1);
	}
});

test('one message at a time waits for its acknowledgement; the others for their turn', () => {
	const here = setting();
	for (let at = 0; at < 3; at++) here.exchange.request(get, here.handlers);
	assert.equal(here.sent.length, 1);
	assert.equal(here.exchange.ahead, 3);
	here.exchange.ping(here.handlers);
	assert.deepEqual([here.sent.length, last(here).code], [2, 0], 'a ping does not wait');
	here.exchange.receive(answer(here.sent[0] as Message, '2.05'));
	assert.equal(here.sent.length, 3, 'and does not hold up other requests');
	const wide = setting(0, 3);
	for (let at = 0; at < 5; at++) wide.exchange.request(get, wide.handlers);
	assert.equal(wide.sent.length, 3);
});

test('what was forgotten is neither repeated nor taken in', () => {
	const here = setting();
	const handle = here.exchange.request(get, here.handlers);
	handle.forget();
	handle.forget();
	here.exchange.receive(answer(last(here), '2.05', { type: 0 }));
	here.clock.pass(100_000);
	assert.deepEqual(here.events, []);
	assert.deepEqual(
		here.sent.map(({ type }) => type),
		[0, 3],
		'a notification that goes on is rejected, so that the server stops',
	);
	assert.equal(here.exchange.open, 0);
});

test('a renewed exchange keeps its token, and hears what comes meanwhile', () => {
	const here = setting();
	const first = here.exchange.request(get, here.handlers);
	here.exchange.receive(answer(last(here), '2.05', { payload: '1' }));
	here.exchange.request({ ...get, token: first.token }, here.handlers);
	first.forget();
	here.exchange.receive(answer(last(here), '2.05', { type: 1, id: 3, payload: '2' }));
	assert.deepEqual(here.events, ['response 69 1', 'response 69 2']);
});

test('stopping ends everything once, and nothing starts after it', async () => {
	const here = setting();
	for (let at = 0; at < 3; at++) here.exchange.request({ ...get, confirmable: at > 0 }, here.handlers);
	here.exchange.stop();
	here.exchange.stop();
	here.exchange.request(get, here.handlers);
	await Promise.resolve();
	assert.deepEqual(here.events, Array(4).fill('0: stopped'));
	assert.equal(here.clock.waiting, 0);
	assert.equal(here.sent.length, 2);
});

test('a server that sends so fast that its ids come round again is heard', () => {
	const here = setting();
	here.exchange.request(get, here.handlers);
	const request = last(here);
	for (let at = 0; at < 70_000; at++)
		here.exchange.receive(answer(request, '2.05', { type: 1, id: at & 0xffff, payload: String(at) }));
	assert.equal(here.events.length, 70_000);
});
