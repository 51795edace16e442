import assert from 'node:assert/strict';
import test from 'node:test';
import { parseSize } from '../../../src/model/profile/size';

test('a size has a unit, from 10 MB to 999 GB', () => {
	const cases: [unknown, number | undefined][] = [
		['500 MB', 500_000_000],
		['10MB', 10_000_000],
		[' 2 GB ', 2_000_000_000],
		['999 GB', 999_000_000_000],
		['9 MB', undefined],
		['0 GB', undefined],
		['1000 GB', undefined],
		['500', undefined],
		['500 mb', undefined],
		['1.5 GB', undefined],
		['500 MB\nx', undefined],
		[500, undefined],
		[undefined, undefined],
	];
	for (const [text, bytes] of cases) assert.equal(parseSize(text), bytes, String(text));
});
