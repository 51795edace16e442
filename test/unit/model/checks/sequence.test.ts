import assert from 'node:assert/strict';
import test from 'node:test';
import { createSequence, type Integer, toInteger } from '../../../../src/model/checks/sequence';

/** What each number of a sequence is judged as; "" for nothing. */
function judged(numbers: readonly Integer[]): string[] {
	const sequence = createSequence();
	return numbers.map((number) => {
		const seen = sequence.see(number);
		return seen ? (seen.kind === 'gap' ? `gap ${seen.missing}` : seen.kind) : '';
	});
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('numbers that count up are fine, wherever they start', () => {
	for (const start of [0, 1, 7, 2 ** 31, Number.MAX_SAFE_INTEGER - 1]) {
		const numbers: Integer[] = [start, start + 1];
		if (start === Number.MAX_SAFE_INTEGER - 1) numbers.push(2n ** 53n, 2n ** 53n + 1n);
		assert.deepEqual(
			judged(numbers),
			numbers.map(() => ''),
		);
	}
});

test('gaps, duplicates and late numbers are told apart', () => {
	for (const [numbers, expected] of [
		[
			[10, 12, 17],
			['', 'gap 1', 'gap 4'],
		],
		[
			[10, 10, 11, 10],
			['', 'duplicate', '', 'duplicate'],
		],
		// The late number fills the gap, so that it is a duplicate the second time.
		[
			[10, 12, 11, 11, 13],
			['', 'gap 1', 'reordered', 'duplicate', ''],
		],
		[
			[10, 9, 8, 11],
			['', 'reordered', 'reordered', ''],
		],
		[
			[12, 1_000_000],
			['', 'gap 999987'],
		],
		[
			[5n ** 30n, 5n ** 30n + 3n],
			['', 'gap 2'],
		],
		[
			[-2, -1, 0, 1],
			['', '', '', ''],
		],
	] as [Integer[], string[]][])
		assert.deepEqual(judged(numbers), expected, numbers.join(' '));
});

test('a counter that starts over is no gap and no flood of duplicates', () => {
	assert.deepEqual(judged([1000, 1001, 0, 1, 2, 3]), ['', '', 'restarted', '', '', '']);
	assert.deepEqual(judged([1000, 1001, 1, 2, 3]), ['', '', 'restarted', '', '']);
	// Elsewhere than at its start: the second number in a row decides (RFC 3550, appendix A.1).
	assert.deepEqual(judged([90_000, 5000, 5001, 5002]), ['', 'reordered', 'restarted', '']);
	assert.deepEqual(judged([90_000, 5000, 90_001, 5001]), ['', 'reordered', '', 'restarted']);
});

test('the first message again differs from a counter that starts over', () => {
	const again = createSequence();
	for (const number of range(0, 20)) again.see(number, number + 100);
	assert.equal(again.see(0, 100)?.kind, 'duplicate');
	assert.equal(again.see(0, 777)?.kind, 'restarted');
	assert.equal(again.see(1, 101), undefined);
});

test('counters of usual sizes wrap', () => {
	for (const bits of [8, 16, 24, 31, 32]) {
		const top = 2 ** bits - 1;
		assert.deepEqual(judged([top - 1, top, 0, 1]), ['', '', '', ''], `${bits} bits`);
		// Some counters leave out zero.
		assert.deepEqual(judged([top, 1, 2]), ['', '', ''], `${bits} bits, from 1`);
		// A late message from before the wrap.
		assert.deepEqual(judged([top - 2, top, 0, top - 1, top - 1, 1]), ['', 'gap 1', '', 'reordered', 'duplicate', '']);
	}
	assert.deepEqual(judged([2n ** 64n - 1n, 0, 1]), ['', '', '']);
	// The second time its size is known, so that a number lost at the end is counted.
	const lap = range(0, 65_535);
	assert.deepEqual(judged([...lap, ...lap.slice(0, -1), 1]).filter(Boolean), ['gap 2']);
	// A counter that seemed to have 8 bits.
	assert.deepEqual(judged([255, 0, ...range(1, 300)]).filter(Boolean), []);
});

test('a forgotten number may come again', () => {
	const sequence = createSequence();
	for (const number of [1, 2, 3]) sequence.see(number);
	sequence.forget(3);
	assert.equal(sequence.see(3), undefined);
	sequence.forget(2);
	assert.equal(sequence.see(2)?.kind, 'reordered');
	assert.ok(sequence.has(1, 3));
	assert.ok(!sequence.has(1, 4));
	for (const number of [1, 2, 3]) sequence.forget(number);
	assert.equal(sequence.see(9), undefined, 'as the first one');
});

test('memory is bounded, however many gaps there are', () => {
	const sequence = createSequence();
	for (let at = 0; at < 10_000; at++) sequence.see(2 * at);
	assert.ok(sequence.has(19_998, 19_998));
	assert.ok(!sequence.has(100, 100), 'the oldest are forgotten');
	assert.equal(sequence.see(19_998)?.kind, 'duplicate');
});

test('integers are read exactly, anything else is refused', () => {
	for (const [source, value] of [
		['17', 17],
		['-17', -17],
		['-0', 0],
		['17.0', 17],
		['1e3', 1000],
		['9007199254740993', 9007199254740993n],
		['9007199254740991', Number.MAX_SAFE_INTEGER],
		['1.5', undefined],
		['9007199254740993.0', undefined],
		['1e400', undefined],
		['NaN', undefined],
		['', undefined],
		[' 1', undefined],
		['1'.repeat(41), undefined],
	] as const)
		assert.equal(toInteger(source), value, source);
});
