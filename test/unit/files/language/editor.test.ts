import assert from 'node:assert/strict';
import test from 'node:test';
import { createFollow } from '../../../../src/engine/store/follow';
import { createStore } from '../../../../src/engine/store/store';
import { check } from '../../../../src/files/check/check';
import { newFileText } from '../../../../src/files/create/new-file';
import type { AssertionResult, RequestResult } from '../../../../src/files/run/results/result';
import { resultText } from '../../../../src/files/run/results/result-text';
import { summary } from '../../../../src/files/run/results/summary';
import { parse } from '../../../../src/files/syntax/parse';
import { verbOf } from '../../../../src/files/syntax/words';
import { noEnvironment } from '../../../../src/files/values/environments';
import { receivingMode, sendingVerb } from '../../../../src/files/values/sending-verb';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { form } from '../../../../src/protocols/amqp/files/httpyac';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { describe } from '../../../../src/protocols/descriptions';

const bytes = (text: string) => new TextEncoder().encode(text);
const described = (id: string): ProtocolDescription => {
	const found = describe(id);
	assert.ok(found, id);
	return found;
};
const result = (more: Partial<RequestResult> = {}): RequestResult => ({
	title: 'one',
	notes: [],
	range: { start: 0, end: 1 },
	line: 1,
	ending: 'passed',
	receipts: [],
	messages: [],
	assertions: [],
	ms: 12.4,
	runs: 1,
	...more,
});
const assertion = (ending: AssertionResult['ending']): AssertionResult => ({
	range: { start: 0, end: 1 },
	line: 1,
	text: '?? body == a',
	ending,
	expected: '== a',
	actual: 'b',
});

test('a result in one line: what failed comes first', () => {
	const receipt = { proof: 'acknowledged', text: 'acknowledged in 3 ms', ms: 3 } as const;
	const sent = {
		proof: 'handed-over',
		text: 'handed to the network in 0.8 ms (WebSocket has no acknowledgement)',
		ms: 1,
	} as const;
	const received = { target: '', payload: new Uint8Array(), headers: [], time: 0 };
	const cases: [Partial<RequestResult>, string][] = [
		[{}, '12 ms'],
		[{ receipts: [receipt] }, 'acknowledged in 3 ms · 12 ms'],
		[{ receipts: Array(5).fill(receipt) }, '5 acknowledged · 12 ms'],
		[
			{
				receipts: [sent, sent, { proof: 'refused', text: 'refused: too large', ms: 1 }],
				messages: [received],
				assertions: [assertion('passed')],
			},
			'2 sent · 1 refused · 1 received · 1 expectation passed · 12 ms',
		],
		[{ assertions: [assertion('passed')] }, '1 expectation passed · 12 ms'],
		[
			{ ending: 'failed', receipts: [receipt], assertions: [assertion('passed'), assertion('failed')] },
			'1 of 2 expectations failed · acknowledged in 3 ms · 12 ms',
		],
		[{ ending: 'failed', assertions: [assertion('not-run')] }, '1 of 1 expectation failed · 12 ms'],
		[
			{ ending: 'unconnected', failure: { code: 'refused', message: 'Nobody listens.' } },
			'not connected · Nobody listens. · 12 ms',
		],
		[{ ending: 'stopped', runs: 3 }, 'stopped · 3 runs · 12 ms'],
	];
	for (const [more, expected] of cases) assert.equal(summary(result(more)), expected);
});

