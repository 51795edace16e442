import assert from 'node:assert/strict';
import test from 'node:test';
import { byName, naturalKey, sortedByName } from '../../../src/model/text/natural-order';

for (const expected of [
	['1', '2', '10', '100'],
	['m1', 'm2', 'm10', 'm10a', 'm10b', 'n'],
	['v1.2', 'v1.10', 'v2.1'],
	['', '/', '0', 'a', 'b', 'Z'],
	['file 2', 'file 10', 'file_1', 'file2', 'file10'],
	['zebra', 'äpfel'].reverse(),
	['7', '07', '8'].sort((a, b) => Number(a) - Number(b)),
	['9'.repeat(44), '1'.repeat(45), '1'.repeat(46), '2'.repeat(46), '1'.repeat(5000), 'a'],
	['sensor1/x', 'sensor2', 'sensor10'],
])
	test(`stands as the explorer sorts: ${expected.join(' ').slice(0, 60)}`, () => {
		const names = (list: readonly string[]) => sortedByName(list, (name) => name);
		const sorted = names(expected);
		assert.deepEqual(sorted.map(naturalKey), expected.map(naturalKey));
		assert.deepEqual(names([...expected].reverse()), sorted);
		assert.deepEqual([...expected].reverse().sort(byName), sorted);
	});

test('names of letters and digits stand as Intl.Collator with numeric puts them', () => {
	const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
	const parts = ['a', 'B', 'c', '0', '1', '9', '10'];
	// All names of up to four parts.
	let names = [''];
	for (let length = 0; length < 4; length++)
		names = [...new Set([...names, ...names.flatMap((name) => parts.map((part) => name + part))])];
	const sorted = sortedByName(names, (name) => name);
	for (let at = 1; at < sorted.length; at++)
		assert.ok(compare(sorted[at - 1] as string, sorted[at] as string) <= 0, `${sorted[at - 1]} before ${sorted[at]}`);
});
