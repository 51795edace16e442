import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FailureError } from '../../../../src/base/failure';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { atEnd, flag, type LogFilter, type Page } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

interface Given {
	target: string;
	payload: string;
	flags?: number;
}

function filled(given: readonly Given[], limits = {}): Store {
	const store = createStore(mqtt, { ...defaultLimits, ...limits });
	for (const { target, payload, flags } of given) store.append(target, Buffer.from(payload), flags ?? 0);
	return store;
}

/** The view when all has been searched, and all its rows. */
async function whole(store: Store, filter: LogFilter): Promise<Page> {
	let page = store.reader.view('v', filter);
	while (page.searched < 1) {
		await setImmediate();
		page = store.reader.page('v', page.low, 0);
	}
	const rows = [];
	for (let from = page.low; from < page.high; from += 500) rows.push(...store.reader.page('v', from, 500).rows);
	return { ...page, rows };
}

const seqs = async (store: Store, filter: LogFilter): Promise<number[]> =>
	(await whole(store, filter)).rows.map((row) => row.seq);

const talk: Given[] = [
	{ target: 'home/kitchen/temp', payload: '{"Temp": 21}' },
	{ target: 'home/kitchen/light', payload: 'ON', flags: flag.out },
	{ target: '', payload: 'Connected to temp broker', flags: flag.note },
	{ target: 'home/hall/temp', payload: 'temperature' },
	{ target: 'home', payload: 'HOME sweet home' },
	{ target: 'home/kitchen', payload: '' },
	{ target: 'other/TEMP', payload: '\u00c4pfel', flags: flag.out },
	{ target: '', payload: 'lost', flags: flag.note | flag.bad },
];

test('what each filter shows', async () => {
	const store = filled(talk);
	const cases: [LogFilter, number[]][] = [
		[{}, [0, 1, 2, 3, 4, 5, 6, 7]],
		[{ text: '' }, [0, 1, 2, 3, 4, 5, 6, 7]],
		[{ text: 'temp' }, [0, 2, 3, 6]],
		[{ text: 'TeMp', matchCase: true }, []],
		[{ text: 'Temp', matchCase: true }, [0]],
		[{ text: 'TEMP', matchCase: true }, [6]],
		[{ text: 'temp', directions: ['in'] }, [0, 3]],
		// Across the end of a payload or of a target nothing is found.
		[{ text: 'ONCon' }, []],
		[{ text: 'temperatureH' }, []],
		[{ text: 'lost' }, [7]],
		// Letters beyond ASCII fit exactly only.
		[{ text: '\u00c4PFEL' }, [6]],
		[{ text: '\u00e4pfel' }, []],
		[{ text: '"' }, [0]],
		[{ text: 'x'.repeat(1000) }, []],
		[{ directions: ['out'] }, [1, 6]],
		[{ directions: ['note'] }, [2, 7]],
		[{ directions: ['in', 'note'] }, [0, 2, 3, 4, 5, 7]],
		[{ directions: [] }, []],
		[{ target: { kind: 'exact', value: 'home' } }, [4]],
		[{ target: { kind: 'exact', value: '' } }, [2, 7]],
		[{ target: { kind: 'below', value: 'home/kitchen' } }, [0, 1, 5]],
		[{ target: { kind: 'below', value: 'hom' } }, []],
		[{ target: { kind: 'pattern', value: 'home/+/temp' } }, [0, 3]],
		[{ target: { kind: 'pattern', value: 'home/#' } }, [0, 1, 3, 4, 5]],
		[{ target: { kind: 'text', value: 'TEMP' } }, [0, 3, 6]],
		[{ target: { kind: 'text', value: 'temp' }, directions: ['out'], text: 'pfel' }, [6]],
	];
	for (const [filter, expected] of cases) assert.deepEqual(await seqs(store, filter), expected, JSON.stringify(filter));
});

