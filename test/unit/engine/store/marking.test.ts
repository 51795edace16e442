import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { createRecordedSession } from '../../../../src/engine/recording/recorded-session';
import { createStore } from '../../../../src/engine/store/store';
import { headLine, recordedLine } from '../../../../src/lines/recording';
import type { Mark } from '../../../../src/model/checks/mark';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { kafka } from '../../../../src/protocols/kafka/describe/describe';
import { storeRecord } from '../../../../src/protocols/kafka/describe/stored-record';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { duplicateFlag } from '../../../../src/protocols/mqtt/describe/flags';

const json = (body: unknown) => Buffer.from(JSON.stringify(body));
const kinds = (marks: readonly Mark[] | undefined) => marks?.map(({ kind }) => kind);

function shop() {
	const store = createStore(mqtt, defaultLimits);
	store.setChecks([{ target: 'commands/+', nonce: 'n' }]);
	store.append('commands/a', json({ n: 1 }), 0);
	store.append('sensors/a', json({ n: 1 }), 0);
	store.append('commands/b', json({ n: 1 }), 0);
	store.append('sensors/a', json({ n: 1 }), duplicateFlag);
	// What this side sends, and its notes, are not checked.
	store.append('commands/a', json({ n: 1 }), flag.out);
	store.append('', json({ n: 1 }), flag.note);
	return store;
}

test('received messages are marked in the rows, in the feed and in the counts', () => {
	const store = shop();
	const { rows } = store.reader.view('log', {});
	assert.deepEqual(
		rows.map(({ checkMarks }) => kinds(checkMarks)),
		[undefined, undefined, ['replayed'], ['duplicate'], undefined, undefined],
	);
	assert.match(rows[2]?.checkMarks?.[0]?.reason ?? '', /^Nonce seen \d+ ms ago: 1$/);
	assert.deepEqual(
		store.feed(0, 100).messages.map(({ marks }) => kinds(marks)),
		[undefined, undefined, ['replayed'], ['duplicate']],
	);
	assert.deepEqual(store.marked, { replayed: 1, duplicate: 1 });
});

test('a filter shows the marked messages, of all or of one kind', () => {
	const store = shop();
	const seqs = (filter: Parameters<typeof store.reader.view>[1]) =>
		store.reader.view('log', filter).rows.map(({ seq }) => seq);
	assert.deepEqual(seqs({ marked: ['replayed', 'duplicate', 'gap'] }), [2, 3]);
	assert.deepEqual(seqs({ marked: ['replayed'] }), [2]);
	assert.deepEqual(seqs({ marked: ['gap'] }), []);
	assert.deepEqual(seqs({ marked: ['replayed', 'duplicate'], target: { kind: 'pattern', value: 'sensors/#' } }), [3]);
	assert.deepEqual(seqs({ marked: ['replayed', 'duplicate'], text: '"n":1', directions: ['in'] }), [2, 3]);
});

test('the view follows, and marks move with their rows when a segment is sealed and evicted', () => {
	const store = createStore(mqtt, { ...defaultLimits, logMessages: 1600 });
	store.setChecks([{ nonce: 'n' }]);
	store.reader.view('log', { marked: ['replayed'] });
	for (let at = 0; at < 10_000; at++) store.append('a', json({ n: at - (at % 10 === 9 ? 1 : 0) }), 0);
	const { low, high, rows } = store.reader.page('log', 0, 500);
	assert.ok(store.kept <= 1600);
	assert.equal(store.marked.replayed, 1000);
	assert.ok(high - low >= 140 && high - low <= 160, `${high - low} of 1600 rows`);
	assert.deepEqual(new Set(rows.map(({ seq }) => seq % 10)), new Set([9]));
});

