import assert from 'node:assert/strict';
import test from 'node:test';
import { align, percent } from '../../../../webview/panel/charts/align';
import { type ChartState, isChartState, maxFields, startCharts } from '../../../../webview/panel/charts/chart-state';
import { ChartStore } from '../../../../webview/panel/charts/chart-store';
import { nearest, statistics, within } from '../../../../webview/panel/charts/statistics';
import { timeLabels, timeRange } from '../../../../webview/panel/charts/time-axis';

const at = (clock: string) => new Date(`2026-03-04T${clock}`).getTime();

test('the labels of a time axis are as precise as its step, and never a year', () => {
	const cases: [times: string[], step: number, labels: string[]][] = [
		[['10:00:00', '10:05:00'], 300_000, ['10:00', '10:05']],
		[['10:00:01', '10:00:02'], 1000, ['10:00:01', '10:00:02']],
		[['10:00:01.250', '10:00:01.500'], 250, ['10:00:01.250', '10:00:01.500']],
	];
	for (const [times, step, labels] of cases) assert.deepEqual(timeLabels(times.map(at), step), labels);
	const hour = 3_600_000;
	assert.deepEqual(timeLabels([at('23:00:00'), at('23:00:00') + hour], hour), ['23:00', '03-05']);
	assert.deepEqual(timeLabels([at('00:00:00'), at('00:00:00') + 24 * hour], 24 * hour), ['03-04', '03-05']);
});

test('a time axis is at least a second long', () => {
	assert.deepEqual(timeRange(5000, 5002), [4002, 5002]);
	assert.deepEqual(timeRange(5000, 5000), [4000, 5000]);
	assert.deepEqual(timeRange(1000, 9000), [1000, 9000]);
});

test('lines are merged by time; points of one line with the same time stay apart', () => {
	const lines = [
		{ times: [1000, 2000, 2000], values: [1, 2, 3] },
		{ times: [2000, 3000], values: [10, 20] },
		{ times: [], values: [] },
	];
	assert.deepEqual(align(lines), [
		[1, 2, 2, 3],
		[1, 2, 3, undefined],
		[undefined, 10, undefined, 20],
		[undefined, undefined, undefined, undefined],
	]);
	assert.deepEqual(align([]), [[]]);
});

test('a scale of its own goes from 0 to 100', () => {
	assert.deepEqual(percent([10, 20, 15]), [0, 100, 50]);
	assert.deepEqual(percent([7, 7]), [50, 50]);
	assert.deepEqual(percent([-Number.MAX_VALUE, Number.MAX_VALUE]), [0, 100]);
});

test('statistics, the closest point and the points of a span', () => {
	const points = { seqs: [1, 2, 3], times: [1000, 2000, 4000], values: [5, -1, 3] };
	assert.deepEqual(statistics(points), { latest: 3, lowest: -1, highest: 5, count: 3 });
	assert.equal(statistics({ values: [] }), undefined);
	const closest: [time: number, position: number][] = [
		[0, 0],
		[1400, 0],
		[1600, 1],
		[2900, 1],
		[3100, 2],
		[9000, 2],
	];
	for (const [time, position] of closest) assert.equal(nearest(points.times, time), position, `${time}`);
	assert.equal(nearest([], 5), undefined);
	assert.deepEqual(within(points, 2000, 4000).seqs, [2, 3]);
	assert.deepEqual(within(points, 100, 9000).seqs, []);
	assert.deepEqual(within(points, undefined, 4000).seqs, [1, 2, 3]);
});

test('a field is pinned once, in a free color, and no more than twelve are', () => {
	const saved: { charts?: ChartState } = {};
	const store = new ChartStore({ saved, keep: (change) => Object.assign(saved, change) });
	const field = (path: string) => ({ target: 'a/b', way: 'in' as const, path });
	assert.equal(store.isEmpty, true);
	for (const path of ['x', 'y', 'x', 'z']) store.add(field(path));
	assert.deepEqual(
		store.state.fields.map(({ path, color }) => [path, color]),
		[
			['x', 0],
			['y', 1],
			['z', 2],
		],
	);
	store.remove(field('y'));
	store.add(field('w'));
	assert.deepEqual(
		store.state.fields.map(({ path, color }) => [path, color]),
		[
			['x', 0],
			['z', 2],
			['w', 1],
		],
	);
	assert.equal(store.has({ ...field('x'), way: 'out' }), false, 'the other direction is another field');
	for (let count = 0; count < 20; count++) store.add(field(`n${count}`));
	assert.equal(store.state.fields.length, maxFields);
	assert.equal(new Set(store.state.fields.map(({ color }) => color)).size, maxFields);
	assert.equal(isChartState(store.state), true);
	assert.equal(isChartState({ ...startCharts(), fields: [{ target: 1 }] }), false);
});
