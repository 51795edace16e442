import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import type { TreeQuery } from '../../../../src/model/contracts/topic';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { retainedFlag } from '../../../../src/protocols/mqtt/describe/flags';

const filled = (topics: readonly string[], limit = defaultLimits.topics): Store => {
	const store = createStore(mqtt, { ...defaultLimits, topics: limit });
	for (const topic of topics) store.append(topic, Buffer.from(topic), 0);
	return store;
};

/** The rows as text: two blanks a level, + for a closed and - for an open one. */
function draw(store: Store, query: Partial<TreeQuery> & { open?: string[] }): string[] {
	const expanded = (query.open ?? []).map((path) => store.reader.locate(path).at(-1) as number);
	return store.reader
		.tree({ expanded, offset: 0, count: 500, ...query })
		.rows.map((row) => `${'  '.repeat(row.depth)}${row.expandable ? (row.expanded ? '-' : '+') : ' '}${row.name}`);
}

const garden = ['b', 'a/x', 'a/y/1', 'a/y/2', 'c/z', 'a/y'];

test('rows for what is expanded', () => {
	const store = filled(garden);
	const cases: [string[], string[]][] = [
		[[], ['+a', ' b', '+c']],
		[['a'], ['-a', '   x', '  +y', ' b', '+c']],
		[
			['a', 'a/y'],
			['-a', '   x', '  -y', '     1', '     2', ' b', '+c'],
		],
		// Open, but under a closed one; and without children.
		[
			['a/y', 'b'],
			['+a', ' b', '+c'],
		],
		[
			['c', 'a'],
			['-a', '   x', '  +y', ' b', '-c', '   z'],
		],
	];
	for (const [open, expected] of cases) {
		assert.deepEqual(draw(store, { open }), expected);
		// Every window of the list is a part of the whole list.
		for (let offset = 0; offset <= expected.length + 1; offset++)
			for (const count of [0, 1, 2, 5])
				assert.deepEqual(draw(store, { open, offset, count }), expected.slice(offset, offset + count));
		const expanded = open.map((path) => store.reader.locate(path).at(-1) as number);
		assert.equal(store.reader.tree({ expanded, offset: 0, count: 0 }).total, expected.length);
	}
});

test('counts on and below', () => {
	const store = filled([...garden, 'a/y', 'a/y/1']);
	const a = store.reader.locate('a');
	const rows = store.reader.tree({ expanded: a, offset: 0, count: 3 }).rows;
	assert.deepEqual(
		rows.map(({ path, messages, total, below, seq, preview }) => ({ path, messages, total, below, seq, preview })),
		[
			{ path: 'a', messages: 0, total: 6, below: 4, seq: undefined, preview: undefined },
			{ path: 'a/x', messages: 1, total: 1, below: 0, seq: 1, preview: 'a/x' },
			{ path: 'a/y', messages: 2, total: 5, below: 2, seq: 6, preview: 'a/y' },
		],
	);
	assert.equal(store.topics, 6);
});

test('empty levels, odd names and names of objects', () => {
	const topics = ['/', '//', '/a', 'a/', 'a//b', '__proto__/constructor', '\u{1f600}/ü', '<b>x</b>'];
	const store = filled(topics);
	assert.equal(store.topics, topics.length);
	for (const topic of topics) {
		const way = store.reader.locate(topic);
		assert.equal(way.length, topic.split('/').length, topic);
		const [node] = store.reader
			.tree({ expanded: way.slice(0, -1), offset: 0, count: 500 })
			.rows.filter((row) => row.path === topic);
		assert.equal(node?.name, topic.split('/').at(-1));
		assert.equal(node?.messages, 1);
		assert.equal(node?.preview, topic);
	}
	assert.deepEqual(store.reader.locate('nowhere'), []);
});

