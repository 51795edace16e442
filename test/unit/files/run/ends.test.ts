import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError, fail } from '../../../../src/base/failure';
import type { RequestResult } from '../../../../src/files/run/results/result';
import { type Behavior, endings, type Peer, run } from '../../../support/run/fake-run';

const closed = (code: string, reason?: string): Failure => ({
	code: 'closed-by-server',
	message: `The server closed the connection with code ${code}.`,
	end: { code, ...(reason && { reason }), normal: ['1000', '1001', '1005'].includes(code) },
});

/** A server that answers the first message and then closes. */
const closing = (failure: Failure, answers = 1): Behavior => ({
	protocol: 'websocket',
	onSend(_, peer) {
		for (let at = 0; at < answers; at++) peer.tell({ target: 'messages', body: `answer ${at}` });
		queueMicrotask(() => peer.end(failure));
		return undefined;
	},
});

const failures = ({ results }: { results: RequestResult[] }) => results.map(({ failure }) => failure?.message);
/** After what is under way, and before the time passes on. */
async function soon(action: () => void) {
	for (let turn = 0; turn < 20; turn++) await undefined;
	action();
}

const timeout = '# @timeout 60s\n';

const closes: [title: string, source: string, failure: Failure, ending: string, says?: RegExp][] = [
	['1000, and what came is judged', '\n\n?? messages length == 1\n?? body == answer 0', closed('1000'), 'passed'],
	['1000, and what came is wrong', '\n\n?? messages length == 2', closed('1000'), 'failed'],
	['1000 as expected', '\n\n?? body == answer 0\n?? code == 1000', closed('1000'), 'passed'],
	['1000 where another code is expected', '\n\n?? code == 4401', closed('1000'), 'failed'],
	['1001 and 1005 are normal, too', '\n\n?? messages length == 1', closed('1005'), 'passed'],
	['4401 as expected', '\n\n?? code == 4401', closed('4401', 'token expired'), 'passed'],
	['a reason as expected', '\n\n?? reason contains expired', closed('4401', 'token expired'), 'passed'],
	['another reason', '\n\n?? reason == expired', closed('4401', 'token expired'), 'failed'],
	['no reason', '\n\n?? reason exists', closed('4401'), 'failed'],
	['a code in a range', '\n\n?? code >= 4400\n?? code < 4500', closed('4401'), 'passed'],
	[
		'4401 that no expectation looks at',
		'\n\n?? messages length == 1',
		closed('4401', 'token expired'),
		'failed',
		/code 4401: "token expired"\.$/,
	],
	[
		'4401 while a message is waited for',
		'\n=== wait-for-server 2\nlast\n\n?? messages length == 9',
		closed('4401', 'token expired'),
		'failed',
		/code 4401: "token expired"\.$/,
	],
	['1000 while a message is waited for', '\n=== wait-for-server 2\nlast', closed('1000'), 'failed', /code 1000/],
	[
		'4401 while a message is waited for, as expected',
		'\n=== wait-for-server 2\nx\n\n?? code == 4401',
		closed('4401'),
		'passed',
	],
	['1000 in a pause at the end', '\n=== wait 5s\n\n?? body == answer 0', closed('1000'), 'passed'],
	[
		'1000 in a pause before a message',
		'\n=== wait 5s\nx\n\n?? body == answer 0',
		closed('1000'),
		'failed',
		/code 1000/,
	],
	[
		'a code that the sentence does not have',
		'\n\n?? messages length == 1',
		{
			code: 'closed-by-operator',
			message: 'The server shuts down.',
			end: { code: '320', reason: 'CONNECTION_FORCED' },
		},
		'failed',
		/^The server shuts down: code 320, "CONNECTION_FORCED"\.$/,
	],
	['no code at all', '\n\n?? code == 1006', { code: 'lost', message: 'It was cut.' }, 'failed', /It was cut/],
	['a break in words', '\n\n?? reason contains cut', { code: 'lost', message: 'It was cut.' }, 'passed'],
];
for (const [title, rest, failure, ending, says] of closes)
	test(`a close with ${title}: ${ending}`, async () => {
		const outcome = await run(`${timeout}WS ws://h\n\nx${rest}`, closing(failure));
		assert.deepEqual(endings(outcome.results), [ending], JSON.stringify(outcome.results));
		assert.ok((outcome.results[0]?.ms ?? 0) < 10_000, 'it does not wait out its time');
		if (says) assert.match(failures(outcome)[0] ?? '', says);
		else assert.equal(failures(outcome)[0], undefined);
	});

test('a close that never comes fails after the time, and a close that comes after the answer is waited for', async () => {
	const never = await run('WS ws://h\n\nx\n\n?? code == 1000', { protocol: 'websocket' });
	assert.deepEqual(endings(never.results), ['failed']);
	assert.match(never.results[0]?.assertions[0]?.reason ?? '', /not ended|no message/);
	const { results } = await run('# @maxMessages 1\nWS ws://h\n\nx\n\n?? code == 1000', closing(closed('1000'), 3));
	assert.deepEqual(endings(results), ['passed']);
	assert.deepEqual(results[0]?.end, { code: '1000', normal: true });
	assert.equal(results[0]?.messages.length, 1);
});

