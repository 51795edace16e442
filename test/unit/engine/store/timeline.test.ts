import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { flag, type Timeline } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

const payload = Buffer.from('x');
const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0);

/** The timeline when the whole log has been counted. */
function counted(store: Store, intervals: number): Timeline {
	let timeline = store.reader.timeline(intervals);
	while (timeline.counted < 1) timeline = store.reader.timeline(intervals);
	return timeline;
}

/** A store whose messages have these times and flags. */
function filled(messages: readonly [time: number, flags?: number][], limits = {}): Store {
	let now = 0;
	const store = createStore(mqtt, { ...defaultLimits, ...limits }, () => now);
	for (const [time, flags = 0] of messages) {
		now = time;
		store.append('t', payload, flags);
	}
	return store;
}

test('counts received, sent and failed messages per interval', () => {
	const store = filled([
		[1000],
		[1001],
		[1500, flag.out],
		[2100, flag.out],
		[2200, flag.note],
		[2300, flag.note | flag.bad],
		[3999],
	]);
	store.reader.timeline(4);
	store.receipt(3, { proof: 'pending', text: '', ms: 0 });
	store.receipt(2, { proof: 'acknowledged', text: '', ms: 1 });
	const before = { from: 1000, step: 1000, received: [2, 0, 1], sent: [1, 1, 0], failed: [0, 1, 0], counted: 1 };
	assert.deepEqual(counted(store, 4), before);
	store.receipt(3, { proof: 'refused', text: '', ms: 2 });
	assert.deepEqual(counted(store, 4), { ...before, sent: [1, 0, 0], failed: [0, 2, 0] });
	assert.deepEqual(counted(store, 1), {
		from: 0,
		step: 5000,
		received: [3],
		sent: [1],
		failed: [2],
		counted: 1,
	});
});

test('an empty log has no intervals', () => {
	const store = filled([]);
	assert.deepEqual(counted(store, 100).received, []);
	store.append('t', payload, 0);
	assert.deepEqual(counted(store, 100).received, [1]);
	store.clear();
	assert.deepEqual(counted(store, 100).received, []);
});

test('agrees with a plain count at every length of interval, with eviction and a clock that is set back', () => {
	const messages: [number, number][] = [];
	let now = 1_800_000_000_000;
	let state = 1;
	const random = (below: number) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
	for (let at = 0; at < 60_000; at++) {
		now += at === 30_000 ? -90_000 : at % 20_000 === 0 ? 600_000 : random(40);
		messages.push([now, [0, 0, 0, flag.out, flag.note, flag.note | flag.bad][random(6)] as number]);
	}
	const store = filled(messages, { logMessages: 40_000 });
	assert.ok(store.evicted > 0);
	const kept = messages.slice(store.evicted);
	for (const intervals of [1, 3, 40, 200, 1000]) {
		const { from, step, received, sent, failed } = counted(store, intervals);
		assert.ok(received.length <= intervals, `${received.length} of ${intervals}`);
		const expected = received.map(() => [0, 0, 0]);
		for (const [time, flags] of kept) {
			const kind = flags === 0 ? 0 : flags === flag.out ? 1 : flags & flag.bad ? 2 : undefined;
			const interval = expected[Math.floor((time - from) / step)] as number[];
			if (kind !== undefined) interval[kind] = (interval[kind] as number) + 1;
		}
		assert.deepEqual(
			[received, sent, failed],
			[0, 1, 2].map((kind) => expected.map((one) => one[kind])),
			`${step}`,
		);
	}
	// New messages are counted as well.
	store.append('t', payload, 0);
	const others = messages.slice(store.evicted).filter(([, flags]) => flags === 0).length;
	assert.equal(sum(counted(store, 10).received), others + 1);
});