test('rules that stay the same keep what they know; a repeated nonce across a reconnect is found', () => {
	const store = createStore(mqtt, defaultLimits);
	store.setChecks([{ nonce: 'n' }]);
	store.append('a', json({ n: 1 }), 0);
	store.setChecks([{ nonce: 'n' }]);
	store.append('a', json({ n: 1 }), 0);
	assert.deepEqual(store.marked, { replayed: 1 });
	store.setChecks([{ nonce: 'n', window: '1s' }]);
	store.append('a', json({ n: 1 }), 0);
	assert.deepEqual(store.marked, { replayed: 1 });
});

test('offsets that are read again by the user are no duplicates', () => {
	const store = createStore(kafka, defaultLimits);
	const id = ['read'];
	const record = (offset: bigint, partition = 0) =>
		storeRecord({ partition, offset, timestamp: 0n, key: undefined, headers: [] });
	const read = (offsets: bigint[], partition?: number) => {
		for (const offset of offsets) store.append('t', json(1), 0, record(offset, partition), id);
	};
	read([119n, 120n, 125n, 2n ** 53n]);
	read([7n], 1);
	read([-1n], -1);
	assert.deepEqual(store.marked, {}, 'gaps are usual');
	read([120n, 2n ** 60n, 2n ** 60n]);
	assert.deepEqual(store.marked, { duplicate: 1 });
	assert.equal(store.reader.view('log', {}).rows[6]?.checkMarks?.[0]?.reason, 'Offset 120 again');
	store.subscribed('read');
	read([119n, 120n]);
	assert.deepEqual(store.marked, { duplicate: 1 });
});

test('a recording shows the marks that it has, and those that are found', async () => {
	const path = join(await mkdtemp(join(tmpdir(), 'mw-')), 'a.recording.jsonl');
	const started = Date.UTC(2026, 0, 31, 12);
	const line = (at: number, body: unknown, more: object = {}) =>
		recordedLine(mqtt, { target: 'a', payload: json(body), flags: 0, ...more }, { time: started + at, started });
	const early: Mark[] = [{ kind: 'replayed', reason: 'Nonce seen 9 s ago: 1' }];
	await writeFile(
		path,
		[
			headLine({ protocol: 'mqtt', connection: 'Farm', url: 'mqtt://x', started }),
			line(0, { n: 1 }, { marks: early }),
			line(1000, { n: 2 }, { flags: duplicateFlag }),
			line(3000, { n: 2 }),
			line(4000, { n: 1 }, { marks: early }),
		].join(''),
	);
	let time = 0;
	const store = createStore(mqtt, defaultLimits, () => time);
	await new Promise<void>((resolve, reject) => {
		const session = createRecordedSession({
			...{ path, limits: defaultLimits, store, onChanged() {}, onRead: resolve },
			setTime(next) {
				time = next;
			},
		});
		const profile = {
			id: 'r',
			name: 'r',
			protocol: 'mqtt',
			url: '',
			values: {},
			subscriptions: [],
			checks: [{ nonce: 'n' }],
		};
		session.open({ profile, secrets: {}, limits: defaultLimits, reconnect: false }).catch(reject);
	});
	assert.deepEqual(
		store.feed(0, 9).messages.map(({ marks }) => marks?.map(({ reason }) => reason)),
		[
			['Nonce seen 9 s ago: 1'],
			['Sent again by the broker (DUP), because it had received no acknowledgement'],
			['Nonce seen 2 s ago: 2'],
			['Nonce seen 4 s ago: 1'],
		],
	);
	assert.deepEqual(store.marked, { replayed: 3, duplicate: 1 });
});

test('forgetting is said once in the log', () => {
	const store = createStore(mqtt, defaultLimits);
	store.setChecks([{ nonce: 'n' }]);
	for (let at = 0; at < 100_010; at++) store.append('a', json({ n: at }), 0);
	const notes = store.reader.view('log', { directions: ['note'] }).rows;
	assert.deepEqual(
		notes.map(({ preview }) => preview.slice(0, 50)),
		['More than 100,000 nonces or ids are to be remembere'.slice(0, 50)],
	);
});
