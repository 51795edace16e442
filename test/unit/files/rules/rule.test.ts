import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError, fail, toFailure } from '../../../../src/base/failure';
import type { DeadLetters } from '../../../../src/files/rules/dead-letters';
import { createLoops } from '../../../../src/files/rules/loops';
import type { Received } from '../../../../src/files/run/connection';
import type { Receipt } from '../../../../src/model/contracts/message';
import { type FakeRuleOptions, fakeRule, text } from '../../../support/run/fake-rule';

const refused: Receipt = { proof: 'refused', text: 'the queue is full', ms: 1 };
const bridge = 'ON in/#\n=== PUBLISH out\nConnection: b\n\n{{message.body}}';

/** Runs a rule over messages ("target body") of its default connection, to its end. */
async function runRule(source: string, messages: (string | Partial<Received>)[], options: FakeRuleOptions = {}) {
	const dead: { message: Received; code: string }[] = [];
	const deadLetters: DeadLetters = {
		place: 'dead.jsonl',
		async add(message, { code }) {
			dead.push({ message, code });
		},
		async close() {},
	};
	const run = await fakeRule(source, { deadLetters: () => deadLetters, ...options });
	for (const one of messages) {
		const [target = '', body = ''] = typeof one === 'string' ? one.split(/ (.*)/s) : [];
		run.of('default').tell(typeof one === 'string' ? { target, body } : { target: 'in/x', ...one });
	}
	await run.clock.run(run.rule.stop());
	const { rate: _, violations, lastFailure, inFlight: __, endedBy: ___, ...counts } = run.rule.stats();
	const set = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
	return { ...run, dead, counts: set, violations, failure: lastFailure };
}

test('a rule runs its steps for each message that meets its expectations', async () => {
	const { rule, of, counts } = await runRule(
		'ON devices/+/mode\n?? message body mode exists\n=== PUBLISH out/{{message.body.mode}}/{{message.level.1}}\nConnection: other\nQoS: 1\n\n{{message.body.mode}} of {{message.target}}',
		['devices/1/mode {"mode":"eco"}', 'devices/1/mode {}', 'elsewhere {"mode":"eco"}'],
	);
	assert.deepEqual(counts, { received: 2, done: 1, unmet: 1 });
	assert.deepEqual(of('other').sent, ['out/eco/1 eco of devices/1/mode']);
	assert.equal(of('other').drafts[0]?.values.qos, 1);
	assert.equal(rule.state(), 'ended');
	assert.equal(await rule.ended, undefined);
	assert.deepEqual(of('default').log, [
		...['open', 'subscribe devices/+/mode hold 100', 'unsubscribe devices/+/mode', 'close'],
	]);
});

test('a rule without steps lists the messages that do not meet its expectations', async () => {
	const { counts, violations } = await runRule('ON a\n\n?? message body v < 5\n?? message header QoS exists', [
		{ target: 'a', payload: Buffer.from('{"v":9}'), time: 7 },
		{ target: 'a', payload: Buffer.from('{"v":1}'), headers: [['QoS', '1']] },
	]);
	assert.deepEqual(counts, { received: 2, done: 1, unmet: 1 });
	assert.deepEqual(
		violations.map(({ time, target, line, text: written, expected, actual }) => [
			time,
			target,
			line,
			written,
			expected,
			actual,
		]),
		[
			[7, 'a', 3, '?? message body v < 5', '< 5', '9'],
			[7, 'a', 4, '?? message header QoS exists', 'exists', 'nothing'],
		],
	);
});