test('a result to read: bytes as hexadecimal, JSON broken up, secrets masked, no line of a peer on its own', () => {
	const message = (payload: Uint8Array, target = 'a/b') => ({
		target,
		payload,
		headers: [['QoS', '1'] as [string, string]],
		time: 0,
	});
	const text = resultText(
		result({
			messages: [
				message(bytes('{"a":1}')),
				message(Uint8Array.of(0xff, 0, 1)),
				message(bytes('the password is canary-7'), 'x\n### y'),
				message(bytes('{"id":12345678901234567890,"t":[127.0,-0,1e400],"t":2}')),
				message(bytes('['.repeat(100_000))),
			],
			assertions: [assertion('failed')],
		}),
		new Set(['canary-7']),
	);
	assert.match(text, /MESSAGE a\/b\nQoS: 1\n\n\{\n {2}"a": 1\n\}\n/);
	assert.match(text, /# @body hex\nMESSAGE a\/b\nQoS: 1\n\nff 00 01\n/);
	assert.match(text, /^# ✗ \?\? body == a: expected == a, got b$/m);
	assert.match(text, /the password is •••/);
	assert.doesNotMatch(text, /canary-7|^### y/m);
	assert.match(
		text,
		/\{\n {2}"id": 12345678901234567890,\n {2}"t": \[\n {4}127\.0,\n {4}-0,\n {4}1e400\n {2}\],\n {2}"t": 2\n\}/,
	);
	assert.match(text, /^\[{100000}$/m);
});

test('a result to read has the clock of the log, and says its zone', () => {
	const before = process.env.TZ;
	try {
		for (const [zone, time] of [
			['Asia/Kathmandu', '18:49:05.067 +05:45'],
			['America/St_Johns', '09:34:05.067 -03:30'],
			['UTC', '13:04:05.067 +00:00'],
		]) {
			process.env.TZ = zone;
			const message = { target: 'a', payload: bytes(''), headers: [], time: Date.UTC(2026, 0, 2, 13, 4, 5, 67) };
			const text = resultText(result({ messages: [{ ...message, code: '2.05' }] }), new Set());
			assert.match(text, new RegExp(`^### ${time?.replace('+', '\\+')} 2\\.05$`, 'm'));
		}
	} finally {
		if (before === undefined) delete process.env.TZ;
		else process.env.TZ = before;
	}
});

/** Nothing of a file that we write ourselves is wrong. */
function problems(text: string, id: string) {
	const around = { env: () => undefined, dotenv: () => undefined, secret: () => undefined };
	return check(parse(text), {
		describe: () => describe(id),
		environment: noEnvironment,
		around,
		connections: ['Here'],
	}).map(({ message }) => message);
}

test('new files: an example for every protocol, and messages with the time between them', () => {
	for (const id of ['mqtt', 'websocket', 'coap', 'amqp', 'xmpp']) {
		const description = describe(id);
		if (!description) continue;
		const text = newFileText({ connection: 'Here', description });
		assert.deepEqual(problems(text, id), [], `${id}\n${text}`);
	}
	const draft = (target: string, text: string | Uint8Array) => ({
		verb: 'publish',
		target,
		values: { qos: 1 },
		payload: typeof text === 'string' ? bytes(text) : text,
	});
	const description = described('mqtt');
	const text = newFileText({
		connection: 'Here',
		description,
		messages: [
			{ draft: draft('a', 'one'), time: 1000 },
			{ draft: draft('b', Uint8Array.of(255)), time: 1250 },
			{ draft: draft('c', ''), time: 1251 },
		],
	});
	assert.deepEqual(problems(text, 'mqtt'), []);
	assert.match(text, /PUBLISH a\nQoS: 1\n\none\n=== wait 250ms\n/);
	assert.match(text, /# @body base64\nPUBLISH b\nQoS: 1\n\n\/w==\n/);
	assert.equal(parse(text).sections.filter(({ request }) => request).length, 3);

	const conversation = newFileText({
		connection: 'Here',
		description: described('websocket'),
		messages: [
			{ draft: { ...draft('', 'one'), values: {} }, time: 1000 },
			{ draft: { ...draft('', 'two'), values: {} }, time: 1500 },
		],
	});
	assert.match(conversation, /WEBSOCKET\nConnection: Here|WEBSOCKET\n\none\n=== wait 500ms\ntwo\n/);
	assert.deepEqual(problems(conversation, 'websocket'), []);
});

test('which of a protocol’s verbs and ways to receive a word means', () => {
	const verbs: [string, string, string, string | undefined, string][] = [
		['mqtt', 'PUBLISH', 'a', undefined, 'publish'],
		['amqp', 'PUBLISH', 'exchange/a/b', undefined, 'publish'],
		['amqp', 'REQUEST', 'queue/a', undefined, 'request'],
		['coap', 'GET', '/a', undefined, 'get'],
		['xmpp', 'SEND', 'bob@example.org', undefined, 'message'],
		['xmpp', 'PUBLISH', 'pubsub.example.org/node', undefined, 'publish'],
		['xmpp', 'REQUEST', 'example.org', undefined, 'iq'],
		['xmpp', 'SEND', '', 'presence', 'presence'],
	];
	for (const [id, text, target, given, expected] of verbs) {
		const word = verbOf(text);
		const description = describe(id);
		if (word && description)
			assert.equal(sendingVerb(word, text, description, { target, given })?.id, expected, `${id} ${text} ${target}`);
	}
	const amqp = described('amqp');
	const strict = {
		...amqp,
		verbs: amqp.verbs.map((verb) =>
			verb.id === 'publish'
				? { ...verb, checkTarget: (target: string) => (target.startsWith('exchange/') ? undefined : 'no') }
				: verb,
		),
	};
	const publish = verbOf('PUBLISH');
	assert.ok(publish);
	assert.equal(sendingVerb(publish, 'PUBLISH', strict, { target: 'queue/a' })?.id, 'queue');
	const modes: [string, string, string | undefined, string | undefined][] = [
		['SUBSCRIBE', 'exchange/a/#', undefined, 'tap'],
		['SUBSCRIBE', 'firehose/#', undefined, 'firehose'],
		['CONSUME', 'queue/a', undefined, 'consume'],
		// Taking messages away is never guessed. The server refuses to read a queue as a stream that is none.
		['SUBSCRIBE', 'queue/a', undefined, 'stream'],
		['SUBSCRIBE', 'a', undefined, 'tap'],
		['SUBSCRIBE', 'queue/a', 'consume', 'consume'],
	];
	for (const [text, target, given, expected] of modes)
		assert.equal(receivingMode(text, described('amqp'), target, given)?.id, expected, `${text} ${target}`);
});

test('httpYac’s amqp_ headers', () => {
	const lower = (text: string, hasBody = true) => {
		const headers = text.split('\n').map((line) => {
			const [name = '', value = ''] = line.split(/: ?/);
			return { name, value };
		});
		const { verb, publish, subscribe, headers: rest } = form.rewrite(headers, hasBody);
		return [verb, ...publish, ...subscribe, ...rest.map(({ name, value }) => `${name}=${value}`)];
	};
	assert.deepEqual(lower('amqp_exchange: a/b\namqp_routing_key: k\namqp_content_type: text/plain\nX: 1'), [
		'PUBLISH',
		'exchange/a%2Fb/k',
		'content_type=text/plain',
		'X=1',
	]);
	assert.deepEqual(lower('amqp_queue: q\namqp_delivery_mode: 1'), ['PUBLISH', 'queue/q', 'persistent=false']);
	assert.deepEqual(lower('amqp_queue: q\namqp_no_ack: true', false), ['CONSUME', 'queue/q']);
	assert.throws(() => lower('amqp_method: deleteQueue\namqp_queue: q'), /does not "deleteQueue"/);
});

test('following a session: every received message once and in order, and what was forgotten is counted', async () => {
	const store = createStore(described('mqtt'), { ...defaultLimits, logMessages: 1000 });
	const follow = createFollow(store.feed, () => store.next);
	const add = (text: string, flags = 0) => {
		store.append('a', bytes(text), flags);
		follow.wake();
	};
	const texts = (feed: { messages: { payload: Uint8Array }[] }) =>
		feed.messages.map(({ payload }) => new TextDecoder().decode(payload));
	add('before');
	const start = await follow.follow(undefined, 10, true);
	assert.deepEqual(start, { next: 1, lost: 0, messages: [] });
	const waiting = Promise.resolve(follow.follow(start.next, 10, true));
	add('sent', flag.out);
	add('a note', flag.note);
	add('one');
	add('two');
	const first = await waiting;
	assert.deepEqual(texts(first), ['one', 'two']);
	assert.deepEqual((await follow.follow(first.next, 10, false)).messages, []);
	for (let number = 0; number < 5000; number++) add(String(number));
	let at = first.next;
	let lost = 0;
	const found: string[] = [];
	for (;;) {
		const feed = await follow.follow(at, 100, false);
		lost += feed.lost;
		if (feed.messages.length === 0) break;
		found.push(...texts(feed));
		at = feed.next;
	}
	assert.ok(lost > 0, 'the log forgets');
	assert.equal(found.length + lost, 5000);
	assert.equal(found.at(-1), '4999');
	follow.dispose();
});
