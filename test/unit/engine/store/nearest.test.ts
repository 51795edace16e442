import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { readMessages } from '../../../../src/engine/store/follow';
import { createStore, type Store } from '../../../../src/engine/store/store';
import type { Page } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

const count = 400_000;

function filled(): Store {
	const store = createStore(mqtt, defaultLimits);
	for (let at = 0; at < count; at++) store.append('t', Buffer.from(at % 1000 === 7 ? `hit ${at}` : `miss ${at}`), 0);
	return store;
}

async function searched(store: Store, page: Page, isEnough = (_: Page) => false): Promise<Page> {
	let now = page;
	while (now.searched < 1 && !isEnough(now)) {
		await setImmediate();
		now = store.reader.page('v', now.low, 0);
	}
	return now;
}

test('a search that starts in the middle finds the nearest matches first, and then all', async () => {
	const store = filled();
	const middle = 200_500;
	const first = store.reader.view('v', { text: 'hit' }, middle);
	// The search alternates between both sides. On a busy machine its first slice may have seen one of them only.
	const both = await searched(store, first, ({ low, high }) => low < 0 && high > 0);
	const found = store.reader.seqs('v', both.low, both.high - both.low).seqs;
	assert.ok(both.searched < 1 && found.includes(200_007) && found.includes(201_007), `found ${found.join(' ')}`);
	const page = await searched(store, both);
	assert.equal(page.high - page.low, count / 1000);
	const all = store.reader.seqs('v', page.low, 100_000).seqs;
	assert.deepEqual(
		all,
		Array.from({ length: count / 1000 }, (_, at) => at * 1000 + 7),
	);
	assert.equal(store.reader.position('v', middle), 0, 'the position zero is where it started');
	assert.equal(store.reader.position('v', 200_007), -1);
	assert.equal(store.reader.position('v', 0), page.low);
	assert.equal(store.reader.position('v', count), page.high);
	store.append('t', Buffer.from('hit later'), 0);
	assert.equal(store.reader.page('v', 0, 0).high, page.high + 1);
});

test('positions and lines of the whole log are the same', () => {
	const store = createStore(mqtt, { ...defaultLimits, logMessages: 1600 });
	for (let at = 0; at < 5000; at++) store.append('t', Buffer.from(`${at}`), 0);
	store.reader.view('v', {});
	const first = store.evicted;
	assert.equal(store.reader.position('v', 4000), 4000);
	assert.equal(store.reader.position('v', 0), first);
	assert.deepEqual(store.reader.seqs('v', first - 100, 3), { from: first, seqs: [first, first + 1, first + 2] });
	assert.equal(store.reader.seqs('v', 4000, 1e9).seqs.length, 1000);
});

test('messages are read in pieces, without those that were removed', () => {
	const store = createStore(mqtt, { ...defaultLimits, logMessages: 1600 });
	for (let at = 0; at < 5000; at++) store.append('t', Buffer.from(`${at}`), 0);
	const some = readMessages([0, 4998, 1, 4999], store.message);
	assert.deepEqual(
		some.messages.map(({ seq, payload }) => [seq, Buffer.from(payload).toString()]),
		[
			[4998, '4998'],
			[4999, '4999'],
		],
	);
	assert.equal(some.read, 4);
	const large = createStore(mqtt, defaultLimits);
	for (let at = 0; at < 5; at++) large.append('t', Buffer.alloc(700_000), 0);
	const { messages, read } = readMessages([0, 1, 2, 3, 4], large.message);
	assert.deepEqual([messages.length, read], [2, 2]);
});
