import assert from 'node:assert/strict';
import test from 'node:test';
import { encode as toCbor } from 'cbor2';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { flag, type SeriesQuery } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

type Given = [target: string, payload: string | Uint8Array, flags?: number];

function add(store: Store, given: readonly Given[]): void {
	for (const [target, payload, flags = 0] of given) store.append(target, Buffer.from(payload as string), flags);
}

function filled(given: readonly Given[]): Store {
	let now = 1000;
	const store = createStore(mqtt, defaultLimits, () => now++);
	add(store, given);
	return store;
}

const read = (store: Store, query: Partial<SeriesQuery>) =>
	store.reader.series({ target: 't', way: 'in', path: 'v', most: 100, ...query });

test('a series holds the latest numbers of a target and direction, oldest first', () => {
	const store = filled([
		['t', '{"v":1,"w":[10]}'],
		['t', '{"v":"two"}'],
		['other', '{"v":99}'],
		['t', 'not json'],
		['t', '{"v":4,"w":[40]}'],
		['t', '{"v":5}', flag.out],
		['t', '{"v":6}'],
	]);
	const { seqs, times, values, continues } = read(store, {});
	assert.deepEqual([seqs, values, continues], [[0, 4, 6], [1, 4, 6], false]);
	assert.deepEqual(
		times,
		seqs.map((seq) => store.reader.detail(seq).row.time),
	);
	const cases: [query: Partial<SeriesQuery>, values: number[]][] = [
		[{ most: 2 }, [4, 6]],
		[{ most: 0 }, []],
		[{ path: 'w[0]' }, [10, 40]],
		[{ path: 'nothing' }, []],
		[{ way: 'out' }, [5]],
		[{ target: 'other' }, [99]],
		[{ target: 'unknown' }, []],
		[{ target: '' }, []],
	];
	for (const [query, expected] of cases) assert.deepEqual(read(store, query).values, expected, JSON.stringify(query));
});

test('a series continues where the last answer ended, and starts again when the log was cleared', () => {
	const store = filled([['t', '{"v":1}']]);
	const first = read(store, {});
	assert.deepEqual(read(store, { after: first.end }).values, []);
	add(store, [
		['t', '{"v":2}'],
		['other', '{"v":9}'],
		['t', '{"v":3}'],
	]);
	const second = read(store, { after: first.end });
	assert.deepEqual([second.values, second.seqs, second.continues], [[2, 3], [1, 3], true]);
	store.clear();
	add(store, [['t', '{"v":4}']]);
	const third = read(store, { after: second.end });
	assert.deepEqual([third.values, third.continues], [[4], false]);
	// Another session has a log of its own.
	assert.equal(read(store, { after: { log: third.end.log - 1, seq: 0 } }).continues, false);
});

test('a series that continues draws some of many new messages, evenly, and says so', (t) => {
	// The time for reading does not end on a busy machine.
	t.mock.method(performance, 'now', () => 0);
	const store = filled([['t', '{"v":-1}']]);
	const { end } = read(store, {});
	add(
		store,
		Array.from({ length: 1000 }, (_, at): Given => ['t', `{"v":${at}}`]),
	);
	const { values, cut } = read(store, { after: end, most: 200 });
	assert.equal(values.length, 200);
	assert.deepEqual([values[0], values[1], values.at(-1)], [4, 9, 999]);
	assert.equal(cut, 'only one of 5 messages is drawn, because too many arrive');
	assert.equal(read(store, { after: end, most: 1000 }).cut, undefined);
});

test('a series has the digits of the payload on request', () => {
	const store = filled([
		['t', '{"v":12345678901234567890}'],
		['t', '{"v":1.50}'],
		['t', '{"v":1E+2}'],
	]);
	assert.equal(read(store, {}).digits, undefined);
	assert.deepEqual(read(store, { exact: true }).digits, ['12345678901234567890', '1.50', '1E+2']);
	const binary = filled([['t', toCbor({ v: 2 ** 40 })]]);
	assert.deepEqual(read(binary, { exact: true }).digits, ['1099511627776']);
});

test('a message without numbers does not hide those before it', () => {
	const rest = (count: number) => Array.from({ length: count }, (): Given => ['t', 'offline']);
	assert.deepEqual(read(filled([['t', '{"v":1}'], ...rest(5)]), {}).values, [1]);
});

test('a series says which payloads were too large to be drawn', () => {
	const large = JSON.stringify({ v: 2, more: 'x'.repeat(300_000) });
	const store = filled([
		['t', '{"v":1}'],
		['t', large],
		['t', '{"v":3}'],
	]);
	const { values, cut } = read(store, {});
	assert.deepEqual(values, [1, 3]);
	assert.equal(cut, '1 of more than 256 KB not shown');
});
