import assert from 'node:assert/strict';
import test from 'node:test';
import { withDeadline } from '../../../src/base/deadline';
import type { FailureError } from '../../../src/base/failure';
import { adapter } from '../../../src/protocols/amqp1/adapter';
import type { Value } from '../../../src/protocols/amqp1/wire/codec/values';
import { amqp, amqp1Dialogue, attach, begin, data, header, open, takes, transfer } from '../../support/hostile/amqp1';
import { type Step, startHostile } from '../../support/hostile/hostile';
import { eventually } from '../../support/run/eventually';
import { connect, refused, resolved } from '../suite/attempt';

const none: Value = { type: 'null' };
const uint = (value: number): Value => ({ type: 'uint', value });
const ushort = (value: number): Value => ({ type: 'ushort', value });
const text = (value: string): Value => ({ type: 'string', value });
const flag = (value: boolean): Value => ({ type: 'boolean', value });
const described = (code: number, ...fields: Value[]): Value => ({
	...{ type: 'described', descriptor: { type: 'ulong', value: BigInt(code) } },
	value: { type: 'list', value: fields },
});
const maxUint = 0xffff_ffff;

/** The right dialogue with other answers to some of its steps, and with further steps. */
const dialogue =
	(answers: Record<string, (asked: Buffer) => Buffer>, more: Step[] = []) =>
	() => [...amqp1Dialogue().map((step): Step => ({ ...step, answer: answers[step.name] ?? step.answer })), ...more];

/** An attach whose source is of an unknown kind. */
function otherEnd(frame: Buffer): Buffer {
	const at = frame.indexOf(Buffer.of(0, 0x53, 0x28));
	assert.ok(at > 0);
	return frame.fill(0x2f, at + 2, at + 3);
}

/** What a library writes to the console, and the process about timers. */
function watchConsole(t: test.TestContext) {
	const lines: string[] = [];
	for (const name of ['log', 'warn', 'error', 'trace'] as const)
		t.mock.method(console, name, (...words: unknown[]) => void lines.push(words.join(' ')));
	const warned = ({ name }: Error) => void lines.push(name);
	process.on('warning', warned);
	t.after(() => process.off('warning', warned));
	return lines;
}

async function connected(t: test.TestContext, ...steps: Parameters<typeof dialogue>) {
	const server = await startHostile({ dialogue: dialogue(...steps) });
	const made = await connect({ adapter, profile: resolved('amqp1', `amqp://127.0.0.1:${server.port}`) });
	t.after(async () => {
		made.link.destroy();
		await server.close();
	});
	return made;
}

async function subscribed(
	t: test.TestContext,
	answers: Record<string, (asked: Buffer) => Buffer>,
	values = {},
	more?: Step[],
) {
	const made = await connected(t, answers, more);
	return { ...made, answer: made.link.subscribe?.({ target: 'a', mode: 'browse', ...values }) };
}

/** A step without wrong answers. */
const step = (name: string, code: number, answer: Step['answer']): Step => ({
	...{ name, takes: takes(code), answer, wrong: () => ({}) },
	...{ huge: Buffer.alloc(0), endless: { start: Buffer.alloc(0), more: Buffer.alloc(0) } },
});

test('the largest numbers of each kind are borne, and sequence numbers begin again at 0', async (t) => {
	const lines = watchConsole(t);
	const { recorded, link, answer } = await subscribed(t, {
		greeting: () => Buffer.concat([header(0), open(text('qpid-cpp'), 65_535, maxUint, uint(maxUint))]),
		attach: (asked) =>
			Buffer.concat([
				amqp(0x11, ushort(0), uint(maxUint), uint(maxUint), uint(maxUint), uint(maxUint)),
				amqp(
					...([0x12, text(/mw-[0-9a-f]{16}/.exec(asked.toString('latin1'))?.[0] ?? ''), uint(0), flag(false)] as const),
					...[none, none, described(0x28, text('a'), none, none, none, none, none, { type: 'symbol', value: 'copy' })],
					...[described(0x29, text('me')), none, none, uint(maxUint)],
					{ type: 'ulong', value: 2n ** 64n - 1n },
				),
			]),
		open: () =>
			Buffer.concat([
				amqp(0x13, uint(0), uint(maxUint), uint(maxUint), uint(maxUint), uint(0), uint(maxUint), uint(maxUint)),
				...[maxUint - 1, maxUint, 0, 1].map((id) => transfer(id, data(`${id}`))),
			]),
	});
	await answer;
	await eventually('received', () => assert.equal(recorded.messages.length, 4));
	// Outcomes and credit for them are written.
	await link.unsubscribe?.({ target: 'a', mode: 'browse' });
	assert.deepEqual(lines, []);
});

test('a frame that is too small for any message is refused', async () => {
	for (const frameMax of [0, 1, 51, 511]) {
		const server = await startHostile({
			dialogue: dialogue({ greeting: () => Buffer.concat([header(0), open(text('qpid-cpp'), 10, frameMax)]) }),
		});
		const { failure } = await refused({ adapter, profile: resolved('amqp1', `amqp://127.0.0.1:${server.port}`) });
		assert.match(failure.message, /at most \d+ bytes; AMQP 1\.0 requires 512\./);
		await server.close();
	}
});

