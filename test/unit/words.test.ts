import assert from 'node:assert/strict';
import test from 'node:test';
import { formatCount, formatRate } from '../../src/model/words';

test('numbers are grouped as a reader of English expects', () => {
	for (const number of [0, 7, 999, 1000, 12_345, 123_456, 1_234_567, 10_000_000_000])
		assert.equal(formatCount(number), new Intl.NumberFormat('en-US').format(number));
	for (const [rate, text] of [
		[0, '0/s'],
		[0.26, '0.3/s'],
		[9.96, '10.0/s'],
		[10.4, '10/s'],
		[361_863.4, '361,863/s'],
	] as const)
		assert.equal(formatRate(rate), text);
});
