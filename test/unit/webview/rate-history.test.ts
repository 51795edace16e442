import assert from 'node:assert/strict';
import test from 'node:test';
import { maxSamples, RateHistory, sampleMs } from '../../../webview/panel/tree/rate-history';

/** Takes samples of one row, a sample's interval apart. */
function taken(totals: readonly number[], history = new RateHistory(), from = 0): readonly number[] {
	for (const [at, total] of totals.entries()) history.sample([{ id: 1, total }], from + at * sampleMs);
	return history.of(1);
}

test('keeps the differences between two samples, the latest thirty', () => {
	assert.deepEqual(taken([]), []);
	assert.deepEqual(taken([7]), []);
	assert.deepEqual(taken([7, 9, 9, 15]), [2, 0, 6]);
	// The log was cleared: counts start again.
	assert.deepEqual(taken([7, 9, 1, 3]), [2, 0, 2]);
	assert.equal(taken(Array.from({ length: 100 }, (_, at) => at)).length, maxSamples);
});

test('starts again after a pause, because all messages of the pause would count as one sample', () => {
	const history = new RateHistory();
	taken([1, 2, 4], history);
	assert.deepEqual(taken([500, 501], history, 60_000), [1]);
	// The clock was set back.
	assert.deepEqual(taken([501, 503], history, 0), [2]);
});

test('drops rows that are no longer shown', () => {
	const history = new RateHistory();
	taken([1, 2, 4], history);
	history.sample([{ id: 2, total: 1 }], 3 * sampleMs);
	history.sample([{ id: 1, total: 9 }], 4 * sampleMs);
	assert.deepEqual(history.of(1), []);
});
