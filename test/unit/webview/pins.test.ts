import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../src/base/failure';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';
import { Pins, shortNames } from '../../../webview/panel/pins/pins';
import { limits } from '../../../webview/panel/saved';

test('names are as short as they can be without being mixed up', () => {
	const cases: [paths: string[], names: string[]][] = [
		[[], []],
		[['a/b/c'], ['c']],
		[
			['farm/1/temp', 'farm/2/temp', 'farm/1/soil'],
			['1/temp', '2/temp', 'soil'],
		],
		[
			['temp', 'a/temp'],
			['temp', 'a/temp'],
		],
		[
			['a/', 'b/'],
			['a/', 'b/'],
		],
	];
	for (const [paths, names] of cases) assert.deepEqual(shortNames(paths, '/'), names);
	assert.deepEqual(shortNames(['a/b'], undefined), ['a/b']);
});

function state(pins: string[]) {
	const shown: unknown[] = [];
	const store = {
		describe: mqtt,
		saved: { pins },
		keep: (change: { pins?: string[] }) => Object.assign(store.saved, change),
		show: (error: unknown) => shown.push(error),
	};
	return { pins: new Pins(store as never), store, shown };
}

test('a pin is kept until it is removed, and the number of pins is limited', () => {
	const { pins, store } = state([]);
	pins.toggle('a');
	pins.toggle('b');
	assert.deepEqual(store.saved.pins, ['a', 'b']);
	assert.ok(pins.has('a'));
	pins.toggle('a');
	assert.deepEqual(store.saved.pins, ['b']);

	const full = state(Array.from({ length: limits.pins }, (_, at) => `t/${at}`));
	full.pins.toggle('one-more');
	assert.equal(full.pins.paths.length, limits.pins);
	const [error] = full.shown;
	assert.ok(error instanceof FailureError && error.failure.message === 'No more than 50 topics can be pinned.');
	full.pins.toggle('t/7');
	assert.equal(full.pins.paths.length, limits.pins - 1);
});

test('a name that would make the saved state large cannot be pinned', () => {
	const { pins } = state([]);
	assert.deepEqual(
		[pins.canPin('a'), pins.canPin(''), pins.canPin('a'.repeat(limits.pinText + 1))],
		[true, false, false],
	);
});