test('a search finds what a plain loop over the messages finds', async () => {
	let state = 1;
	const random = (below: number): number => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
	// Few letters, so that needles are cut by the ends of payloads, repeat themselves and nearly fit.
	const word = (letters: string, most: number) =>
		Array.from({ length: random(most) }, () => letters[random(letters.length)]).join('');
	for (const letters of ['ab', 'aAbB', 'aAbBcCdD.,-_xyz', 'a\u00e4\u{1f600}']) {
		const given = Array.from({ length: 20_000 }, () => ({
			target: `${random(4) ? 't' : 'ab'}/${random(9)}`,
			payload: word([...letters].join(''), 40),
			flags: random(3) === 0 ? flag.out : 0,
		}));
		const store = filled(given);
		for (const text of ['a', 'B', 'ab', 'aab', 'bbbb', 'ababab', 'aBaB', 'd.x', '\u00e4a', 'T/3', 'zz-zz', 'xaaaaaaax'])
			for (const matchCase of [true, false]) {
				const fold = (from: string) => (matchCase ? from : from.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
				const expected = given.flatMap(({ payload, target }, seq) => {
					const clean = Buffer.from(payload).toString();
					return fold(clean).includes(fold(text)) || fold(target).includes(fold(text)) ? [seq] : [];
				});
				assert.deepEqual(await seqs(store, { text, matchCase }), expected, `${letters} ${text} ${matchCase}`);
			}
	}
});

test('positions stay while older matches are found and newer ones arrive', async () => {
	const count = 300_000;
	const store = createStore(mqtt, { ...defaultLimits, logMessages: count });
	const put = (at: number) => store.append(`t/${at % 10}`, Buffer.from(`message ${at} ${'x'.repeat(60)}`), 0);
	for (let at = 0; at < count; at++) put(at);
	const seen = new Map<number, number>();
	let page = store.reader.view('v', { target: { kind: 'exact', value: 't/3' }, text: 'message' });
	let next = count;
	for (let round = 0; round < 60 || page.searched < 1; round++) {
		assert.ok(page.low <= page.high);
		for (const [at, row] of page.rows.entries()) {
			const position = page.from + at;
			assert.equal(seen.get(position) ?? row.seq, row.seq, `position ${position}`);
			assert.equal(row.target, 't/3');
			seen.set(position, row.seq);
		}
		await setImmediate();
		for (let at = 0; at < 3000; at++) put(next++);
		page = store.reader.page('v', [page.low, page.high - 20, (page.low + page.high) >> 1][round % 3] as number, 50);
	}
	assert.ok(store.evicted > 0);
	const final = await whole(store, { target: { kind: 'exact', value: 't/3' }, text: 'message' });
	assert.equal(final.high - final.low, final.rows.length);
	assert.equal(page.high - page.low, final.rows.length);
	const order = [...seen].sort(([a], [b]) => a - b).map(([, seq]) => seq);
	assert.deepEqual(
		order,
		[...order].sort((a, b) => a - b),
	);
});

test('a view outlives all that was in it when it was made', async () => {
	const store = createStore(mqtt, { ...defaultLimits, logMessages: 1600 });
	store.reader.view('v', { text: 'odd' });
	for (let seq = 0; seq < 50_000; seq++) {
		store.append('t', Buffer.from(seq % 2 ? 'odd' : 'even'), 0);
		if (seq % 700 !== 699) continue;
		// A slice of the search is bounded by time: a slow machine needs several.
		let answer = store.reader.page('v', seq, 0);
		while (answer.searched < 1) answer = store.reader.page('v', seq, 0);
		const { low, high, searched, rows } = answer;
		assert.deepEqual([high, searched, rows.length], [(seq + 1) / 2, 1, 0]);
		assert.equal(low, Math.floor(store.evicted / 2));
		for (const [at, row] of store.reader.page('v', low, 500).rows.entries()) assert.equal(row.seq, (low + at) * 2 + 1);
	}
});

test('the first page comes before all has been searched, and messages are received meanwhile', async (context) => {
	// A slow machine: every look at the clock takes 5 ms.
	let clock = 0;
	context.mock.method(performance, 'now', () => {
		clock += 5;
		return clock;
	});
	const store = createStore(mqtt, defaultLimits);
	for (let at = 0; at < 200_000; at++) store.append(`t/${at % 100}`, Buffer.from(`common word ${at}`), 0);
	const page = store.reader.view('v', { text: 'WORD' });
	assert.equal(page.rows.at(-1)?.seq, 199_999);
	assert.ok(page.rows.length === 100 && page.searched < 0.1, `${page.searched} searched`);
	let turns = 0;
	let last = page;
	while (last.searched < 1) {
		await setImmediate();
		turns++;
		store.append('t/1', Buffer.from('common word'), 0);
		last = store.reader.page('v', last.high, 1);
	}
	assert.ok(turns > 5, `${turns} turns of the loop`);
	assert.equal(last.high - last.low, 200_000 + turns);
});

test('pages are clamped', () => {
	const store = filled(Array.from({ length: 2000 }, (_, at) => ({ target: 't', payload: `${at}` })));
	store.reader.view('v', {});
	const cases: [number, number, number, number][] = [
		[0, 50, 0, 50],
		[0, 5000, 0, 500],
		[-100, 10, 0, 10],
		[1995, 10, 1995, 5],
		[99_999, 10, 2000, 0],
		[atEnd, 10, 1990, 10],
		[atEnd, 5000, 1500, 500],
		[atEnd, -1, 2000, 0],
		[5, -1, 5, 0],
	];
	for (const [from, count, start, rows] of cases) {
		const page = store.reader.page('v', from, count);
		assert.deepEqual([page.from, page.rows.length], [start, rows], `${from} ${count}`);
	}
});

test('unknown views and wrong filters are refused, and a wrong filter leaves the old view', () => {
	const store = filled(talk);
	const code = (code: string) => (error: unknown) => error instanceof FailureError && error.failure.code === code;
	assert.throws(() => store.reader.page('v', 0, 10), code('no-view'));
	store.reader.view('v', { text: 'lost' });
	const wrong: LogFilter[] = [
		{ target: { kind: 'pattern', value: 'a/#/b' } },
		{ target: { kind: 'sideways' as 'text', value: 'a' } },
	];
	for (const filter of wrong) assert.throws(() => store.reader.view('v', filter), code('bad-filter'));
	assert.equal(store.reader.page('v', 0, 0).searched, 1);
	assert.throws(
		() => createStore({ ...mqtt, pattern: undefined }, defaultLimits).reader.view('v', wrong[0] as LogFilter),
		code('bad-filter'),
	);
	for (let at = 0; at < 100; at++) store.reader.view(`view ${at}`, {});
	assert.throws(() => store.reader.page('v', 0, 10), code('no-view'));
});

test('views start anew after clearing', async () => {
	const store = filled(talk);
	await whole(store, { text: 'temp' });
	store.clear();
	assert.equal(store.reader.page('v', -10, 50).rows.length, 0);
	store.append('first/again', Buffer.from('temp'), 0);
	store.append('home/kitchen/temp', Buffer.from('x'), 0);
	assert.deepEqual(
		store.reader.page('v', -10, 50).rows.map((row) => row.target),
		['first/again', 'home/kitchen/temp'],
	);
});
