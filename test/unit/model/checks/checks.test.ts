import assert from 'node:assert/strict';
import test from 'node:test';
import { type ChecksOptions, createChecks } from '../../../../src/model/checks/checks';
import type { Delivery } from '../../../../src/model/checks/delivery';
import { type CheckRule, type ReadRule, readRule } from '../../../../src/model/checks/rule';

const start = Date.UTC(2026, 0, 31, 12, 0, 0);

function checksOf(rules: CheckRule[], options: ChecksOptions = {}) {
	const checks = createChecks({
		rules: rules.map((entry) => {
			const read = readRule(entry);
			assert.ok('rule' in read, JSON.stringify(read));
			return read.rule;
		}),
		compile: (target) => (one) => (target.endsWith('#') ? one.startsWith(target.slice(0, -1)) : one === target),
		...options,
	});
	assert.ok(checks);
	const message = (target: string, body: unknown, seconds = 0, flags = 0, subscriptions?: string[]) => ({
		...{ target, flags, time: start + 1000 * seconds },
		payload: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
		...(subscriptions && { subscriptions }),
	});
	return {
		checks,
		message,
		check: (...given: Parameters<typeof message>) =>
			(checks.check(message(...given)) ?? []).map(({ kind, reason }) => `${kind}: ${reason}`),
	};
}

test('a nonce that comes again is a replay', () => {
	const { check } = checksOf([{ target: 'commands/#', nonce: 'nonce' }]);
	assert.deepEqual(check('commands/a', { nonce: '8f' }), []);
	assert.deepEqual(check('sensors/a', { nonce: '8f' }), [], 'the rule is about commands');
	assert.deepEqual(check('commands/b', { nonce: '8f' }, 12), ['replayed: Nonce seen 12 s ago: 8f']);
	assert.deepEqual(check('commands/a', { nonce: 8 }), []);
	assert.deepEqual(check('commands/a', { nonce: '8' }), [], 'a text is no number');
	assert.deepEqual(check('commands/a', '{"nonce":8.0}', 1), ['replayed: Nonce seen 1 s ago: 8.0']);
	assert.deepEqual(check('commands/a', '{"nonce":"new","nonce":"8f"}', 13), ['replayed: Nonce seen 13 s ago: 8f']);
});

test('without a window a nonce is remembered, however long ago it was', () => {
	const { check } = checksOf([{ nonce: 'nonce' }]);
	check('a', { nonce: '8f' });
	assert.deepEqual(check('a', { nonce: '8f' }, 7 * 86_400), ['replayed: Nonce seen 7 d ago: 8f']);
});

test('a window ends on its last millisecond', () => {
	const { check } = checksOf([{ nonce: 'nonce', window: '30s' }]);
	check('a', { nonce: 'a' });
	assert.equal(check('a', { nonce: 'a' }, 30).length, 1);
	assert.equal(check('a', { nonce: 'a' }, 30.001).length, 0);
	assert.equal(check('a', { nonce: 'a' }, 60.001).length, 1, 'from when it was remembered anew');
});

test('with a timestamp no replay slips through between window and nonce', () => {
	const { check } = checksOf([{ nonce: 'n', timestamp: 'at', window: '30s' }]);
	const at = (seconds: number) => new Date(start + 1000 * seconds).toISOString();
	assert.deepEqual(check('a', { n: 1, at: at(-30) }), []);
	assert.deepEqual(check('a', { n: 2, at: at(30) }), [], 'a clock ahead of ours');
	// It is valid for as long as the nonce is remembered, and not longer.
	assert.deepEqual(check('a', { n: 2, at: at(30) }, 60), ['replayed: Nonce seen 1 min ago: 2']);
	assert.match(check('a', { n: 2, at: at(30) }, 60.001)[0] ?? '', /^old: 30 s old, the window is 30 s: /);
	assert.match(check('a', { n: 3, at: at(31) })[0] ?? '', /^old: 31 s ahead of the clock of this computer/);
	assert.match(check('a', { n: 4, at: start / 1000 - 3600 })[0] ?? '', /^old: 1 h old, /);
});

