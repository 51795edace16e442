import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FailureError } from '../../../../src/base/failure';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { flag, type LogFilter } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

function filled(given: readonly [target: string, payload: string | Uint8Array, flags?: number][]): Store {
	const store = createStore(mqtt, defaultLimits);
	for (const [target, payload, flags] of given) store.append(target, Buffer.from(payload as string), flags ?? 0);
	return store;
}

/** The lines that match when the search has ended. */
async function lines(store: Store, filter: LogFilter): Promise<number[]> {
	let page = store.reader.view('v', filter);
	while (page.searched < 1) {
		assert.equal(page.problem, undefined);
		await setImmediate();
		page = store.reader.page('v', page.low, 0);
	}
	return store.reader.seqs('v', page.low, page.high - page.low).seqs;
}

const talk = filled([
	['home/kitchen/temp', '{"Temp": 21}'],
	['home/kitchen/light', 'ON', flag.out],
	['', 'Connected to temp broker', flag.note],
	['home/hall/temp', 'first\nsecond 42'],
	['other/TEMP', '\u00c4pfel \u{1f600}', flag.out],
	['bytes', Uint8Array.of(0xff, 0x41, 0x42)],
]);

test('which messages a regular expression finds', async () => {
	const cases: [LogFilter, number[]][] = [
		[{ text: '"temp": \\d+' }, [0]],
		[{ text: '"temp": \\d+', matchCase: true }, []],
		[{ text: '^home/.*temp$' }, [0, 3]],
		[{ text: '.*temp.*' }, [0, 2, 3, 4]],
		// Lines have a start and an end of their own.
		[{ text: '^second' }, [3]],
		[{ text: 'first$' }, [3]],
		[{ text: 'first.second' }, []],
		[{ text: '^.{6} .$' }, []],
		[{ text: '^\u00e4pfel .$' }, [4]],
		[{ text: 'AB' }, [5]],
		[{ text: 'temp|on', directions: ['out'] }, [1, 4]],
		[{ text: 'temp', target: { kind: 'below', value: 'home' } }, [0, 3]],
		// Valid only without the flag "u".
		[{ text: '\\-|light' }, [1]],
		[{ text: '' }, [0, 1, 2, 3, 4, 5]],
	];
	for (const [filter, expected] of cases)
		assert.deepEqual(await lines(talk, { ...filter, regex: true }), expected, filter.text);
});

test('what is found within a filter is in both', async () => {
	const cases: [LogFilter, number[]][] = [
		[{ text: 'temp', find: { text: 'kitchen' } }, [0]],
		[{ text: 'home', regex: true, find: { text: 'e.p', regex: true } }, [0, 3]],
		[{ directions: ['out'], find: { text: 'temp' } }, [4]],
		[{ find: { text: 'temp', matchCase: true } }, [0, 2, 3]],
		[{ find: { text: '' } }, [0, 1, 2, 3, 4, 5]],
	];
	for (const [filter, expected] of cases) assert.deepEqual(await lines(talk, filter), expected, JSON.stringify(filter));
});

test('an expression finds in a large log what a plain loop finds', async () => {
	const given = Array.from({ length: 50_000 }, (_, at): [string, string] => [
		`t/${at % 977}`,
		`value ${(at * 7919) % 100_003} ${'x'.repeat(at % 50)}`,
	]);
	const store = filled(given);
	for (const source of ['value 1\\d*7 ', 't/9\\d$', '^value (\\d)\\1\\1'])
		assert.deepEqual(
			await lines(store, { text: source, regex: true }),
			given.flatMap(([target, payload], at) => {
				const expression = new RegExp(source, 'imu');
				return expression.test(target) || expression.test(payload) ? [at] : [];
			}),
			source,
		);
	assert.deepEqual(
		await lines(store, { text: 'value 1', regex: true, find: { text: '7 x{3}$', regex: true } }),
		given.flatMap(([, payload], at) => (/value 1/.test(payload) && /7 x{3}$/.test(payload) ? [at] : [])),
	);
});

test('an expression that backtracks for ever ends its search, not the session', async () => {
	const store = filled(Array.from({ length: 5000 }, (_, at): [string, string] => ['t', `${at} ${'a'.repeat(40)}b`]));
	let page = store.reader.view('v', { text: '(a+)+$', regex: true });
	while (page.problem === undefined) {
		assert.ok(page.searched < 1);
		await setImmediate();
		page = store.reader.page('v', page.high, 0);
	}
	assert.match(page.problem, /takes too long on message 4999/);
	assert.equal(page.high - page.low, 0);
	store.append('t', Buffer.from('aaa'), 0);
	assert.equal(store.reader.page('v', 0, 10).rows.length, 0, 'nothing is tested afterwards');
	// Another search works.
	assert.deepEqual(await lines(store, { text: '^4321 a+b$', regex: true }), [4321]);
});

test('a wrong expression is refused with its reason', () => {
	for (const filter of [{ text: '(', regex: true }, { find: { text: '[b-a]', regex: true } }])
		assert.throws(
			() => talk.reader.view('v', filter),
			(error) =>
				error instanceof FailureError && error.failure.code === 'bad-filter' && /expression/i.test(error.message),
		);
});

test('a page marks what was found in its rows, and only there', async () => {
	const find = (query: LogFilter['find']) => lines(talk, { find: query });
	const marked = () =>
		talk.reader
			.page('all', 0, 10, 'v')
			.rows.flatMap(({ seq, marks }) => (marks ? [[seq, marks.target, marks.preview]] : []));
	talk.reader.view('all', {});
	await find({ text: 'TEMP' });
	assert.deepEqual(marked(), [
		[0, [13, 17], [2, 6]],
		[2, [], [13, 17]],
		[3, [10, 14], []],
		[4, [6, 10], []],
	]);
	await find({ text: '[nm]', regex: true, matchCase: true });
	assert.deepEqual(marked()[0], [0, [2, 3, 11, 12, 15, 16], [4, 5]]);
	await find({ text: 'x*', regex: true });
	assert.deepEqual(marked()[1], [1, [], []], 'an empty match is no mark');
	talk.reader.dropView('v');
	assert.deepEqual(marked(), []);
});
