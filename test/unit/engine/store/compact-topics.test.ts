import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { defaultLimits } from '../../../../src/model/contracts/session';
import type { TreeQuery, TreeRow } from '../../../../src/model/contracts/topic';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

const filled = (topics: readonly string[]): Store => {
	const store = createStore(mqtt, defaultLimits);
	for (const topic of topics) store.append(topic, Buffer.from(topic), 0);
	return store;
};

const text = (row: TreeRow) =>
	`${'  '.repeat(row.depth)}${row.expandable ? (row.expanded ? '-' : '+') : ' '}${[...(row.above ?? []), row]
		.map(({ name }) => name)
		.join('/')}`;

/** The rows as text: two blanks a level, + for a closed and - for an open one. `open`: paths of the expanded nodes. */
function draw(store: Store, open: string[], query: Partial<TreeQuery> = {}): string[] {
	const expanded = open.map((path) => store.reader.locate(path).at(-1) as number);
	return store.reader.tree({ expanded, compact: true, offset: 0, count: 500, ...query }).rows.map(text);
}

const site = [
	'site/line/device-10/state',
	'site/line/device-2/state',
	'site/line/device-2/temp',
	'alone/far/below',
	'x',
];

test('levels without messages share the row of their only child, in every window of the list', () => {
	const cases: [topics: string[], open: string[], rows: string[]][] = [
		[site, [], [' alone/far/below', '+site/line', ' x']],
		[site, ['site/line'], [' alone/far/below', '-site/line', '  +device-2', '   device-10/state', ' x']],
		// A level within a row is not expanded by itself.
		[site, ['site'], [' alone/far/below', '+site/line', ' x']],
		[
			site,
			['site', 'site/line', 'site/line/device-2'],
			[' alone/far/below', '-site/line', '  -device-2', '     state', '     temp', '   device-10/state', ' x'],
		],
		// A level with messages of its own has a row of its own.
		[['a/b/c', 'a/b'], [], ['+a/b']],
		[['a/b/c', 'a/b'], ['a/b'], ['-a/b', '   c']],
		// Empty levels.
		[['/', '//x'], [], ['+/']],
	];
	for (const [topics, open, expected] of cases) {
		const store = filled(topics);
		assert.deepEqual(draw(store, open), expected);
		for (let offset = 0; offset <= expected.length; offset++)
			for (const count of [0, 1, 3])
				assert.deepEqual(draw(store, open, { offset, count }), expected.slice(offset, offset + count));
		assert.equal(store.reader.tree({ expanded: [], compact: true, offset: 0, count: 0 }).total, draw(store, []).length);
	}
});

test('a combined row names each level, so that each can be chosen', () => {
	const store = filled(site);
	const [row] = store.reader.tree({ expanded: [], compact: true, offset: 1, count: 1 }).rows;
	assert.deepEqual(
		[...(row?.above ?? []), row].map((level) => [
			level?.path,
			store.reader.locate(level?.path ?? '').at(-1) === level?.id,
		]),
		[
			['site', true],
			['site/line', true],
		],
	);
});

test('a row is split when a level gets a second child or a message, and stays expanded', () => {
	const store = filled(['a/b/c', 'a/b/d', 'z']);
	const open = ['a', 'a/b'];
	assert.deepEqual(draw(store, open), ['-a/b', '   c', '   d', ' z']);
	store.append('a/e', Buffer.from(''), 0);
	assert.deepEqual(draw(store, open), ['-a', '  -b', '     c', '     d', '   e', ' z']);
});

test('a filter counts the matching topics and combines what it shows', () => {
	const store = filled(site);
	const page = (value: string) =>
		store.reader.tree({ expanded: [], compact: true, offset: 0, count: 500, filter: { kind: 'text', value } });
	const cases: [filter: string, matches: number, rows: string[]][] = [
		['temp', 1, [' site/line/device-2/temp']],
		['state', 2, ['-site/line', '   device-2/state', '   device-10/state']],
		['far', 1, [' alone/far/below']],
		['nothing', 0, []],
	];
	for (const [filter, matches, rows] of cases) {
		assert.deepEqual(page(filter).rows.map(text), rows);
		assert.equal(page(filter).matches, matches);
	}
	assert.equal(store.reader.tree({ expanded: [], offset: 0, count: 1 }).matches, undefined);
	// The level becomes a topic, which does not match.
	assert.deepEqual(page('temp').rows.map(text), [' site/line/device-2/temp']);
	store.append('site/line', Buffer.from(''), 0);
	assert.deepEqual(page('temp').rows.map(text), ['-site/line', '   device-2/temp']);
	store.append('site/line/temp-2', Buffer.from(''), 0);
	assert.deepEqual(page('temp').rows.map(text), ['-site/line', '   device-2/temp', '   temp-2']);
	assert.equal(page('temp').matches, 2);
});

test('children are combined in the same way', () => {
	const store = filled(site);
	const rows = (parent?: string) => {
		const id = parent === undefined ? undefined : store.reader.locate(parent).at(-1);
		return store.reader
			.children({ compact: true, offset: 0, count: 10, ...(id === undefined ? {} : { parent: id }) })
			.rows.map((row) => [...(row.above ?? []), row].map(({ name }) => name).join('/'));
	};
	assert.deepEqual(rows(), ['alone/far/below', 'site/line', 'x']);
	assert.deepEqual(rows('site/line'), ['device-2', 'device-10/state']);
});

test('pinned topics come with their rows, wherever they are', () => {
	const store = filled(site);
	const pinned = ['site/line/device-2/temp', 'not/there', 'site'];
	const page = store.reader.tree({ expanded: [], offset: 0, count: 0, pinned });
	assert.deepEqual(
		page.pinned?.map((row) => row && [row.path, row.preview, row.total]),
		[['site/line/device-2/temp', 'site/line/device-2/temp', 1], null, ['site', undefined, 3]],
	);
});