test('filters show the way and open it', () => {
	const store = filled(garden);
	const cases: [TreeQuery['filter'], string[]][] = [
		[{ kind: 'text', value: 'Y' }, ['-a', '  -y', '     1', '     2']],
		[{ kind: 'text', value: 'z' }, ['-c', '   z']],
		[{ kind: 'text', value: 'nothing' }, []],
		[{ kind: 'pattern', value: '+/x' }, ['-a', '   x']],
		[{ kind: 'pattern', value: 'a/y' }, ['-a', '  -y']],
		[{ kind: 'pattern', value: '#' }, draw(store, { open: ['a', 'a/y', 'c'] })],
	];
	for (const [filter, expected] of cases) assert.deepEqual(draw(store, { filter }), expected, JSON.stringify(filter));
	const filter = { kind: 'text', value: 'y' } as const;
	assert.equal(draw(store, { filter }).length, 4);
	store.append('new/Y', Buffer.from(''), 0);
	assert.equal(draw(store, { filter }).length, 6);
	// A mere level becomes a topic.
	store.append('new', Buffer.from(''), 0);
	assert.equal(draw(store, { filter }).length, 6);
	assert.deepEqual(draw(store, { filter: { kind: 'pattern', value: 'new' } }), ['-new']);
	assert.throws(
		() => draw(store, { filter: { kind: 'pattern', value: 'a/#/b' } }),
		(error) => error instanceof FailureError && error.failure.code === 'bad-filter',
	);
});

test('children in pages, in order of name, while new ones come', () => {
	const store = filled(['t/m', 't/c', 't/x']);
	const [parent] = store.reader.locate('t');
	const names = (offset: number, count: number) =>
		store.reader.children({ parent, offset, count }).rows.map((row) => row.name);
	assert.deepEqual(names(0, 10), ['c', 'm', 'x']);
	for (const name of ['a', 'n', 'z', 'm/below']) store.append(`t/${name}`, Buffer.from(''), 0);
	assert.deepEqual(names(0, 10), ['a', 'c', 'm', 'n', 'x', 'z']);
	assert.deepEqual(names(2, 2), ['m', 'n']);
	assert.deepEqual(names(-5, 1), ['a']);
	assert.deepEqual(names(6, 2), []);
	assert.equal(store.reader.children({ offset: 0, count: 0 }).total, 1);
});

test('siblings stand as the explorer sorts names, whenever they come', () => {
	const sorted = ['_a', '$SYS', '1', '2', '10', 'a', 'B', 'c1', 'c2', 'C10', 'c_1'];
	const expected = ['_a', '$SYS', '1', '2', '10', 'a', 'B', 'c_1', 'c1', 'c2', 'C10'];
	const store = filled(sorted.slice(0, 5).reverse());
	const names = () => store.reader.children({ offset: 0, count: 100 }).rows.map((row) => row.name);
	assert.deepEqual(names(), expected.slice(0, 5));
	for (const name of sorted.slice(5).reverse()) store.append(name, Buffer.from(''), 0);
	assert.deepEqual(names(), expected);
	assert.deepEqual(store.reader.complete('c', 9), ['c_1', 'c1', 'c2']);
});

test('completion', () => {
	const store = filled(['a/b', 'a/b/c', 'a/bc', 'ab', 'abc/x', 'b', '/a']);
	const cases: [string, string[]][] = [
		['', ['/a', 'a/b', 'a/b/c', 'a/bc', 'ab', 'abc/x', 'b']],
		['a', ['a/b', 'a/b/c', 'a/bc', 'ab', 'abc/x']],
		['a/', ['a/b', 'a/b/c', 'a/bc']],
		['a/b', ['a/b', 'a/b/c', 'a/bc']],
		['a/b/', ['a/b/c']],
		['a/bd', []],
		['abc', ['abc/x']],
		['x/y', []],
		['/', ['/a']],
	];
	for (const [start, expected] of cases) assert.deepEqual(store.reader.complete(start, 10), expected, start);
	assert.deepEqual(store.reader.complete('', 2), ['/a', 'a/b']);
	assert.deepEqual(store.reader.complete('', 0), []);
});

