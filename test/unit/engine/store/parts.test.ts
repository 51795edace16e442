import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { FailureError } from '../../../../src/base/failure';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { atEnd, type LogFilter, type Settlement } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { type RecordMeta, records } from '../../../support/records';

/** Properties as bytes: the length of the key, the key, and another property. */
const packed = {
	...(records as ProtocolDescription),
	actions: [],
	parts: (_flags: number, meta: Buffer | undefined) =>
		meta && meta.length > 0 ? [{ id: 'key', label: 'Key', bytes: meta.subarray(1, 1 + (meta[0] as number)) }] : [],
};
const pack = (key: string | Uint8Array, other = ''): Buffer => {
	const bytes = Buffer.from(key as string);
	return Buffer.concat([Uint8Array.of(bytes.length), bytes, Buffer.from(other)]);
};

type Given = [payload: string, key?: string | Uint8Array, other?: string];

function filled(given: readonly Given[], asBytes: boolean): Store {
	const store = createStore((asBytes ? packed : records) as ProtocolDescription, defaultLimits);
	for (const [payload, key, other] of given) {
		const meta: RecordMeta | Buffer | undefined =
			key === undefined ? undefined : asBytes ? pack(key, other) : { key: Buffer.from(key as string) };
		store.append('t', Buffer.from(payload), 0, meta);
	}
	return store;
}

async function found(store: Store, filter: LogFilter): Promise<number[]> {
	let page = store.reader.view('v', filter);
	while (page.searched < 1) {
		await setImmediate();
		page = store.reader.page('v', page.low, 0);
	}
	return store.reader.page('v', atEnd, 500).rows.map(({ seq }) => seq);
}

for (const asBytes of [true, false]) {
	const form = asBytes ? 'bytes' : 'objects';
	const store = filled(
		[
			['{"n":1}', 'customer-42', 'region=north'],
			['Customer in the payload', 'other', 'north'],
			['no key at all'],
			['x', Uint8Array.of(0xff, 0xad)],
			['y', ''],
		],
		asBytes,
	);

	test(`a text filter looks into keys (properties as ${form})`, async () => {
		const cases: [LogFilter, number[]][] = [
			[{ text: 'customer' }, [0, 1]],
			[{ text: 'customer', matchCase: true }, [0]],
			[{ text: 'customer-42' }, [0]],
			// Neither across the end of a part, nor in other properties.
			[{ text: '42region' }, []],
			[{ text: 'north' }, []],
			[{ text: '^customer-\\d+$', regex: true }, [0]],
			[{ text: 'KEY', regex: true }, [2]],
			[{ text: 'other', find: { text: 'payload' } }, [1]],
		];
		for (const [filter, seqs] of cases) assert.deepEqual(await found(store, filter), seqs, JSON.stringify(filter));
	});

	test(`a row has the part of its column, and its matches are marked (properties as ${form})`, async () => {
		await found(store, { find: { text: 'customer' } });
		const { rows } = store.reader.page('v', store.reader.position('v', 0), 10, 'v');
		assert.deepEqual(rows[0]?.part, { preview: 'customer-42', binary: false, size: 11 });
		assert.deepEqual(rows[0]?.marks, { target: [], preview: [], part: [0, 8] });
		const parts = [1, 2, 3, 4].map((seq) => {
			const { part } = store.reader.detail(seq).row;
			return part && [part.preview, part.size];
		});
		assert.deepEqual(parts, [['other', 5], undefined, ['ff ad', 2], ['', 0]]);
	});
}

test('filtering many messages by their keys finds each of them, in both directions', async () => {
	const store = createStore(packed as ProtocolDescription, defaultLimits);
	const expected: number[] = [];
	for (let seq = 0; seq < 20_000; seq++) {
		const isHit = seq % 777 === 5;
		if (isHit) expected.push(seq);
		store.append(
			't',
			Buffer.from(`payload ${seq}`),
			0,
			pack(isHit ? 'wanted' : `key-${seq}`, seq % 3 === 0 ? 'wanted' : ''),
		);
	}
	assert.deepEqual(await found(store, { text: 'wanted' }), expected);
	let page = store.reader.view('near', { text: 'wanted' }, 10_000);
	while (page.searched < 1) {
		await setImmediate();
		page = store.reader.page('near', page.low, 0);
	}
	assert.equal(page.high - page.low, expected.length);
});

