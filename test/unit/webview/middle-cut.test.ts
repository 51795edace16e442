import assert from 'node:assert/strict';
import test from 'node:test';
import { momentOf } from '../../../webview/base/words';
import { splitAt } from '../../../webview/controls/middle-cut';

test('a name is split so that whole levels or a part of the last one stay visible', () => {
	const cases: [name: string, separator: string | undefined, end: string][] = [
		['short/topic', '/', ''],
		['farm/greenhouse-1/climate', '/', '/climate'],
		['site/line-1/device-17/state', '/', '/device-17/state'],
		['plant/greenhouse-1/soil/bed-2/moisture', '/', '/bed-2/moisture'],
		['a/an-extremely-long-name-of-a-device-at-the-end', '/', 'e-at-the-end'],
		['an-extremely-long-name-without-levels', undefined, 'thout-levels'],
		['an-extremely-long-name-that-ends-in-a-slash/', '/', '-in-a-slash/'],
		[`some-emoji-${'\u{1f600}'.repeat(12)}x`, '/', `${'\u{1f600}'.repeat(6)}x`],
		// Right-to-left text stays whole.
		[`\u05d0/${'\u05d1'.repeat(40)}`, '/', ''],
	];
	for (const [name, separator, end] of cases) assert.equal(name.slice(splitAt(name, separator)), end, name);
});

test('a time of another day names the day', () => {
	const noon = new Date(2026, 10, 28, 12, 0, 0, 7).getTime();
	assert.equal(momentOf(noon, noon + 3600_000), '12:00:00.007');
	assert.equal(momentOf(noon, noon + 13 * 3600_000), '11-28 12:00');
});
