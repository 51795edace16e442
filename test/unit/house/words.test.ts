import assert from 'node:assert/strict';
import test from 'node:test';
import { formatCount, formatRate } from '../../../src/model/text/words';
import { descriptions } from '../../../src/protocols/descriptions';
import { tick } from '../../../webview/base/words';

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

test('numbers on an axis are told apart', () => {
	for (const [values, step, texts] of [
		[[52.1, 52.10005, 52.1001], 0.00005, ['52.1', '52.10005', '52.1001']],
		[[22, 22.5], 0.5, ['22', '22.5']],
		[[17.5, 20], 2.5, ['17.5', '20']],
		[[0.30000000000000004, 0.4], 0.1, ['0.3', '0.4']],
		[[1e9, 2e9], 1e9, ['1,000,000,000', '2,000,000,000']],
	] as const)
		assert.deepEqual(
			values.map((value) => tick(value, step)),
			texts,
		);
});

test('the tree and the log of a protocol have different names, as the tabs of a narrow panel show both', () => {
	for (const { label, words } of descriptions) assert.notEqual(words.targets, words.messages, label);
});
