import assert from 'node:assert/strict';
import test from 'node:test';
import { encode as toCbor } from 'cbor2';
import { portPair } from '../../../../src/base/port';
import { connect } from '../../../../src/base/rpc';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { type ReadApi, readChecks } from '../../../../src/model/contracts/engine-api';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits, type Status } from '../../../../src/model/contracts/session';
import type { Action } from '../../../../src/protocols/description';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { writeMeta } from '../../../../src/protocols/mqtt/describe/publish-properties';

type Given = [target: string, payload: string | Uint8Array, flags?: number, meta?: object];

function filled(given: readonly Given[], clock?: () => number): Store {
	const store = createStore(mqtt, defaultLimits, clock);
	for (const [target, payload, flags, meta] of given)
		store.append(target, Buffer.from(payload as string), flags ?? 0, meta);
	return store;
}

test('details: properties in words, decodings, numbers', () => {
	const store = filled([
		['a', '{"temp":21.5}', 0x400, writeMeta({ contentType: 'application/json', userProperties: [['site', 'B']] })],
		['a', 'text'],
		['a', toCbor({ temp: 22 })],
	]);
	const detail = store.reader.detail(0);
	assert.deepEqual(detail.decodings, ['json', 'text', 'hex', 'base64']);
	assert.deepEqual(detail.numbers, ['temp']);
	assert.ok(detail.properties.some(({ value }) => value === 'B'));
	assert.equal(detail.previous, undefined);
	assert.deepEqual(store.reader.detail(1).numbers, []);
	assert.deepEqual(store.reader.detail(2).decodings, ['cbor', 'hex', 'base64']);
	assert.deepEqual(store.reader.detail(2).numbers, ['temp']);
});

test('the previous message is one of the same target and direction', () => {
	const store = filled([
		['a', 'sent before the topic was known', flag.out],
		['a', 'received', 0],
		['a', 'sent', flag.out],
		['b', 'another topic'],
		['a', 'received again', 0],
		['', 'note', flag.note],
		['', 'received without a topic'],
		['', 'and again'],
		['', 'another note', flag.note | flag.bad],
		['c', 'out only', flag.out],
		['c', 'out again', flag.out],
	]);
	const previous = Array.from({ length: 11 }, (_, seq) => store.reader.detail(seq).previous);
	assert.deepEqual(previous, [undefined, undefined, 0, undefined, 1, undefined, undefined, 6, 5, undefined, 9]);
});

test('differences are shown in the decoding that is looked at', () => {
	const store = filled([
		['t', '{"a":1,"b":2}'],
		['t', '{"a":1,"b":3}'],
	]);
	const changed = (decoding: 'json' | 'text' | 'hex') =>
		store.reader.diff(1, 0, decoding).lines.map(({ kind, text }) => `${kind} ${text.trim()}`);
	assert.deepEqual(changed('json'), ['same {', 'same "a": 1,', 'removed "b": 2', 'added "b": 3', 'same }']);
	assert.deepEqual(changed('text'), ['removed {"a":1,"b":2}', 'added {"a":1,"b":3}']);
	assert.equal(changed('hex').length, 2);
	assert.equal(store.reader.diff(1, 0, 'json').cut, undefined);
	const large = filled([
		['t', 'a'.repeat(300 * 1024)],
		['t', `${'a'.repeat(300 * 1024)}b`],
	]).reader.diff(1, 0, 'text');
	assert.match(large.cut ?? '', /^Only the first 262144 bytes/);
});

test('every read goes through the port with its checks, also of a hostile log', async () => {
	const store = filled([
		['__proto__', '{"__proto__":{"x":1}}', 0x400],
		['<img src=x onerror=alert(1)>', '\u001b[31m\u202e'],
		['a/'.repeat(30_000), new Uint8Array(100_000).fill(0x9f)],
		['toString', '1'],
	]);
	const [left, right] = portPair();
	const nothing = async () => assert.fail('not asked');
	const api: ReadApi = { ...store.reader, status: () => ({}) as Status, browse: nothing, graph: nothing, ask: nothing };
	connect(left, api, readChecks);
	const { remote } = connect<object, ReadApi>(right, {}, {});
	const page = await remote.view('v', { text: 'o', target: { kind: 'pattern', value: '#' } });
	assert.deepEqual(
		page.rows.map((row) => row.seq),
		[0, 1, 3],
	);
	for (let seq = 0; seq < 4; seq++) {
		const detail = await remote.detail(seq);
		for (const decoding of detail.decodings) {
			const decoded = await remote.decode(seq, decoding, 1000);
			assert.equal(decoded.problem, undefined);
		}
		assert.equal((await remote.payload(seq)).length, detail.row.size);
		for (const path of detail.numbers) {
			const query = { target: detail.row.target, way: 'in' as const, path, most: 10 };
			assert.equal((await remote.series(query)).values.length, 1, path);
		}
		await remote.diff(seq, 0, 'text');
		assert.equal((await remote.locate(detail.row.target)).length > 0, true);
	}
	const { rows } = await remote.tree({ expanded: [], offset: 0, count: 10 });
	assert.deepEqual(
		rows.map((row) => row.name),
		['<img src=x onerror=alert(1)>', '__proto__', 'a', 'toString'],
	);
	assert.equal(rows[0]?.preview, '\u241b[31m\\u{202e}');
	assert.deepEqual(await remote.marked('__proto__', 0x400), ['__proto__']);
	await assert.rejects(remote.detail(4), {
		failure: { code: 'evicted', message: 'This message is no longer in the log.' },
	});
	await assert.rejects(remote.page('nobody', 0, 1), /no longer exists/);
});

test('actions on messages fit those that they say; without a word, every received one that is still there', () => {
	const actions: Action[] = [
		{ id: 'any', label: 'Any', on: { messages: 'many' } },
		{
			id: 'dead',
			label: 'Dead',
			on: { messages: 'one' },
			fits: (_, meta) => (meta as { dead?: boolean })?.dead === true,
		},
		{ id: 'node', label: 'Node', on: { nodes: ['queue'] } },
	];
	const store = createStore({ ...mqtt, actions }, defaultLimits);
	store.append('a', Buffer.from('1'), 0, { dead: true });
	store.append('a', Buffer.from('2'), flag.out);
	store.append('a', Buffer.from('3'), 0);
	assert.deepEqual(store.reader.fitting([2, 1, 0, 99]), [
		['any', [2, 0]],
		['dead', [0]],
	]);
	assert.deepEqual(store.reader.fitting([1]), []);
});

test('an answer tells the way to its request and back, as long as that is known', () => {
	let now = 1000;
	const store = createStore(mqtt, defaultLimits, () => now);
	const request = store.append('a', Buffer.from('?'), flag.out);
	now = 1042;
	const answer = store.append('a', Buffer.from('!'), 0);
	store.answer(answer, request);
	const { row } = store.reader.detail(answer);
	assert.deepEqual([row.answers, row.roundTrip], [request, 42]);
});

test('the next and the newest message of the same target and direction', () => {
	const store = filled([
		['a', '0'],
		['b', '1'],
		['a', '2', flag.out],
		['a', '3'],
		['a', '4'],
	]);
	const ways = [0, 1, 2, 3, 4].map((seq) => {
		const { previous, next, latest } = store.reader.detail(seq);
		return [previous, next, latest];
	});
	assert.deepEqual(ways, [
		[undefined, 3, 4],
		[undefined, undefined, undefined],
		[undefined, undefined, undefined],
		[0, 4, 4],
		[3, undefined, undefined],
	]);
});
