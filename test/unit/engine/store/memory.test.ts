import assert from 'node:assert/strict';
import test from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';
import { createStore } from '../../../../src/engine/store/store';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;
const limits = { ...defaultLimits, logBytes: 1024 * 1024 };
const count = 300_000;
const mega = 1024 * 1024;

/** Bytes in use after collecting garbage, buffers outside of the heap included. */
function used(): number {
	collect();
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** Of 300,000 topics: their names, and what they may take up. Measured: 22, 22 and 43 MB. */
for (const [title, nameOf, most] of [
	['one level', (at: number) => `t${at}`, 28],
	['two levels', (at: number) => `a/${at}`, 28],
	['two levels of their own', (at: number) => `d${at}/t`, 52],
] as const)
	test(`300,000 topics of ${title} with a log of 1 MiB take at most ${most} MB`, () => {
		const before = used();
		const store = createStore(mqtt, limits);
		for (let at = 0; at < count; at++)
			store.append(Buffer.from(nameOf(at)).toString('latin1'), Buffer.from(`v${at % 100}`), 0);
		store.reader.tree({ expanded: [], offset: 0, count: 50 });
		const taken = (used() - before) / mega;
		assert.equal(store.topics, limits.topics);
		assert.equal(store.unlisted, count - limits.topics);
		assert.ok(taken < most, `${taken.toFixed(1)} MB`);
	});

test('messages of a few bytes count with their rows, and copies of the latest ones with what they take up', () => {
	const store = createStore(mqtt, limits);
	const before = used();
	for (let at = 0; at < count; at++) store.append('one/topic', Buffer.from('v'), 0);
	assert.ok(store.kept < limits.logBytes / 22, `${store.kept} rows`);
	assert.equal(store.kept + store.evicted, count);
	store.clear();
	// Each of these is the latest of its topic, and the log forgets most of them.
	for (let at = 0; at < 100_000; at++) store.append(`t/${at}`, Buffer.from('v'), 0);
	const copies = store.keptBytes - store.kept;
	assert.ok(copies > limits.logBytes / 16 && copies <= limits.logBytes / 8, `${copies} bytes`);
	assert.equal(store.reader.locate('t/99999').length, 2);
	const row = store.reader.tree({ expanded: [], offset: 0, count: 2, filter: { kind: 'text', value: 't/7' } }).rows[1];
	assert.deepEqual([row?.path, row?.preview], ['t/7', undefined], 'the first ones are forgotten');
	assert.ok(used() - before < 28 * mega);
});