const bodies: [string, string, string, string][] = [
	['the body as it is', '{{message.body}}', '\u00ff{{$guid}}', '\u00ff{{$guid}}'],
	[
		...['a part of the body', 'x {{message.body.a}}', '{"a":"{{b}} ### \\n=== PUBLISH evil"}'],
		'x {{b}} ### \n=== PUBLISH evil',
	] as [string, string, string, string],
	['the body in a text', '<{{message.body}}>', '### \n=== PUBLISH evil', '<### \n=== PUBLISH evil>'],
];
for (const [name, body, message, expected] of bodies)
	test(`${name} is data`, async () => {
		const { of } = await runRule(`@b = 1\nON in/#\n=== PUBLISH out\nConnection: b\n\n${body}`, [`in/x ${message}`]);
		assert.deepEqual(
			of('b').drafts.map(({ payload }) => text(payload)),
			[expected],
		);
	});

test('bytes that are not text pass as they are', async () => {
	const payload = Uint8Array.from({ length: 256 }, (_, at) => at);
	const { of } = await runRule(bridge, [{ payload }]);
	assert.deepEqual([...(of('b').drafts[0]?.payload ?? [])], [...payload]);
});

const deciding: [string, string][] = [
	['the connection', 'ON a\n=== PUBLISH b\nConnection: {{message.body.c}}\n'],
	['the connection', '@c = {{message.body.c}}\nON a\n=== PUBLISH b\nConnection: {{c}}\n'],
	['the connection', 'ON a\n=== PUT coap://{{message.body.host}}/x\n'],
	['the connection', 'ON a\n=== PUT coap://host{{message.body.host}}/x\n'],
	['how it is sent', 'ON a\n=== PUBLISH b\nVerb: {{message.body.v}}\n'],
	['the name of a header', 'ON a\n=== PUBLISH b\n{{message.body.h}}: 1\n'],
	['a file', 'ON a\n=== PUBLISH b\n\n< {{message.body.f}}\n'],
	['a file', 'ON a\n=== PUBLISH b\n\n<@ x/{{answer.body}}\n'],
	['a pattern', 'ON a\n?? message body matches {{message.body.p}}\n=== PUBLISH b\n'],
];
for (const [what, source] of deciding)
	test(`a message cannot choose ${what}: ${source.split('\n').find((line) => line.includes('{{'))}`, async () => {
		await assert.rejects(fakeRule(source), (error) => {
			const { code, message } = toFailure(error);
			return code === 'message-decides' && message.includes(what);
		});
	});

test('a target from a message is checked like a typed one', async () => {
	const { counts, failure, of, dead } = await runRule('ON in/#\n=== PUBLISH out/{{message.body}}\nConnection: b\n\nx', [
		'in/x #',
		'in/x fine',
	]);
	assert.deepEqual(counts, { received: 2, done: 1, failed: 1 });
	assert.equal(failure?.code, 'bad-target');
	assert.deepEqual(of('b').sent, ['out/fine x']);
	assert.deepEqual(
		dead.map(({ code }) => code),
		['bad-target'],
	);
});

test('the answer of a step is there for the next one, which has its own connection', async () => {
	const source = [
		'ON cmd/+',
		'Connection: default',
		'=== PUT /device/mode',
		'Connection: coap',
		'',
		'{{message.body.mode}}',
		'',
		'?? code == 2.04',
		'=== PUBLISH done/{{message.level.1}}',
		'',
		'{{answer.code}} {{answer.body.now}}',
	].join('\n');
	const respond = (code: string): FakeRuleOptions => ({
		protocols: { coap: 'coap' },
		onSend(name, draft, self) {
			if (name !== 'coap') return undefined;
			self.tell({ target: draft.target, body: '{"now":"eco"}', code, answers: 5 });
			return { proof: 'answered', text: code, ms: 1, seq: 5 };
		},
	});
	const { of, counts } = await runRule(source, ['cmd/7 {"mode":"eco"}'], respond('2.04'));
	assert.deepEqual(counts, { received: 1, done: 1 });
	assert.deepEqual(of('coap').sent, ['/device/mode eco']);
	assert.deepEqual(of('default').sent, ['done/7 2.04 eco']);
	const other = await runRule(source, ['cmd/7 {"mode":"eco"}'], respond('4.04'));
	assert.deepEqual(other.counts, { received: 1, failed: 1 });
	assert.equal(other.failure?.code, 'unexpected-answer');
	assert.equal(other.of('coap').sent.length, 4, 'the step is repeated three times');
});