test('a message outside of the window uses up no nonce', () => {
	const { check } = checksOf([{ nonce: 'n', timestamp: 'at' }]);
	assert.equal(check('a', { n: 1, at: 0 }).length, 1);
	assert.deepEqual(check('a', { n: 1, at: start }), []);
	assert.deepEqual(
		check('a', { n: 1, at: 0 }).map((text) => text.split(':')[0]),
		['old', 'replayed'],
	);
});

test('a field that is missing or no usable value is reported, not passed', () => {
	const { check } = checksOf([{ nonce: 'n', timestamp: 'at', sequence: 'seq' }]);
	for (const [body, expected] of [
		[{ at: start, seq: 1 }, 'The nonce cannot be checked: there is nothing at "n"'],
		[{ n: {}, at: start, seq: 2 }, 'The nonce cannot be checked: "n" is an object'],
		[{ n: 1, at: 'yesterday', seq: 3 }, 'The timestamp cannot be checked: "yesterday" is no time'],
		[{ n: 2, at: start, seq: 1.5 }, 'The sequence cannot be checked: "1.5" is no whole number'],
		[`{"n":3,"at":${start},"seq":1e400}`, 'The sequence cannot be checked: "1e400" is no whole number'],
		[`{"n":4,"at":${start},"seq":NaN}`, 'The sequence cannot be checked: the body is not JSON'],
	] as const)
		assert.deepEqual(check('a', body), [`unverified: ${expected}`]);
	assert.equal(check('a', 'no JSON').length, 3);
});

test('sequences belong to a target, or to a sender', () => {
	const { check } = checksOf([
		{ target: 'sensors/#', sequence: 'seq' },
		{ target: 'shared', sequence: 'seq', by: 'device' },
	]);
	assert.deepEqual(check('sensors/a', { seq: 12 }), []);
	assert.deepEqual(check('sensors/b', { seq: 3 }), []);
	assert.deepEqual(check('sensors/a', { seq: 17 }), ['gap: Sequence 17 after 12: 4 missing']);
	assert.deepEqual(check('sensors/a', { seq: 15 }), ['reordered: Sequence 15 after 17']);
	assert.deepEqual(check('sensors/a', { seq: 15 }), ['duplicate: Sequence 15 again']);
	assert.deepEqual(check('sensors/b', { seq: '4' }), []);
	assert.deepEqual(check('sensors/a', { seq: 0 }), ['restarted: Sequence 0 after 17: the counter started over']);
	assert.deepEqual(check('shared', { seq: 1, device: 'x' }), []);
	assert.deepEqual(check('shared', { seq: 9, device: 'y' }), []);
	assert.deepEqual(check('shared', { seq: 3, device: 'x' }), ['gap: Sequence 3 of x after 1: 1 missing']);
	assert.deepEqual(check('shared', { seq: 3 }), [
		'unverified: The sender cannot be checked: there is nothing at "device"',
	]);
});

test('retained messages come again with each subscription', () => {
	const { check } = checksOf([{ sequence: 'seq' }], { retained: 1024 });
	assert.deepEqual(check('a', { seq: 5 }), []);
	assert.deepEqual(check('a', { seq: 5 }, 1, 1024), []);
	assert.deepEqual(check('a', { seq: 5 }, 2), ['duplicate: Sequence 5 again']);
});

test('the protocol has its say, and costs nothing where it has none', () => {
	assert.equal(createChecks({}), undefined);
	const delivery = {
		bits: 256,
		repeated: (flags: number) => (flags & 256 ? 'Redelivered' : undefined),
		late: () => 'Late',
		sequence: { label: 'Offset', marks: true, of: (flags: number) => ({ stream: 'p0', value: flags & 255 }) },
	};
	const { check, checks } = checksOf([], { delivery });
	const one = ['one'];
	assert.deepEqual(check('t', '', 0, 4, one), []);
	assert.deepEqual(check('t', '', 0, 256 + 8, one), ['duplicate: Redelivered', 'reordered: Late']);
	assert.deepEqual(check('t', '', 0, 8, one), ['duplicate: Offset 8 again'], 'a gap is not marked');
	assert.deepEqual(check('t', '', 0, 6, one), ['reordered: Offset 6 after 8']);
	assert.deepEqual(check('t', '', 0, 4, ['other']), [], 'another reader of the same target');
	checks.subscribed('one');
	assert.deepEqual(check('t', '', 0, 4, one), [], 'read again by the user');
	assert.deepEqual(check('t', '', 0, 4, one), ['duplicate: Offset 4 again']);
});

