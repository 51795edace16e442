import assert from 'node:assert/strict';
import test from 'node:test';
import { createDeadlines } from '../../../src/base/deadlines';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('each deadline is told once, in order, and only those that were not called off', async () => {
	const deadlines = createDeadlines(40);
	const told: string[] = [];
	const add = (name: string) => deadlines.add(() => told.push(name));
	const first = add('first');
	add('second');
	const third = add('third');
	first();
	third();
	await wait(5);
	add('later');
	await wait(80);
	assert.deepEqual(told, ['second', 'later']);
	third();
	await wait(60);
	assert.deepEqual(told, ['second', 'later']);
});

test('a deadline is never early, though an earlier one was called off', async () => {
	const deadlines = createDeadlines(50);
	const off = deadlines.add(() => assert.fail('it was called off'));
	await wait(30);
	const began = performance.now();
	const late = new Promise<number>((resolve) => void deadlines.add(() => resolve(performance.now() - began)));
	off();
	assert.ok((await late) >= 49);
});

test('many at once are forgotten as they are called off', async () => {
	const deadlines = createDeadlines(30);
	let told = 0;
	const offs = Array.from({ length: 10_000 }, () => deadlines.add(() => told++));
	for (const [at, off] of offs.entries()) if (at % 1000 !== 999) off();
	await wait(80);
	assert.equal(told, 10);
});

test('a deadline that adds another one', async () => {
	const deadlines = createDeadlines(10);
	const told = await new Promise((resolve) => {
		deadlines.add(() => deadlines.add(() => resolve('second')));
	});
	assert.equal(told, 'second');
});
