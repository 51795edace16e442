import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Series, SeriesQuery } from '../../../../src/model/contracts/message';
import { maxPoints, PointLoader } from '../../../../webview/panel/charts/points';

const field = { target: 't', way: 'in' as const, path: 'v' };
const globals = globalThis as { document?: unknown };
before(() => {
	globals.document = { hidden: false };
});
after(() => {
	globals.document = undefined;
});

/** A loader on answers that a test gives, with its queries. */
function loader(
	answer: (query: SeriesQuery) => Series,
	failed: (error: unknown) => void = (error) => assert.fail(String(error)),
) {
	const queries: SeriesQuery[] = [];
	let loaded = () => {};
	const points = new PointLoader(
		{
			series: async (query) => {
				queries.push(query);
				return answer(query);
			},
		},
		() => loaded(),
		failed,
	);
	const next = () =>
		new Promise<void>((resolve) => {
			loaded = resolve;
		});
	return { points, queries, next };
}

const series = (seqs: number[], continues: boolean, times = seqs): Series => ({
	seqs,
	times,
	values: seqs,
	end: { log: 1, seq: (seqs.at(-1) ?? 0) + 1 },
	continues,
});

test('only new points are asked for, and added to those before', async () => {
	const answers = [series([1, 2], false), series([3], true), series([9], false)];
	const { points, queries, next } = loader(() => answers.shift() as Series);
	const seen: (readonly number[] | undefined)[] = [];
	for (let round = 0; round < 3; round++) {
		points.want([field]);
		await next();
		seen.push(points.of(field)?.seqs);
	}
	points.stop();
	assert.deepEqual(seen, [[1, 2], [1, 2, 3], [9]], 'an answer that does not continue replaces the points');
	assert.deepEqual(
		queries.map(({ after }) => after?.seq),
		[undefined, 3, 4],
	);
});

test('the latest points are kept, and time does not go back', async () => {
	const many = Array.from({ length: maxPoints + 5 }, (_, at) => at);
	const { points, next } = loader(() => series(many, false, [5000, 1000, ...many.slice(2)]));
	points.want([field]);
	await next();
	points.stop();
	assert.equal(points.of(field)?.seqs.length, maxPoints);
	assert.equal(points.of(field)?.seqs[0], 5);
	const times = points.of(field)?.times ?? [];
	assert.ok(times.every((time, at) => at === 0 || time >= (times[at - 1] as number)));
});

test('a failure is reported once, until an answer comes', async () => {
	const outcomes = ['fail', 'fail', 'answer', 'fail'];
	const failures: unknown[] = [];
	const answer = () => {
		if (outcomes.shift() === 'fail') throw new Error('no session');
		return series([1], false);
	};
	const { points, next } = loader(answer, (error) => failures.push(error));
	const counts: number[] = [];
	for (let round = 0; round < 4; round++) {
		points.want([field]);
		await next();
		counts.push(failures.length);
	}
	points.stop();
	assert.deepEqual(counts, [1, 1, 1, 2]);
});

test('a field that is no longer wanted is forgotten', async () => {
	const { points, queries, next } = loader(() => series([1], false));
	points.want([field, { ...field, path: 'w' }]);
	await next();
	points.want([{ ...field, path: 'w' }]);
	points.stop();
	assert.equal(points.of(field), undefined);
	assert.deepEqual(
		queries.map(({ path }) => path),
		['v', 'w'],
	);
});
