import assert from 'node:assert/strict';
import test from 'node:test';
import { createHistogram } from '../../../src/base/histogram';

test('percentiles are exact to 1 %, from microseconds to a day', () => {
	for (const scale of [0.001, 0.01, 1, 50, 3_600_000]) {
		const histogram = createHistogram();
		for (let value = 1; value <= 10_000; value++) histogram.add((value * scale) / 1000);
		for (const share of [0.01, 0.5, 0.9, 0.99, 0.999, 1]) {
			const exact = (Math.ceil(share * 10_000) * scale) / 1000;
			const found = histogram.at(share);
			// Below one microsecond the classes have a fixed width.
			assert.ok(
				Math.abs(found - exact) <= Math.max(exact * 0.01, 0.001),
				`${share} of ${scale}: ${found}, not ${exact}`,
			);
		}
		assert.equal(histogram.max, 10 * scale);
		assert.equal(histogram.count, 10_000);
	}
});

test('no value, one value, and a value below 0', () => {
	const histogram = createHistogram();
	assert.equal(histogram.at(0.99), 0);
	histogram.add(-5);
	assert.equal(histogram.at(0.5), 0);
	const one = createHistogram();
	one.add(7);
	assert.equal(one.at(0), 7);
	assert.equal(one.at(1), 7);
});
