import assert from 'node:assert/strict';
import test from 'node:test';
import { searchCapacity } from '../../../src/compare/capacity';
import { createMarks, markBytes } from '../../../src/compare/mark';
import type { Measured } from '../../../src/compare/measure';
import { pace } from '../../../src/compare/pace';
import { spreadOf } from '../../../src/compare/report/stats';
import { createTally } from '../../../src/compare/tally';

test('the median and the range of values', () => {
	const cases: [number[], ReturnType<typeof spreadOf>][] = [
		[[], undefined],
		[[3], { median: 3, low: 3, high: 3 }],
		[[9, 1, 5], { median: 5, low: 1, high: 9 }],
		[[4, 1, 3, 2], { median: 2.5, low: 1, high: 4 }],
		[[10, 9, 100], { median: 10, low: 9, high: 100 }],
	];
	for (const [values, expected] of cases) assert.deepEqual(spreadOf(values), expected, String(values));
});

test('losses, duplicates and reordering by the numbers that arrive', () => {
	const cases: [arrivals: number[], delivered: number, duplicated: number, reordered: number][] = [
		[[], 0, 0, 0],
		[[0, 1, 2, 3], 4, 0, 0],
		[[0, 1, 3], 3, 0, 0],
		[[0, 2, 1, 3], 4, 0, 1],
		[[3, 0, 1, 2], 4, 0, 3],
		[[0, 0, 1, 1, 1], 2, 3, 0],
		[[0, 1, 0], 2, 1, 0],
		[[4, 99], 0, 0, 0],
	];
	for (const [arrivals, delivered, duplicated, reordered] of cases) {
		const tally = createTally(4);
		for (const one of arrivals) tally.arrived(one);
		assert.deepEqual([tally.delivered, tally.duplicated, tally.reordered], [delivered, duplicated, reordered]);
	}
});

test('a payload is recognized wherever a protocol puts it, and no other is', () => {
	const marks = createMarks(64);
	const payload = Buffer.from(marks.payload(1_234_567_890));
	assert.equal(payload.length, 64);
	assert.match(payload.toString('latin1'), /^[A-Za-z0-9+/]{64}$/);
	assert.notDeepEqual(marks.payload(1), marks.payload(2));
	const cases: [Uint8Array, number | undefined][] = [
		[payload, 1_234_567_890],
		[Buffer.from(JSON.stringify([payload.toString()])), 1_234_567_890],
		[Buffer.from(`<message><body>${payload}</body></message>`), 1_234_567_890],
		[payload.subarray(0, markBytes), 1_234_567_890],
		[payload.subarray(0, markBytes - 1), undefined],
		[createMarks(64).payload(5), undefined],
		[new Uint8Array(), undefined],
		[Buffer.from('x'.repeat(100)), undefined],
	];
	for (const [bytes, expected] of cases) assert.equal(marks.sequence(bytes), expected);
	assert.equal(createMarks(markBytes).payload(0).length, markBytes);
});

test('the loop sends every message at its time or later, in order, and stops when asked', async () => {
	const abort = new AbortController();
	const times: [number, number, number][] = [];
	const start = performance.now();
	await pace(50, 1000, (sequence, due) => times.push([sequence, due, performance.now()]) > 0, abort.signal);
	assert.deepEqual(
		times.map(([sequence]) => sequence),
		Array.from({ length: 50 }, (_, index) => index),
	);
	for (const [sequence, due, now] of times) {
		assert.ok(now >= due);
		assert.ok(Math.abs(due - (times[0] as [number, number, number])[1] - sequence) < 0.001);
	}
	assert.ok(performance.now() - start >= 49);
	let sent = 0;
	await pace(1000, 1_000_000, () => ++sent < 10, abort.signal);
	assert.equal(sent, 10);
	await pace(1000, 1_000_000, () => ++sent === 15 && abort.abort() === undefined, abort.signal);
	assert.ok(sent < 1000);
});

test('the sustained rate is that of the highest step whose queue does not grow', async () => {
	const carries = (limit: number) => async (rate: number) =>
		({
			...{ arrivedRate: Math.min(rate, limit), backlog: Math.max(0, rate - limit), refused: 0 },
		}) as Measured;
	const { signal } = new AbortController();
	const cases: [limit: number, low: number, high: number, isLowerBound?: true][] = [
		[10_000, 9000, 10_000],
		[700, 600, 700],
		[9, 5, 9],
		[10_000_000, 256_000, 256_000, true],
	];
	for (const [limit, low, high, isLowerBound] of cases) {
		const found = await searchCapacity(carries(limit), signal);
		assert.ok(found && found.rate >= low && found.rate <= high, `${limit}: ${JSON.stringify(found)}`);
		assert.equal(found.isLowerBound, isLowerBound);
	}
	assert.equal(await searchCapacity(async () => ({ refused: 1 }) as Measured, signal), undefined);
});
