import assert from 'node:assert/strict';
import test from 'node:test';
import { matchesIn } from '../../../webview/panel/tree/match-marks';

test('finds each match, ignoring the case of ASCII letters as the filter of the tree does', () => {
	const cases: [text: string, wanted: string, ranges: number[][]][] = [
		['site/line/temp', 'line', [[5, 9]]],
		['site/line/temp', 'e/l', [[3, 6]]],
		[
			'Temp/temp',
			'TEMP',
			[
				[0, 4],
				[5, 9],
			],
		],
		['aaa', 'aa', [[0, 2]]],
		['abc', '', []],
		['abc', 'x', []],
		['Äther', 'äther', []],
		// The long s and the Kelvin sign would be longer or shorter in another case.
		['\u212aelvin', 'kelvin', []],
		['\u0130x', 'x', [[1, 2]]],
	];
	for (const [text, wanted, ranges] of cases) assert.deepEqual(matchesIn(text, wanted), ranges, `${text} ${wanted}`);
	assert.equal(matchesIn('a'.repeat(1000), 'a').length, 50);
});
