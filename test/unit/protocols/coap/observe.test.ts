import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import type { Granted, SubscriptionChange } from '../../../../src/protocols/adapter';
import { createExchange } from '../../../../src/protocols/coap/wire/exchange';
import type { Message } from '../../../../src/protocols/coap/wire/message';
import { isNewer, type Observation, observe, renewAfter } from '../../../../src/protocols/coap/wire/observe';
import { findUint, option } from '../../../../src/protocols/coap/wire/options';
import { fakeClock } from '../../../support/net/coap-clock';
import { answer, block2, etag, parsed, uint } from '../../../support/net/coap-messages';

function setting() {
	const clock = fakeClock();
	const sent: Message[] = [];
	const told: string[] = [];
	const changes: SubscriptionChange[] = [];
	const notes: string[] = [];
	let id = 100;
	const exchange = createExchange({
		...{ clock, nstart: 1, ignored() {} },
		send: (bytes) => sent.push(parsed(bytes)),
	});
	const request = {
		...{ code: 1, confirmable: true, options: [], payload: new Uint8Array() },
		...{ szx: 6, target: 'temp' },
	};
	const observation: Observation = observe(request, {
		...{ exchange, clock, limit: 10_000, responseWithin: 60_000 },
		deliver: (message, blocks, late) =>
			told.push(`${Buffer.from(message.payload).toString().slice(0, 20)} ${blocks}${late ? ' late' : ''}`),
		changed: (change) => changes.push(change),
		note: (text) => notes.push(text),
	});
	const outcome: { granted?: Granted; code?: string } = {};
	observation.granted.then(
		(granted) => {
			outcome.granted = granted;
		},
		(error: unknown) => {
			outcome.code = error instanceof FailureError ? error.failure.code : String(error);
		},
	);
	const first = sent[0] as Message;
	return {
		...{ clock, sent, told, changes, notes, exchange, observation, outcome, first },
		/** A notification, or the answer to the registration. */
		notify(
			number: number | undefined,
			payload: string,
			more: { age?: number; code?: string; ack?: Message; type?: 0 | 1 } = {},
		) {
			const options = [];
			if (number !== undefined) options.push(uint(option.observe, number));
			if (more.age !== undefined) options.push(uint(option.maxAge, more.age));
			const how = more.ack ? {} : { type: more.type ?? (1 as const), id: id++ };
			exchange.receive(answer(more.ack ?? first, more.code ?? '2.05', { options, payload, ...how }));
		},
		turn: () => new Promise((resolve) => setImmediate(resolve)),
	};
}

const registers = (message: Message | undefined) => findUint(message?.options ?? [], option.observe);

test('registers, tells each state, and until when it is fresh', async () => {
	const here = setting();
	assert.equal(registers(here.first), 0);
	here.notify(1, 'a', { ack: here.first, age: 30 });
	await here.turn();
	assert.equal(here.outcome.granted?.detail, 'Max-Age 30 s');
	const until = (here.outcome.granted?.freshUntil ?? 0) - Date.now();
	assert.ok(until > 20_000 && until <= 30_000);
	here.notify(2, 'b', { age: 90 });
	here.notify(3, 'c', { age: 90, type: 0 });
	assert.deepEqual(here.told, ['a 1', 'b 1', 'c 1']);
	assert.equal(here.changes.length, 1, 'what changes by less than a second is not told again');
	assert.equal(here.changes[0]?.detail, 'Max-Age 90 s');
	assert.equal(here.sent.at(-1)?.type, 2, 'the confirmable one is acknowledged');
});

test('a notification that comes late is told as late, and does not make the present one fresh', async () => {
	const here = setting();
	here.notify(10, 'a', { ack: here.first });
	here.notify(12, 'c');
	here.notify(11, 'b', { age: 4000 });
	here.notify(13, 'd', { age: 4000 });
	assert.deepEqual(here.told, ['a 1', 'c 1', 'b 1 late', 'd 1']);
	assert.equal(here.changes.length, 1);
	here.clock.pass(128_001);
	here.notify(1, 'e');
	assert.equal(here.told.at(-1), 'e 1', 'after 128 s a lower number is a new one');
});

for (const [a, b, ms, newer] of [
	[1, 2, 0, true],
	[2, 1, 0, false],
	[1, 1, 0, false],
	[2 ** 24 - 1, 0, 0, true],
	[0, 2 ** 24 - 1, 0, false],
	[0, 2 ** 23, 0, false],
	[5, 4, 128_001, true],
] as const)
	test(`${b} after ${a}, ${ms} ms later, is ${newer ? '' : 'not '}newer`, () => assert.equal(isNewer(a, b, ms), newer));

test('registers again with the same token before the value runs out', async () => {
	const here = setting();
	here.notify(1, 'a', { ack: here.first, age: 60 });
	here.clock.pass(49_999);
	assert.equal(here.sent.length, 1);
	here.clock.pass(1);
	const again = here.sent[1] as Message;
	assert.deepEqual([registers(again), Buffer.from(again.token)], [0, Buffer.from(here.first.token)]);
	here.notify(2, 'b', { ack: again, age: 60 });
	here.notify(3, 'c');
	assert.deepEqual(here.told, ['a 1', 'b 1', 'c 1']);
	for (const age of [1, 2, 5, 60, 86_400]) assert.ok(renewAfter(age) <= age * 1000, `Max-Age ${age}`);
	assert.equal(renewAfter(0), 1000);
});