test('a message that cannot be sent any more fails with why, unless that is expected', async () => {
	const gone = (failure: () => unknown): Behavior => ({
		protocol: 'websocket',
		onSend(_, peer) {
			void soon(() => peer.end(closed('4401', 'no token')));
			throw failure();
		},
	});
	const notOpen = gone(() => fail('not-open', 'The connection is not open, so nothing was sent.'));
	assert.deepEqual(endings((await run('WS ws://h\n\nx\n\n?? code == 4401', notOpen)).results), ['passed']);
	assert.match(failures(await run('WS ws://h\n\nx', notOpen))[0] ?? '', /4401: "no token"/);
	const bad = gone(() => fail('too-large', 'The message is too large.'));
	assert.match(failures(await run('WS ws://h\n\nx', bad))[0] ?? '', /too large/);
});

test('a refused connection is a result, if its code is expected', async () => {
	const connect = () => {
		throw new FailureError({
			code: 'credentials-refused',
			message: 'No.',
			end: { code: '401', reason: 'Unauthorized' },
		});
	};
	const ended = async (rest: string) => endings((await run(`WS ws://h\n\nx\n\n${rest}`, { connect })).results);
	assert.deepEqual(await ended('?? code == 401\n?? reason == Unauthorized'), ['passed']);
	assert.deepEqual(await ended('?? code == 403'), ['failed']);
	assert.deepEqual(await ended('?? body == 1'), ['unconnected']);
});

const cancelled: Failure = { code: 'cancelled-by-server', message: 'The queue was deleted.' };
const subscribed = (end: (peer: Peer, target: string) => void, protocol = 'mqtt'): Behavior => ({
	protocol,
	onSubscribe: (target, peer) => soon(() => end(peer, target)),
});

test('the end of a subscription is a failure at once, unless it is expected', async () => {
	const ends = subscribed((peer, target) => {
		peer.tell({ target, body: '1' });
		peer.endSubscription({ target, mode: undefined }, cancelled);
	});
	const cases: [string, string][] = [
		['?? messages length == 1', 'failed'],
		['?? messages length == 3', 'failed'],
		['?? duration > 0', 'failed'],
		['', 'failed'],
		['?? messages length == 1\n?? reason contains deleted', 'passed'],
		['?? message[0] body == 1', 'passed'],
	];
	for (const [expectations, ending] of cases) {
		const outcome = await run(`SUBSCRIBE q\n\n${expectations}`, { ...ends, timeout: 100_000 });
		assert.deepEqual(endings(outcome.results), [ending], expectations);
		assert.ok((outcome.results[0]?.ms ?? 0) < 1000, expectations);
		if (ending === 'failed') assert.equal(failures(outcome)[0], 'The queue was deleted.');
	}
});

test('the end of another request’s subscription, or in another way to receive, changes nothing', async () => {
	const others = subscribed((peer) => {
		peer.endSubscription({ target: 'elsewhere', mode: undefined }, cancelled);
		peer.endSubscription({ target: 'q', mode: 'other' }, cancelled);
		peer.tell({ target: 'q', body: '1' });
	});
	assert.deepEqual(endings((await run('SUBSCRIBE q\n\n?? body == 1', others)).results), ['passed']);
	const two = subscribed((peer, target) => {
		if (target === 'a') peer.endSubscription({ target, mode: undefined }, cancelled);
		else peer.tell({ target, body: '1' });
	});
	const both = await run('SUBSCRIBE a\n\n?? body == 1\n###\nSUBSCRIBE b\n\n?? body == 1', two);
	assert.deepEqual(endings(both.results), ['failed', 'passed']);
});

test('a refused subscription can be expected', async () => {
	const refusing: Behavior = {
		onSubscribe() {
			throw fail('subscription-refused', 'Not authorized.', { end: { code: '135', reason: 'not authorized' } });
		},
	};
	assert.deepEqual(endings((await run('SUBSCRIBE a\n\n?? code == 135', refusing)).results), ['passed']);
	assert.deepEqual(endings((await run('SUBSCRIBE a\n\n?? body == 135', refusing)).results), ['failed']);
});

test('CoAP: an observation that ends with an error', async () => {
	const end = { code: '4.04', reason: 'Not Found' };
	const ended = subscribed((peer, target) => {
		peer.tell({ target, body: '21', code: '2.05' });
		peer.endSubscription({ target, mode: 'observe' }, { code: 'observation-ended', message: 'It ended: 4.04.', end });
	}, 'coap');
	const ending = async (expectations: string) =>
		endings((await run(`OBSERVE temp\nHost: coap://h\n\n${expectations}`, ended)).results)[0];
	assert.equal(await ending('?? messages length == 2'), 'failed');
	assert.equal(await ending('?? messages length == 1'), 'failed');
	assert.equal(await ending('?? messages length == 1\n?? code == 4.04'), 'passed');
	assert.equal(await ending('?? reason == Not Found'), 'passed');
	// The code of the reading that came first, as ever.
	assert.equal(await ending('?? code == 2.05'), 'passed');
});

test('what answers another request is no message of a subscription', async () => {
	const both = subscribed((peer, target) => {
		peer.tell({ target, body: 'error', code: '4.04', answers: 7 });
		peer.tell({ target, body: '21', code: '2.05' });
	}, 'coap');
	const { results } = await run('OBSERVE temp\nHost: coap://h\n\n?? body == 21', both);
	assert.deepEqual(endings(results), ['passed']);
});
