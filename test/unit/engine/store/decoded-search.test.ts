import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { encode as toMsgpack } from '@msgpack/msgpack';
import { encode as toCbor } from 'cbor2';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { flag, type LogFilter } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

/** The lines that match, once everything has been searched. */
async function found(store: Store, filter: LogFilter): Promise<number[]> {
	let page = store.reader.view('v', filter);
	while (page.searched < 1) {
		await setImmediate();
		page = store.reader.page('v', page.low, 0);
	}
	return store.reader.page('v', page.low, 500).rows.map(({ seq }) => seq);
}

test('the text filter finds what the previews of binary payloads show', async () => {
	const store = createStore(mqtt, defaultLimits);
	const value = { device: 'Tractor-7', fuel: 0.75 };
	const payloads = [
		toCbor(value),
		toMsgpack(value),
		gzipSync(JSON.stringify(value)),
		Buffer.from(JSON.stringify(value)),
		gzipSync(toCbor(value)),
		Buffer.from([0xff, 0x00]),
	];
	for (const payload of payloads) store.append('t', payload, 0);
	store.append('', Buffer.from('connected'), flag.note);
	assert.deepEqual(await found(store, { text: 'tractor-7' }), [0, 1, 2, 3, 4]);
	assert.deepEqual(await found(store, { text: 'tractor-7', matchCase: true }), []);
	assert.deepEqual(await found(store, { text: '"fuel": 0.75' }), [0, 1, 4]);
	assert.deepEqual(await found(store, { text: '"fuel":0.75' }), [2, 3]);
	assert.deepEqual(await found(store, { text: 'ff 00' }), []);
	// The next message is found as well, in a segment that was searched before.
	store.append('t', toCbor({ device: 'tractor-7' }), 0);
	assert.deepEqual(await found(store, { text: 'tractor-7', directions: ['in'] }), [0, 1, 2, 3, 4, 7]);
});

test('a log of decompression bombs is searched in short steps', async () => {
	const store = createStore(mqtt, defaultLimits);
	const bomb = gzipSync(Buffer.concat([Buffer.from('needle '), Buffer.alloc(20_000_000)]));
	for (let at = 0; at < 300; at++) store.append('t', at === 150 ? gzipSync('needle') : bomb, 0);
	let page = store.reader.view('v', { text: 'needle' });
	let turns = 0;
	for (; page.searched < 1; turns++) {
		await setImmediate();
		page = store.reader.page('v', page.low, 0);
	}
	assert.equal(page.high - page.low, 300);
	assert.ok(turns > 1, 'the search gave way to the event loop');
});

test('a filter by time is exact, also where the clock was set back', async () => {
	const times = [100, 200, 200, 300, 150, 250, 400];
	let at = 0;
	const store = createStore(mqtt, defaultLimits, () => times[at] ?? 0);
	for (; at < times.length; at++) store.append('t', Buffer.from(`message ${at}`), 0);
	const cases: [LogFilter, number[]][] = [
		[{ from: 200 }, [1, 2, 3, 5, 6]],
		[{ to: 200 }, [0, 4]],
		[{ from: 200, to: 300 }, [1, 2, 5]],
		[{ from: 150, to: 151 }, [4]],
		[{ from: 500 }, []],
		[{ from: 200, text: 'message 5' }, [5]],
		[{ to: 200, text: 'message 5' }, []],
	];
	for (const [filter, lines] of cases) assert.deepEqual(await found(store, filter), lines, JSON.stringify(filter));
});