test('a detail lists the parts with their decodings, and each is read by its id', () => {
	const store = createStore(records as ProtocolDescription, defaultLimits);
	const key = Buffer.from('{"id":1}');
	const attached = [gzipSync('packed text'), Uint8Array.of(0xff)];
	store.append('t', Buffer.from('x'), 0, { key, attached });
	store.append('t', Buffer.from('y'), 0, { key: Buffer.from('{"id":2}') });
	store.append('t', Buffer.from('z'), 0);
	const { detail, decode, payload, diff } = store.reader;
	assert.deepEqual(detail(0).parts, [
		{ id: 'key', label: 'Key', size: 8, decodings: ['json', 'text', 'hex', 'base64'] },
		{
			...{ id: 'attached-0', label: 'Attachment 1', size: attached[0]?.length },
			...{ decodings: ['text', 'unpacked', 'hex', 'base64'], coding: 'gzip' },
		},
		{ id: 'attached-1', label: 'Attachment 2', size: 1, decodings: ['hex', 'base64'] },
	]);
	assert.equal(detail(2).parts, undefined);
	assert.equal(decode(0, 'json', 100, undefined, 'key').text, '{\n  "id": 1\n}');
	assert.equal(decode(0, 'text', 100, undefined, 'attached-0').text, 'packed text');
	assert.deepEqual([...payload(0, 'attached-1')], [0xff]);
	assert.ok(diff(1, 0, 'json', undefined, 'key').lines.some(({ kind }) => kind === 'added'));
	assert.deepEqual(
		diff(2, 1, 'text', undefined, 'key').lines.map(({ kind, text }) => [kind, text]),
		[
			['removed', '{"id":2}'],
			['added', ''],
		],
	);
	for (const read of [() => payload(0, 'nope'), () => decode(2, 'text', 9, undefined, 'key')])
		assert.throws(read, (error) => error instanceof FailureError && error.failure.code === 'no-part');
});

test('a message with very many parts lists the first ones and says how many there are more', () => {
	const store = createStore(records as ProtocolDescription, defaultLimits);
	store.append('t', Buffer.from('x'), 0, { attached: Array.from({ length: 250 }, () => Uint8Array.of(1)) });
	const { parts, unlistedParts } = store.reader.detail(0);
	assert.deepEqual([parts?.length, unlistedParts], [100, 150]);
});

test('settlements are kept with their rows, decide which actions are offered, and end with the link', () => {
	const store = createStore(records as ProtocolDescription, { ...defaultLimits, logMessages: 1000 });
	const waiting: Settlement = { open: true, text: 'waiting for an outcome', atEnd: 'released' };
	for (let at = 0; at < 4; at++) store.append('t', Buffer.from('x'), 0);
	store.settle(0, waiting);
	store.settle(1, waiting);
	store.settle(2, { open: true, text: 'waiting' });
	store.settle(1, { open: false, text: 'accepted' });
	store.settle(99, waiting);
	const states = () => [0, 1, 2, 3].map((seq) => store.reader.detail(seq).row.settlement);
	const offered = () => store.reader.fitting([0, 1, 2, 3]);
	assert.deepEqual(states(), [waiting, { open: false, text: 'accepted' }, { open: true, text: 'waiting' }, undefined]);
	assert.deepEqual(offered(), [
		['accept', [0, 2]],
		['copy', [0, 1, 2, 3]],
	]);
	store.endSettlements();
	assert.deepEqual(
		states().map((one) => one?.text),
		['released', 'accepted', 'not settled', undefined],
	);
	assert.deepEqual(offered(), [['copy', [0, 1, 2, 3]]]);
	const before = store.keptBytes;
	store.append('t', Buffer.from('x'), 0);
	store.settle(4, waiting);
	assert.ok(store.keptBytes > before + 1, 'it counts towards the memory of the log');
	for (let at = 0; at < 2000; at++) {
		store.settle(store.append('t', Buffer.from('x'), 0), waiting);
	}
	assert.ok(store.keptBytes < 1_000 * 200, 'and is evicted with its row');
});
