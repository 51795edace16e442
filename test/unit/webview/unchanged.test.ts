import assert from 'node:assert/strict';
import test from 'node:test';
import { unchangedRuns } from '../../../webview/panel/detail/unchanged';

test('unchanged lines are hidden where at least four are three lines away from a change', () => {
	/** "." is an unchanged line, any other character a change. */
	const cases: [lines: string, runs: [from: number, to: number][]][] = [
		['......-.......', [[10, 14]]],
		['.......-', [[0, 4]]],
		['......-', []],
		['-.........-', []],
		['-..........-', [[4, 8]]],
		[
			'-+..........-..........',
			[
				[5, 9],
				[16, 23],
			],
		],
		['', []],
	];
	for (const [lines, runs] of cases) {
		const found = unchangedRuns([...lines].map((one) => ({ kind: one === '.' ? 'same' : 'added' })));
		assert.deepEqual(
			[...found.values()].map(({ from, to }) => [from, to]),
			runs,
			lines,
		);
	}
});