test('ids are sent once', () => {
	const { check } = checksOf([], {
		delivery: { id: { label: 'Stanza id', of: (flags) => (flags === 0 ? undefined : `id${flags}`) } },
	});
	assert.deepEqual(check('t', '', 0, 7), []);
	assert.deepEqual(check('t', '', 5, 7), ['duplicate: Stanza id received 5 s ago: id7']);
	assert.deepEqual([...check('t', ''), ...check('t', '')], []);
});

test('a message that is delivered again because it was not processed is no replay', () => {
	const { check, checks, message } = checksOf([{ nonce: 'n', sequence: 'seq' }]);
	check('a', { n: 1, seq: 1 });
	checks.forget(message('a', { n: 1, seq: 1 }));
	assert.deepEqual(check('a', { n: 1, seq: 1 }, 5), []);
	assert.equal(check('a', { n: 1, seq: 1 }, 9).length, 2);
	checks.forget(message('a', 'no JSON'));
});

test('memory is bounded, and it is said that something was forgotten', () => {
	const full = { texts: 0, streams: 0 };
	const { check } = checksOf([{ nonce: 'n', sequence: 'seq' }], {
		limits: { texts: 100, streams: 20 },
		onFull: (what) => full[what]++,
	});
	for (let at = 0; at < 1000; at++) check(`t${at}`, { n: at, seq: 1 });
	assert.equal(full.texts, 900);
	assert.equal(full.streams, 490, 'two at once');
	assert.equal(check('t999', { n: 999, seq: 1 }).length, 2, 'the newest are known');
	assert.deepEqual(check('t0', { n: 0, seq: 1 }), [], 'the oldest are not');
});

test('entries of the settings are read, or refused with a sentence', () => {
	for (const [entry, problem] of [
		[undefined, 'A check is an object with a "nonce", "timestamp", "sequence" or "id".'],
		[{}, 'Name the field of a nonce, a timestamp, a sequence or an id.'],
		[{ target: 'a' }, 'Name the field of a nonce, a timestamp, a sequence or an id.'],
		[{ nonce: 5 }, 'A text is expected.'],
		[{ nonce: 'a..b' }, 'A path such as seq, data.seq or list[0], or "header NAME" is expected.'],
		[{ nonce: 'a', window: '30' }, '"30" needs a unit, such as 30s or 30ms.'],
		[{ nonce: 'a', window: '0s' }, 'A time longer than nothing is expected.'],
	] as const) {
		const read = readRule(entry);
		assert.deepEqual('problems' in read && read.problems.map(({ message }) => message), [problem]);
	}
	assert.ok('rule' in readRule({ nonce: 'a', unknown: 1 }), 'unknown members are left to others');
});

test('the next message of a stream is recognized at once, and any other is judged', () => {
	const delivery: Delivery = { sequence: { label: 'Offset', marks: true, of: (_, meta) => meta as never } };
	const checks = createChecks({ delivery });
	assert.ok(checks);
	const place = (value: number) => ({ stream: 0, value });
	const judged = (value: number) =>
		checks.isNext('a', 0, place(value), undefined)
			? 'next'
			: (checks.check({ target: 'a', payload: new Uint8Array(), flags: 0, meta: place(value), time: start }) ?? []).map(
					({ reason }) => reason,
				);
	assert.deepEqual([5, 6, 7, 9, 10, 8, 7].map(judged), [
		...[[], 'next', 'next', [], 'next'],
		...[['Offset 8 after 10'], ['Offset 7 again']],
	]);
	// With a rule, each message is judged.
	const { rule } = readRule({ target: 'a', nonce: 'nonce' }) as { rule: ReadRule };
	assert.equal(createChecks({ delivery, rules: [rule] })?.isNext('a', 0, place(1), undefined), false);
});
