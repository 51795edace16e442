import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fail } from '../../../../src/base/failure';
import { previewReplay } from '../../../../src/engine/replay/preview';
import { type ReplayOptions, replay } from '../../../../src/engine/replay/replay';
import { createReplays } from '../../../../src/engine/replay/running';
import { replayTargets } from '../../../../src/engine/replay/targets';
import { replayDetails, replaySentence } from '../../../../src/engine/replay/words';
import type { Draft, Receipt } from '../../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { describe } from '../../../../src/protocols/descriptions';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const mqtt = describe('mqtt') as ProtocolDescription;
const head = { recording: 1, protocol: 'mqtt', connection: 'x', url: '', started: '2026-11-29T13:00:00Z' };
const path = join(folder, 'x.recording.jsonl');
const write = (...lines: object[]) =>
	writeFileSync(path, [head, ...lines].map((one) => JSON.stringify(one)).join('\n'));
const acknowledged: Receipt = { proof: 'acknowledged', text: 'Acknowledged.', ms: 1 };

function options(send: (draft: Draft) => Promise<Receipt>, more: Partial<ReplayOptions> = {}): ReplayOptions {
	return {
		...{ path, from: mqtt, to: mqtt, send, speed: undefined, part: {}, directions: ['in'], times: 1 },
		targetOf: (target) => target,
		signal: new AbortController().signal,
		...more,
	};
}

test('each message becomes what its receipt says, and a refused target is named', async () => {
	const proofs: Receipt[] = [acknowledged, { proof: 'refused', text: 'Not authorized.', ms: 1 }, acknowledged];
	write(
		{ at: 0, target: 'a', payload: '1' },
		{ at: 1, target: 'b', payload: '2' },
		{ at: 2, target: 'c/#', payload: '' },
	);
	let sent = 0;
	const state = await replay(options(async () => proofs[sent++] as Receipt));
	assert.deepEqual([state.sent, state.proofs], [2, { acknowledged: 1, refused: 1 }]);
	assert.deepEqual([...state.refused], [['b: Not authorized.', 1]]);
	assert.equal([...state.unsent.values()][0], 1);
	assert.match(replaySentence(state), /^Sent 2 messages in .* \(1 acknowledged, 1 refused\)\.$/);
	assert.deepEqual(replayDetails(state)[0], ['Refused: b: Not authorized.', 1]);
});

test('many refused targets are counted in bounded memory', async () => {
	write(...Array.from({ length: 100 }, (_, at) => ({ at: 0, target: `t/${at}`, payload: '' })));
	const refuse = async (): Promise<Receipt> => ({ proof: 'refused', text: 'No.', ms: 1 });
	const state = await replay(options(refuse));
	assert.equal(state.refused.size, 21);
	assert.equal(
		[...state.refused.values()].reduce((sum, one) => sum + one, 0),
		100,
	);
	write({ at: 0, target: 't'.repeat(65_000), payload: '' });
	const [named] = (await replay(options(refuse))).refused.keys();
	assert.equal(named, `${'t'.repeat(200)}…: No.`);
});

test('a recording without a head is replayed at the pace of its times', async () => {
	writeFileSync(
		path,
		[0, 60]
			.map((ms) =>
				JSON.stringify({ time: new Date(Date.UTC(2026, 0, 1) + ms).toISOString(), target: 'a', payload: '' }),
			)
			.join('\n'),
	);
	const times: number[] = [];
	const send = async () => {
		times.push(performance.now());
		return acknowledged;
	};
	await replay(options(send, { speed: 1 }));
	assert.ok((times[1] as number) - (times[0] as number) > 55);
});

test('the options of lines without a head are kept, as far as the other protocol has them', async () => {
	const time = '2026-01-01T00:00:00Z';
	const userProperties = [['a', 'b']];
	const lines = [{ time, target: 'a', payload: '1', qos: 2, retain: true, contentType: 'text/plain', userProperties }];
	writeFileSync(path, lines.map((one) => JSON.stringify(one)).join('\n'));
	const drafts: Draft[] = [];
	const send = async (draft: Draft) => {
		drafts.push(draft);
		return acknowledged;
	};
	await replay(options(send));
	await replay(options(send, { to: describe('nats') as ProtocolDescription }));
	assert.deepEqual(drafts[0]?.values, { qos: 2, retain: true, contentType: 'text/plain', userProperties });
	assert.deepEqual(drafts[1]?.values, { headers: userProperties });
});

test('a message whose time goes back is sent at once and does not count as late', async () => {
	write(
		{ at: 1e9, target: 'a', payload: '' },
		{ at: 0, target: 'b', payload: '' },
		{ at: 1e9 + 1, target: 'c', payload: '' },
	);
	const targets: string[] = [];
	const send = async ({ target }: Draft) => {
		targets.push(target);
		return acknowledged;
	};
	const { late } = await replay(options(send, { speed: 1 }));
	assert.deepEqual(targets, ['a', 'b', 'c']);
	assert.ok(late.max < 1e8, `${late.max} ms`);
});

