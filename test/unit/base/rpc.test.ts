import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { isNumber, isString, optional } from '../../../src/base/check';
import { FailureError, fail } from '../../../src/base/failure';
import { portPair } from '../../../src/base/port';
import { connect } from '../../../src/base/rpc';

// The deadlines of requests do not keep a process alive.
const alive = setInterval(() => {}, 1000);
after(() => clearInterval(alive));

interface Api {
	add(a: number, b: number): number;
	refuse(why: string): void;
	hang(): Promise<void>;
}

function pair(timeoutMs?: number) {
	const [left, right] = portPair();
	const server = connect<Api, object>(
		left,
		{
			add: (a, b) => a + b,
			refuse: (why) => {
				throw fail('refused', why, { evidence: '0x87', remedy: { text: 'Ask.' }, final: true });
			},
			hang: () => new Promise(() => {}),
		},
		{ add: [isNumber, isNumber], refuse: [isString], hang: [] },
	);
	const client = connect<object, Api>(right, {}, {}, { timeoutMs });
	return { server, client, left, right };
}

test('a call is answered', async () => {
	assert.equal(await pair().client.remote.add(1, 2), 3);
});

test('what is thrown arrives as a Failure, whole', async () => {
	await assert.rejects(pair().client.remote.refuse('No.'), (error) => {
		assert.ok(error instanceof FailureError);
		assert.deepEqual(error.failure, {
			code: 'refused',
			message: 'No.',
			evidence: '0x87',
			remedy: { text: 'Ask.' },
			final: true,
		});
		return true;
	});
});

test('a failure brings a command only to a side that takes them from the other', async () => {
	const remedy = { text: 'Again', command: 'messagingWorkbench.enterSecret', arguments: ['x'] } as const;
	for (const [remedyCommands, expected] of [
		[undefined, { text: 'Again' }],
		[true, remedy],
	] as const) {
		const [left, right] = portPair();
		const server = {
			refuse() {
				throw fail('refused', 'No.', { remedy });
			},
		};
		connect<Pick<Api, 'refuse'>, object>(left, server, { refuse: [isString] });
		const client = connect<object, Api>(right, {}, {}, { ...(remedyCommands && { remedyCommands }) });
		await assert.rejects(client.remote.refuse(''), (error) => {
			assert.deepEqual((error as FailureError).failure.remedy, expected);
			return true;
		});
	}
});

test('no request hangs for ever', async () => {
	const code = (expected: string) => (error: unknown) =>
		error instanceof FailureError && error.failure.code === expected;
	await assert.rejects(pair(20).client.remote.hang(), code('no-answer'));
	const { client } = pair();
	const hanging = client.remote.hang();
	const rejected = assert.rejects(hanging, code('closed'));
	await new Promise((resolve) => setTimeout(resolve, 5));
	client.dispose();
	await rejected;
});

test('what nobody defined is dropped and counted, and the next call works', async () => {
	const { server, client, right } = pair();
	const bad: unknown[] = [
		null,
		1,
		'x',
		[],
		{},
		{ t: 'z' },
		{ t: 'q', m: 'nothing', a: [], i: '1' },
		{ t: 'q', m: '__proto__', a: [], i: '2' },
		{ t: 'q', m: 'constructor', a: [], i: '3' },
	];
	for (const message of bad) right.post(message);
	await assert.rejects((client.remote.add as (...args: unknown[]) => Promise<number>)('1', 2));
	assert.equal(server.dropped, bad.length + 1);
	assert.equal(await client.remote.add(2, 2), 4);
});

test('an argument left out is left out too where messages travel as JSON', async () => {
	const [left, right] = portPair();
	const json = { ...right, post: (message: unknown) => right.post(JSON.parse(JSON.stringify(message))) };
	connect(left, { say: (a: unknown, b: unknown) => [a === undefined, b] }, { say: [optional(isString), isNumber] });
	const { remote } = connect<object, { say(a: string | undefined, b: number): unknown }>(json, {}, {});
	assert.deepEqual(await remote.say(undefined, 2), [true, 2]);
});
