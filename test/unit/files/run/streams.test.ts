import assert from 'node:assert/strict';
import test from 'node:test';
import type { Received } from '../../../../src/files/run/connection';
import { createStreamJudge, judgeNext } from '../../../../src/files/run/results/stream-judge';
import { parse } from '../../../../src/files/syntax/parse';
import type { CheckRule } from '../../../../src/model/checks/rule';
import { describe } from '../../../../src/protocols/descriptions';
import { storeRecord } from '../../../../src/protocols/kafka/describe/stored-record';
import { duplicateFlag } from '../../../../src/protocols/mqtt/describe/flags';
import { run } from '../../../support/run/fake-run';

const json = (body: unknown) => JSON.stringify(body);
type Told = Partial<Received> & { body?: string };

/** Runs expectations over messages and returns for each whether it passed, and why not. */
async function judged(
	expectations: string,
	messages: readonly Told[],
	{ protocol = 'mqtt', checks }: { protocol?: string; checks?: CheckRule[] } = {},
): Promise<string[]> {
	const { results } = await run(`# @timeout 1s\nSUBSCRIBE a\n\n${expectations}`, {
		protocol,
		...(checks && { checks }),
		onSubscribe(_, peer) {
			for (const message of messages) peer.tell({ target: 'a', ...message });
		},
	});
	assert.equal(results[0]?.failure, undefined);
	return (results[0]?.assertions ?? []).map(({ ending, actual, reason }) =>
		ending === 'passed' ? `passed: ${actual}` : `${actual}: ${reason}`,
	);
}

const seqs = (...numbers: unknown[]): Told[] => numbers.map((seq) => ({ body: json({ seq, n: `n${seq}` }) }));

test('a field of the messages tells gaps, order, duplicates and replays', async () => {
	const all =
		'?? no gaps by body seq\n?? no reordering by body seq\n?? no duplicates by body seq\n?? no replays by body n';
	assert.deepEqual(await judged(all, seqs(4, 5, 6)), [
		'passed: none in 3',
		'passed: none in 3',
		'passed: none in 3',
		'passed: none in 3',
	]);
	assert.deepEqual(await judged(all, seqs(4, 7, 5, 7)), [
		'1: message[1]: Sequence 7 after 4: 2 missing.',
		'1: message[2]: Sequence 5 after 7.',
		'1: message[3]: Id received 0 ms ago: 7.',
		'1: message[3]: Nonce seen 0 ms ago: n7.',
	]);
});

test('a gap that late messages fill is none in the end, and a counter that starts over neither', async () => {
	assert.deepEqual(await judged('?? no gaps by body seq', seqs(1, 4, 3, 2, 5)), ['passed: none in 5']);
	assert.deepEqual(await judged('?? no gaps by body seq', seqs(100, 101, 0, 1)), ['passed: none in 4']);
});

test('a message that cannot be checked fails, and long lists are cut', async () => {
	assert.deepEqual(await judged('?? no replays by body n', [{ body: '{}' }, { body: 'x' }]), [
		'2: message[0]: The nonce cannot be checked: there is nothing at "n"; message[1]: The nonce cannot be checked: the body is not JSON.',
	]);
	const [many] = await judged('?? no gaps by body seq', seqs(0, 2, 4, 6, 8, 10, 12, 14));
	assert.match(many ?? '', /^7: message\[1\].*; and 2 more\.$/);
});

test('headers count as fields, and the ids of the protocol where no field is named', async () => {
	const record = (offset: bigint, partition = 0): Told => ({
		flags: 0,
		meta: storeRecord({ partition, offset, timestamp: 0n, key: undefined, headers: [] }),
	});
	const kafka = { protocol: 'kafka' };
	// In a file that asks for it, gaps between offsets count.
	assert.deepEqual(
		await judged(
			'?? no gaps\n?? no duplicates\n?? no reordering',
			[record(5n), record(9n, 1), record(8n), record(5n)],
			kafka,
		),
		['1: message[2]: Offset 8 after 5: 2 missing.', '1: message[3]: Offset 5 again.', 'passed: none in 4'],
	);
	assert.deepEqual(await judged('?? no gaps by header Offset', [record(5n), record(6n)], kafka), ['passed: none in 2']);
	const again = { flags: duplicateFlag };
	assert.match((await judged('?? no duplicates', [{}, again]))[0] ?? '', /^1: message\[1\]: Sent again by the broker/);
});

test('marks of the connection count, unless a field is named', async () => {
	const checks = [{ nonce: 'n', sequence: 'seq' }];
	const marked: Told = {
		body: json({ n: 1, seq: 1 }),
		marks: [{ kind: 'replayed', reason: 'Nonce seen 9 s ago: 1' }],
	};
	assert.deepEqual(await judged('?? no replays\n?? no gaps\n?? no replays by body n', [marked], { checks }), [
		'1: message[0]: Nonce seen 9 s ago: 1.',
		'passed: none in 1',
		'passed: none in 1',
	]);
});

test('an expectation that nothing can answer fails with the way to do it', async () => {
	const [reason] = await judged('?? no replays', [{}]);
	assert.equal(
		reason,
		'unknown: MQTT does not tell replays, and the connection has no check for them. Name a field of the messages: "no replays by body nonce".',
	);
	assert.match(
		(await judged('?? no gaps', [{}], { checks: [{ nonce: 'n' }] }))[0] ?? '',
		/^unknown: MQTT does not tell gaps/,
	);
	assert.match(
		(await judged('?? no duplicates', [{}], { protocol: 'websocket' }).catch(() => ['']))[0] ?? '',
		/^(unknown|$)/,
	);
});

test('a rule judges message by message, and forgets what will be delivered again', () => {
	const expectation = parse('SUB a\n\n?? no replays by body n').sections[0]?.request?.assertions[0]?.expectation;
	const description = describe('mqtt');
	assert.ok(expectation?.what.kind === 'stream' && description);
	const judge = createStreamJudge(expectation.what, { description });
	const message = (n: number): Received => ({ target: 'a', payload: Buffer.from(json({ n })), headers: [], time: 0 });
	assert.deepEqual(judge.add(message(1)), []);
	judge.forget(message(1));
	assert.deepEqual(judge.add(message(1)), [], 'its steps had failed');
	assert.deepEqual(judgeNext(judge, message(1)), { passed: false, actual: 'Nonce seen 0 ms ago: 1' });
	assert.deepEqual(judgeNext(judge, message(2)), { passed: true, actual: 'none' });
});