test('a failed step is repeated, and then the message is a dead letter and acknowledged', async () => {
	for (const [failures, counts] of [
		[3, { received: 1, done: 1 }],
		[4, { received: 1, failed: 1 }],
	] as const) {
		const result = await runRule(bridge, ['in/x 1'], {
			holding: {},
			onSend: (_, __, ___, count) => (count <= failures ? refused : undefined),
		});
		assert.deepEqual(result.counts, counts);
		assert.deepEqual(
			result.dead.map(({ code }) => code),
			failures === 4 ? ['refused'] : [],
		);
		assert.ok(result.of('default').log.includes('done 0'));
	}
	const none = await runRule(`# @retries 0\n${bridge}`, ['in/x 1'], { onSend: () => refused });
	assert.deepEqual(none.counts, { received: 1, failed: 1 });
	assert.equal(none.of('b').sent.length, 1);
});

test('a message is acknowledged when its last step was proven, and not before', async () => {
	const proofs: ((receipt: Receipt) => void)[] = [];
	const run = await fakeRule(bridge, { holding: {}, onSend: () => new Promise((resolve) => proofs.push(resolve)) });
	const source = run.of('default');
	for (const body of ['1', '2', '3']) source.tell({ target: 'in/x', body });
	await run.clock.until('all are sent', () => proofs.length === 3);
	assert.deepEqual(run.of('b').sent, ['out 1', 'out 2', 'out 3'], 'without waiting, and in order');
	assert.ok(!source.log.some((line) => line.startsWith('done')));
	proofs[1]?.({ proof: 'acknowledged', text: '', ms: 1 });
	await run.clock.until('the proven one is acknowledged', () => source.log.includes('done 1'));
	assert.equal(run.rule.stats().inFlight, 2);
	await run.clock.run(run.rule.stop());
	assert.deepEqual(
		source.log.filter((line) => /^(?:again|done)/.test(line)),
		['done 1', 'again 0', 'again 2'],
		'the others are left to the source when the rule is stopped',
	);
});

test('what a stopped rule could not send becomes a dead letter where the source forgets it', async () => {
	const { counts, dead } = await runRule(bridge, ['in/x 1'], { onSend: () => new Promise(() => {}) });
	assert.deepEqual(counts, { received: 1, failed: 1 });
	assert.deepEqual(
		dead.map(({ code }) => code),
		['stopped'],
	);
});

test('a flood is bounded: what does not fit is counted where the source cannot be slowed', async () => {
	const messages = Array.from({ length: 10_200 }, (_, at) => `in/x ${at}`);
	const endless = { onSend: () => new Promise<never>(() => {}) };
	const lost = await fakeRule(`# @inFlight 100\n${bridge}`, endless);
	for (const body of messages) lost.of('default').tell({ target: 'in/x', body });
	await lost.clock.until('the window is full', () => lost.connections.get('b')?.sent.length === 100);
	const { received, inFlight, dropped } = lost.rule.stats();
	assert.deepEqual({ received, inFlight, dropped }, { received: 10_200, inFlight: 10_100, dropped: 100 });
});

test('metadata with an invalid value counts as absent', async () => {
	const { counts } = await runRule(`# @inFlight 0\n# @maxMessages 0\n# @retries x\n${bridge}`, ['in/x 1', 'in/x 2']);
	assert.deepEqual(counts, { received: 2, done: 2 });
});