test('what is retained, as far as it was seen', () => {
	const store = createStore(mqtt, defaultLimits);
	const put = (topic: string, payload: string, flags: number) => store.append(topic, Buffer.from(payload), flags);
	const retained = (path: string) => store.reader.marked(path, retainedFlag);
	put('a/x', 'v', retainedFlag);
	put('a/y', 'v', retainedFlag);
	put('a', 'v', retainedFlag);
	put('b', 'v', 0);
	put('ab', 'v', retainedFlag);
	assert.deepEqual(retained('a'), ['a', 'a/x', 'a/y']);
	assert.deepEqual(retained('b'), []);
	assert.deepEqual(retained('nowhere'), []);
	// A later message that is not retained says nothing about the retained one.
	put('a/x', 'live', 0);
	assert.deepEqual(retained('a/x'), ['a/x']);
	put('a/x', '', retainedFlag);
	put('a/y', '', retainedFlag | flag.out);
	put('b', 'mine', retainedFlag | flag.out);
	assert.deepEqual(retained('a'), ['a']);
	assert.deepEqual(retained('b'), ['b']);
	assert.deepEqual(store.reader.marked('a', 0), []);
});

test('a full tree: the rest is logged with its target, and counted', () => {
	const store = filled(['a/1', 'a/2', 'a/3', 'b', 'a', 'a/1'], 2);
	assert.deepEqual([store.topics, store.unlisted, store.kept], [2, 3, 6]);
	assert.deepEqual(
		store.reader.view('all', {}).rows.map((row) => `${row.target}=${row.preview}`),
		['a/1=a/1', 'a/2=a/2', 'a/3=a/3', 'b=b', 'a=a', 'a/1=a/1'],
	);
	assert.deepEqual(
		store.reader.view('one', { target: { kind: 'exact', value: 'b' } }).rows.map((row) => row.seq),
		[3],
	);
	assert.equal(store.reader.detail(5).previous, 0);
});

test('names are bounded by their length too', () => {
	const store = createStore(mqtt, { ...defaultLimits, topics: 1000 });
	for (let at = 0; at < 100; at++) store.append(`${'x'.repeat(60_000)}${at}`, Buffer.from(''), 0);
	assert.ok(store.topics < 20 && store.topics + store.unlisted === 100, `${store.topics}`);
	assert.equal(store.reader.view('all', {}).rows.at(-1)?.target.length, 60_002);
});

test('a topic of nothing but separators, and 100,000 siblings', () => {
	const store = createStore(mqtt, defaultLimits);
	const deep = '/'.repeat(65_535);
	store.append(deep, Buffer.from('deep'), 0);
	assert.equal(store.reader.view('all', {}).rows[0]?.target, deep);
	const way = store.reader.locate(deep);
	assert.ok(way.length <= 64);
	const rows = store.reader.tree({ expanded: way, offset: 0, count: 500 }).rows;
	assert.equal(rows.length, way.length);
	assert.equal(rows.at(-1)?.path, deep);
	assert.deepEqual(store.reader.complete(deep, 5), [deep]);
	assert.deepEqual(draw(store, { filter: { kind: 'text', value: '///' } }).length, way.length);

	for (let at = 0; at < 100_000; at++) store.append(`s/${at}`, Buffer.from(''), 0);
	const [siblings] = store.reader.locate('s');
	const page = store.reader.tree({ expanded: [siblings as number], offset: 50_000, count: 50 });
	assert.equal(page.total, 100_002);
	assert.equal(page.rows.length, 50);
	const names = page.rows.map((row) => row.name);
	assert.deepEqual(
		names,
		names.map((_, at) => String(Number(names[0]) + at)),
	);
});

test('a protocol without a separator has a flat tree', () => {
	const store = createStore({ ...mqtt, separator: undefined }, defaultLimits);
	for (const target of ['a/b', 'a', '/']) store.append(target, Buffer.from(''), 0);
	assert.deepEqual(draw(store, {}), [' /', ' a', ' a/b']);
	assert.deepEqual(store.reader.complete('a', 9), ['a', 'a/b']);
});