test('a gap that is longer than a timer can wait does not end by itself, and is left by a stop', async () => {
	write({ at: 0, target: 'a', payload: '' }, { at: 2 ** 40, target: 'b', payload: '' });
	const stop = new AbortController();
	const targets: string[] = [];
	const running = replay(
		options(
			async ({ target }) => {
				targets.push(target);
				setTimeout(() => stop.abort(), 30);
				return acknowledged;
			},
			{ speed: 1, signal: stop.signal },
		),
	);
	const state = await running;
	assert.deepEqual([targets, state.stopped], [['a'], true]);
});

test('a replay ends when the connection is lost, and says so', async () => {
	write(...Array.from({ length: 5000 }, (_, at) => ({ at: 0, target: 'a', payload: String(at) })));
	let sent = 0;
	const replays = createReplays({
		description: mqtt,
		changed() {},
		async send() {
			if (sent++ === 10) throw fail('not-open', 'The connection is not open.');
			return acknowledged;
		},
	});
	const request = { id: 'r', path, protocol: 'mqtt', map: [], part: {}, directions: ['in' as const], times: 1 };
	const { text, bad } = await replays.replay(request);
	assert.match(text, /It ended early: The connection is not open\./);
	assert.ok(bad && sent < 5000);
	assert.deepEqual(replays.running, []);
});

test('a preview counts what would be sent, where to, and what has no place there', async () => {
	write(
		{ at: 0, target: 'farm/a', payload: '12', qos: 1, log: { flags: 256 } },
		{ at: 500, target: 'farm/b', payload: '3' },
		{ at: 800, direction: 'out', target: 'farm/a', payload: '4' },
		{ at: 900, target: 'other', payload: '5' },
		{ at: 1000, direction: 'note', payload: 'Disconnected.' },
	);
	const selection = { from: mqtt, part: {}, directions: ['in' as const] };
	const targetOf = replayTargets({ map: [['farm/', 'test/']], only: 'farm/#' }, mqtt);
	const signal = new AbortController().signal;
	const shared = { path, signal, onProgress() {}, ...selection, targetOf };
	const same = await previewReplay({ ...shared, to: mqtt });
	assert.deepEqual(same, {
		...{ messages: 2, bytes: 3, targets: 2, skipped: 2, unsent: [], left: [], unread: 0, ms: 500, stopped: false },
		examples: [
			['farm/a', 'test/a'],
			['farm/b', 'test/b'],
		],
	});
	const oneTarget = replayTargets({ map: [['farm/#', 'all']], only: 'farm/#' }, mqtt);
	const together = await previewReplay({ ...shared, to: mqtt, targetOf: oneTarget });
	assert.deepEqual(
		[together.targets, together.examples],
		[
			2,
			[
				['farm/a', 'all'],
				['farm/b', 'all'],
			],
		],
	);
	const other = await previewReplay({ ...shared, to: describe('websocket') as ProtocolDescription });
	assert.deepEqual(other.left, [['QoS', 1]]);
});

const rules: [string, Parameters<typeof replayTargets>[0], string, string | undefined][] = [
	['no rule', { map: [] }, 'a', 'a'],
	[
		'the first pair that fits',
		{
			map: [
				['a/b', 'x'],
				['a', 'y'],
			],
		},
		'a/b/c',
		'x/c',
	],
	[
		'the second pair',
		{
			map: [
				['a/b', 'x'],
				['a', 'y'],
			],
		},
		'a/c',
		'y/c',
	],
	['a wildcard that is replaced', { map: [['farm/#', 'orders']] }, 'farm/a/b', 'orders'],
	[
		'a wildcard that does not fit, then a start',
		{
			map: [
				['+/x', 'orders'],
				['a', 'b'],
			],
		},
		'a/y',
		'b/y',
	],
	['everything', { map: [['', 'test/']] }, 'a', 'test/a'],
	['only the start of a target', { map: [], only: 'farm' }, 'barn', undefined],
	['a wildcard', { map: [], only: '+/b' }, 'a/b', 'a/b'],
	['a wildcard that does not fit', { map: [], only: '+/b' }, 'a/b/c', undefined],
];
for (const [name, rule, target, expected] of rules)
	test(`targets are mapped and filtered: ${name}`, () => assert.equal(replayTargets(rule, mqtt)(target), expected));

test('a wrong wildcard is refused at its field', () => {
	const pattern = {
		help: '',
		isPattern: () => true,
		compile(): never {
			throw new Error('# stands alone at the end.');
		},
	};
	for (const [field, targetRules] of [
		['only', { map: [], only: 'a/#/b' }],
		['map', { map: [['a/#/b', 'x']] }],
	] as [string, Parameters<typeof replayTargets>[0]][])
		assert.throws(
			() => replayTargets(targetRules, { pattern }),
			(error: { failure?: { field?: string; message: string } }) =>
				error.failure?.field === field && error.failure.message === '# stands alone at the end.',
		);
});