test('a target that is down is waited for, and no attempt is counted meanwhile', async () => {
	let isUp = true;
	let attempts = 0;
	const run = await fakeRule(`# @keepStreaming\n${bridge}`, {
		connect(name) {
			if (name !== 'b') return;
			attempts++;
			if (attempts > 1 && attempts < 8) throw fail('refused', 'Connection refused.');
			isUp = true;
		},
		onSend() {
			if (isUp) return undefined;
			throw fail('not-open', 'The connection is not open.');
		},
	});
	isUp = false;
	for (const body of ['1', '2', '3']) run.of('default').tell({ target: 'in/x', body });
	await run.clock.until('all are sent', () => run.rule.stats().done === 3);
	const { failed } = run.rule.stats();
	assert.equal(failed, 0);
	assert.deepEqual(run.of('b').sent.slice(-3).sort(), ['out 1', 'out 2', 'out 3']);
});

/** A rule with a held message at work, whose target is down: each attempt to open it fails. */
async function withoutTarget(failure: Failure) {
	let isUp = true;
	let attempts = 0;
	const run = await fakeRule(`# @keepStreaming\n${bridge}`, {
		holding: {},
		connect(name) {
			if (name !== 'b' || isUp) return;
			attempts++;
			throw new FailureError(failure);
		},
		onSend() {
			throw fail('not-open', 'The connection is not open.');
		},
	});
	isUp = false;
	run.of('default').tell({ target: 'in/x' });
	await run.clock.until('it is attempted', () => attempts > 0);
	return { ...run, outcomes: () => run.of('default').log.filter((line) => /^(?:again|done)/.test(line)) };
}

test('a stop does not wait for a target that is down', async () => {
	const { rule, clock, outcomes } = await withoutTarget({ code: 'refused', message: 'Connection refused.' });
	const before = clock.now();
	await clock.run(rule.stop());
	assert.equal(clock.now() - before, 500);
	assert.deepEqual(outcomes(), ['again 0']);
	assert.equal(rule.stats().failed, 0);
});

test('a target that is closed for good ends the rule, and its messages are left to the source', async () => {
	const gone = { code: 'disconnected', message: 'It was disconnected.', final: true } as const;
	const { rule, clock, outcomes } = await withoutTarget(gone);
	assert.equal((await clock.run(rule.ended))?.message, gone.message);
	assert.deepEqual(outcomes(), ['again 0']);
	assert.equal(rule.stats().failed, 0);
});

test('a message that came back to its rule is not processed again', async () => {
	const { rule, of, clock } = await fakeRule('ON a/#\nConnection: default\n=== PUBLISH a/copy\n\n{{message.body}}', {
		onSend(_, draft, self) {
			self.tell({ target: draft.target, body: text(draft.payload) });
			return undefined;
		},
	});
	of('default').tell({ target: 'a/1', body: 'x' });
	await clock.until('the step was proven', () => rule.stats().done === 1);
	const { received, looped, lastFailure } = rule.stats();
	assert.deepEqual({ received, looped }, { received: 2, looped: 1 });
	assert.deepEqual(of('default').sent, ['a/copy x']);
	assert.match(lastFailure?.message ?? '', /has come back to this rule at "a\/copy"/);
});

test('two rules between two brokers do not send in a circle, and a chain of rules works', async () => {
	const loops = createLoops(
		(count) => new Uint8Array(count),
		() => 0,
	);
	const there = await fakeRule(
		'ON a/#\nConnection: A\n=== PUBLISH {{message.target}}\nConnection: B\n\n{{message.body}}',
		{ loops },
	);
	const back = await fakeRule(
		'ON a/#\nConnection: B\n=== PUBLISH {{message.target}}\nConnection: A\n\n{{message.body}}',
		{ loops },
	);
	const on = await fakeRule(
		'ON a/#\nConnection: B\n=== PUBLISH {{message.target}}\nConnection: C\n\n{{message.body}}',
		{ loops },
	);
	there.of('A').tell({ target: 'a/x', body: '1' });
	await there.clock.until('it is sent', () => there.rule.stats().done === 1);
	assert.deepEqual(there.of('B').sent, ['a/x 1']);
	for (const rule of [back, on]) rule.of('B').tell({ target: 'a/x', body: '1' });
	await back.clock.until('the loop is counted', () => back.rule.stats().looped === 1);
	assert.deepEqual(back.of('A').sent, []);
	await on.clock.until('the chain goes on', () => on.rule.stats().done === 1);
	assert.deepEqual(on.of('C').sent, ['a/x 1']);
	// Another process says in a header where the message has been.
	const header = there.of('B').drafts[0]?.values.userProperties as [string, string][];
	there.of('A').tell({ target: 'a/y', body: '2', headers: header });
	assert.equal(there.rule.stats().looped, 1);
});

