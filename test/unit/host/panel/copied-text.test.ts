import assert from 'node:assert/strict';
import test from 'node:test';
import { readMessages as readLog } from '../../../../src/engine/store/follow';
import { createStore } from '../../../../src/engine/store/store';
import { copiedText } from '../../../../src/host/panel/copied-text';
import { readMessages, viewOf } from '../../../../src/host/panel/log-source';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

function engineOf(messages: number, limits = defaultLimits) {
	const store = createStore(mqtt, limits);
	store.append('', Buffer.from('Connected'), flag.note);
	for (let at = 1; at < messages; at++) store.append(`t/${at % 3}`, Buffer.from(`${at}`), 0);
	const { view, page, seqs, dropView } = store.reader;
	const dropped: string[] = [];
	const engine = {
		view: async (...args: Parameters<typeof view>) => view(...args),
		page: async (...args: Parameters<typeof page>) => page(...args),
		seqs: async (...args: Parameters<typeof seqs>) => seqs(...args),
		dropView: async (name: string) => {
			dropped.push(name);
			dropView(name);
		},
		messages: async (lines: number[]) => readLog(lines, store.message),
	};
	return { store, engine, dropped };
}

test('copies one line for each message, and notes only alone', async () => {
	const { engine } = engineOf(10);
	const lines = await copiedText(engine, mqtt, [0, 3, 5], 'json-lines', 10_000);
	assert.deepEqual(lines.count, { written: 2, removed: 0 });
	assert.deepEqual(
		lines.text?.split('\n').map((line) => line && JSON.parse(line).payload),
		['3', '5', ''],
	);
	assert.equal((await copiedText(engine, mqtt, [3, 5], 'payloads', 10_000)).text, '3\n5\n');
	assert.equal((await copiedText(engine, mqtt, [3], 'payloads', 10_000)).text, '3');
	assert.equal((await copiedText(engine, mqtt, [0], 'json-lines', 10_000)).text, 'Connected');
	assert.equal((await copiedText(engine, mqtt, [3, 5], 'json-lines', 20)).text, undefined);
});

test('says how many of the chosen messages were removed from the log', async () => {
	const { engine, store } = engineOf(5000, { ...defaultLimits, logMessages: 1600 });
	assert.ok(store.evicted > 3);
	const { count } = await copiedText(engine, mqtt, [1, 2, 4998, 4999], 'payloads', 1000);
	assert.deepEqual(count, { written: 2, removed: 2 });
});

test('reads a filtered log without messages that arrive meanwhile, and counts those that are removed', async () => {
	const { engine, store, dropped } = engineOf(20_000, { ...defaultLimits, logMessages: 20_000 });
	const read: number[] = [];
	let pieces = 0;
	const count = await readMessages(
		engine,
		viewOf(engine, { target: { kind: 'exact', value: 't/1' } }),
		async (messages) => {
			read.push(...messages.map(({ seq }) => seq));
			// The log is replaced while the second piece is awaited.
			if (pieces++ === 0) for (let at = 0; at < 18_500; at++) store.append('t/1', Buffer.from('new'), 0);
			return true;
		},
	);
	assert.ok(count);
	assert.equal(count.written, read.length);
	assert.ok(count.removed > 0);
	assert.equal(count.written + count.removed, Math.ceil((20_000 - 1) / 3));
	assert.ok(read.every((seq) => seq < 20_000 && seq % 3 === 1));
	assert.equal(dropped.length, 1);
});

test('stops when it is told to', async () => {
	const { engine, dropped } = engineOf(12_000);
	assert.equal(await readMessages(engine, viewOf(engine, {}), async () => false), undefined);
	assert.equal(dropped.length, 1);
});