test('a server that does not answer the renewal has lost the observation', async () => {
	const here = setting();
	here.notify(1, 'a', { ack: here.first, age: 60 });
	here.clock.pass(50_000 + 62_000);
	assert.equal(here.changes.at(-1)?.failure?.code, 'no-answer');
	assert.equal(here.clock.waiting, 0);
	assert.equal(here.exchange.open, 0);
});

const endings: [title: string, number: number | undefined, code: string, says: RegExp, last: string][] = [
	['4.04', undefined, '4.04', /ended the observation of "temp": 4\.04 Not Found/, 'a 1'],
	['5.03', undefined, '5.03', /5\.03/, 'a 1'],
	['4.04 with a number', 9, '4.04', /4\.04/, 'a 1'],
	['an answer without a number', undefined, '2.05', /removed this client from the observers/, 'bye 1'],
];
for (const [title, number, code, says, last] of endings)
	test(`an observation that the server ends is told: ${title}`, () => {
		const here = setting();
		here.notify(1, 'a', { ack: here.first });
		here.notify(number, 'bye', { code, type: 0 });
		assert.equal(here.told.at(-1), last, 'an error is no reading');
		const failure = here.changes.at(-1)?.failure;
		assert.match(failure?.message ?? '', says);
		assert.equal(failure?.end?.code, code);
		if (code !== '2.05') assert.equal(failure?.evidence, 'bye');
		assert.equal(here.clock.waiting, 0);
		here.notify(2, 'more', { type: 0 });
		assert.equal(here.told.at(-1), last);
		assert.equal(here.sent.at(-1)?.type, 3, 'what comes after it is rejected');
	});

for (const [code, number, says] of [
	['4.04', undefined, 'refused-by-server'],
	['2.05', undefined, 'not-observable'],
] as const)
	test(`a wish that the server does not grant: ${code}`, async () => {
		const here = setting();
		here.notify(number, 'x', { ack: here.first, code });
		await here.turn();
		assert.equal(here.outcome.code, says);
		assert.deepEqual(here.changes, [], 'the refusal is the answer, and is not told twice');
		assert.deepEqual(here.told, code === '2.05' ? ['x 1'] : []);
	});

test('takes itself off the list with the same token, and waits for that', async () => {
	const here = setting();
	here.notify(1, 'a', { ack: here.first });
	let ended = false;
	const end = here.observation.end(2000).then(() => {
		ended = true;
	});
	const farewell = here.sent.at(-1) as Message;
	assert.deepEqual([registers(farewell), Buffer.from(farewell.token)], [1, Buffer.from(here.first.token)]);
	here.notify(2, 'on its way');
	await here.turn();
	assert.equal(ended, false);
	here.exchange.receive(answer(farewell, '2.05'));
	await end;
	assert.deepEqual(here.told, ['a 1']);
	assert.deepEqual(here.changes, []);
	assert.equal(here.clock.waiting, 0);
	assert.equal(here.exchange.open, 0);
});

test('a server that does not answer the farewell does not hold it up', async () => {
	const here = setting();
	here.notify(1, 'a', { ack: here.first });
	const end = here.observation.end(2000);
	here.clock.pass(2000);
	await end;
	assert.equal(here.clock.waiting, 0);
});

test('a long notification: its later blocks are fetched, and the observation goes on', async () => {
	const here = setting();
	const long = (number: number, letter: string, ack?: Message) =>
		here.exchange.receive(
			answer(ack ?? here.first, '2.05', {
				options: [uint(option.observe, number), block2(0, true), etag(letter)],
				payload: letter.repeat(1024),
				...(ack ? {} : { type: 1 as const, id: number }),
			}),
		);
	const rest = (letter: string, tag = letter) => {
		const request = here.sent.at(-1) as Message;
		assert.equal(registers(request), undefined, 'without asking to observe');
		here.exchange.receive(answer(request, '2.05', { options: [block2(1, false), etag(tag)], payload: letter }));
	};
	long(1, 'a', here.first);
	rest('a');
	await here.turn();
	long(2, 'b');
	long(3, 'c');
	await here.turn();
	rest('c');
	await here.turn();
	assert.deepEqual(
		here.told,
		[`${'a'.repeat(20)} 2`, `${'c'.repeat(20)} 2`],
		'the newer one takes the place of the older',
	);
	long(4, 'd');
	rest('e', 'e');
	await here.turn();
	here.notify(5, 'short');
	assert.equal(here.told.at(-1), 'short 1');
	assert.equal(here.told.length, 3, 'what changed meanwhile is notified of anew');
	assert.deepEqual(here.notes, []);
});

test('a long notification whose blocks do not fit is told as incomplete', async () => {
	const here = setting();
	here.notify(1, 'a', { ack: here.first });
	here.exchange.receive(
		answer(here.first, '2.05', {
			...{ type: 1, id: 50, payload: 'x'.repeat(1024) },
			options: [uint(option.observe, 2), block2(0, true)],
		}),
	);
	here.exchange.receive(answer(here.sent.at(-1) as Message, '2.05', { options: [block2(9, false)], payload: 'y' }));
	await here.turn();
	assert.match(here.notes[0] ?? '', /"temp" is incomplete and not shown\. The server sent block 9/);
	here.notify(3, 'b');
	assert.equal(here.told.at(-1), 'b 1');
});