test('a rule ends after its number of messages, its time, and when its source ends', async () => {
	const counted = await fakeRule(`# @maxMessages 2\n${bridge}`);
	assert.equal(counted.rule.stats().endedBy, undefined);
	for (const body of ['1', '2', '3']) counted.of('default').tell({ target: 'in/x', body });
	assert.equal(await counted.clock.run(counted.rule.ended), undefined);
	assert.deepEqual(counted.of('b').sent, ['out 1', 'out 2']);
	assert.equal(counted.rule.stats().endedBy, 'maxMessages');
	for (const metadata of ['# @timeout 1h\n', '']) {
		const timed = await fakeRule(metadata + bridge);
		assert.equal(await timed.clock.run(timed.rule.ended), undefined);
		assert.equal(timed.rule.stats().endedBy, 'timeout');
	}
	const lost = await fakeRule(bridge);
	lost.of('default').end(toFailure(fail('lost', 'The broker has gone away.')));
	assert.equal((await lost.clock.run(lost.rule.ended))?.code, 'connection-ended');
	assert.equal(lost.rule.stats().endedBy, 'failure');
});

const ends: [end: string, metadata: string, sentence: RegExp][] = [
	['by the user', '# @keepStreaming\n', /^The rule was stopped before/],
	['by its time', '# @timeout 1s\n', /^The rule ended after its time before/],
	['by its number of messages', '# @maxMessages 1\n', /^The rule ended after its number of messages before/],
];
for (const [end, metadata, sentence] of ends)
	test(`a message that is not processed when the rule is ended ${end} says so`, async () => {
		const { rule, of, clock } = await fakeRule(metadata + bridge, { onSend: () => new Promise<never>(() => {}) });
		of('default').tell({ target: 'in/x', body: '1' });
		if (metadata.includes('keepStreaming')) await clock.run(rule.stop());
		await clock.run(rule.ended);
		const { failed, lastFailure } = rule.stats();
		assert.equal(failed, 1);
		assert.match(lastFailure?.message ?? '', sentence);
	});

test('a rule that keeps streaming subscribes again when its source was lost', async () => {
	const { rule, of, clock } = await fakeRule(`# @keepStreaming\n${bridge}`);
	of('default').end(toFailure(fail('lost', 'The broker has gone away.')));
	const subscriptions = () => of('default').log.filter((line) => line.startsWith('subscribe'));
	await clock.until('it subscribes again', () => subscriptions().length === 2);
	of('default').tell({ target: 'in/x', body: '1' });
	await clock.until('it works', () => rule.stats().done === 1);
	assert.equal(rule.stats().lastFailure?.message, 'The broker has gone away.');
});

test('a rule does not start with a wrong target or a connection that cannot be opened', async () => {
	const codeOf = (promise: Promise<unknown>) =>
		promise.then(
			() => 'started',
			(error) => toFailure(error).code,
		);
	assert.equal(await codeOf(fakeRule('ON a/#b\n=== PUBLISH x')), 'bad-target');
	assert.equal(await codeOf(fakeRule('ON a\n=== SUBSCRIBE x')), 'not-a-step');
	const connect = (name: string) => {
		if (name === 'b') throw fail('refused', 'Connection refused.');
	};
	assert.equal(await codeOf(fakeRule(bridge, { connect })), 'refused');
});