test('a server that breaks a rule of links is named, and the console stays empty', async (t) => {
	const lines = watchConsole(t);
	const twice = Buffer.concat([transfer(0, data('a')), transfer(1, data('b'))]);
	const faults: [string, Record<string, (asked: Buffer) => Buffer>, RegExp][] = [
		['more than the credit', { open: () => twice }, /more messages than it had credit for/],
		[
			'an end of an unknown kind',
			{ attach: (asked) => Buffer.concat([begin(), otherEnd(attach(asked))]) },
			/an end that AMQP 1\.0 does not define/,
		],
		[
			'an outcome for what was not sent',
			{ open: () => amqp(0x15, flag(true), uint(0), none, flag(true), described(0x24)) },
			/outcome for a message that had not been sent/,
		],
	];
	for (const [what, answers, message] of faults) {
		const { link, answer } = await subscribed(t, answers, { mode: 'receive', credit: 1 });
		await answer?.catch((error: FailureError) => assert.ok(error.failure));
		const failure = await withDeadline(link.ended, 10_000, () => new Error(`borne: ${what}`));
		assert.match(failure?.message ?? '', message, what);
	}
	// Allowed, but without effect.
	const { recorded, answer } = await subscribed(t, {
		open: () =>
			Buffer.concat([
				amqp(0x13, uint(0), uint(9), uint(0), uint(9), uint(0), uint(0), uint(7), none, flag(true)),
				transfer(0, data('a')),
				amqp(0x15, flag(false), uint(0), none, flag(false), described(0x34)),
				amqp(0x15, flag(false), uint(0), none, flag(false), none),
				transfer(1, data('b')),
			]),
	});
	await answer;
	await eventually('received', () => assert.equal(recorded.messages.length, 2));
	assert.deepEqual(lines, []);
});

test('a link that the server ends as soon as it has attached it is refused', async (t) => {
	const refusal = (asked: Buffer) =>
		Buffer.concat([
			...[begin(), attach(asked)],
			amqp(0x16, uint(0), flag(true), described(0x1d, { type: 'symbol', value: 'amqp:not-allowed' }, text('full'))),
		]);
	const { answer } = await subscribed(t, { attach: refusal }, { mode: 'receive' });
	await assert.rejects(async () => answer, /refused to send messages from "a": the server does not allow it/);
	const { link } = await connected(t, { attach: refusal });
	const receipt = await link.send({ verb: 'send', target: 'a', values: {}, payload: Buffer.from('x') });
	assert.equal(receipt.proof, 'refused');
	assert.match(receipt.text, /refused to receive messages for "a": the server does not allow it/);
});

const aborted = (...fields: Value[]) =>
	amqp(0x14, uint(0), ...fields, ...Array<Value>(9 - 1 - fields.length).fill(none), flag(true));

test('a message that the server aborts is left out, gets no outcome, and its credit is given again', async (t) => {
	const { recorded, answer } = await subscribed(
		t,
		{ open: () => Buffer.concat([transfer(0, data('a'), true), aborted()]) },
		{ mode: 'consume', credit: 1 },
		[
			step('flow', 0x13, () => transfer(1, data('b'))),
			// The first outcome.
			step('disposition', 0x15, (asked) => (asked.includes(Buffer.of(0x52, 1)) ? transfer(2, data('c')) : header(0))),
		],
	);
	await answer;
	await eventually('received', () => assert.equal(recorded.messages.map(({ payload }) => `${payload}`).join(), 'b,c'));
});

test('an aborted message that claims to go on does not shift those behind it', async (t) => {
	const { recorded, answer } = await subscribed(t, {
		open: () =>
			Buffer.concat([
				...[transfer(0, data('a'), true), aborted(none, none, none, none, flag(true))],
				...[transfer(1, data('b')), transfer(2, data('c'))],
			]),
	});
	await answer;
	await eventually('received', () => assert.equal(recorded.messages.map(({ payload }) => `${payload}`).join(), 'b,c'));
});

/** The server's side of a link that it receives from, with credit. */
const receiving = (asked: Buffer, ...flow: Value[]) =>
	Buffer.concat([
		begin(),
		amqp(
			...([0x12, text(/mw-[0-9a-f]{16}/.exec(asked.toString('latin1'))?.[0] ?? ''), uint(0), flag(true)] as const),
			...[none, none, described(0x28, text('me')), described(0x29, text('a'))],
		),
		...(flow.length > 0 ? [amqp(0x13, uint(0), uint(10_000), uint(0), uint(10_000), uint(0), ...flow)] : []),
	]);

test('a server that drains a link gets the credit back that is not used', async (t) => {
	let drained: Buffer | undefined;
	const { link } = await connected(t, {
		attach: (asked) => receiving(asked, uint(0), uint(5), none, flag(true)),
		open(asked) {
			drained = Buffer.from(asked);
			return Buffer.alloc(0);
		},
	});
	void link.send({ verb: 'send', target: 'a', values: {}, payload: Buffer.from('x') });
	// Its delivery count and its credit.
	await eventually('drained', () => assert.ok(drained?.includes(Buffer.of(0x52, 5, 0x43))));
});
