import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { openSegment, type Segment, sealed } from '../../../../src/engine/store/log/segment';
import { createStore, type Store } from '../../../../src/engine/store/store';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits, type Limits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { writeMeta } from '../../../../src/protocols/mqtt/describe/publish-properties';

const make = (limits: Partial<Limits> = {}, clock?: () => number): Store =>
	createStore(mqtt, { ...defaultLimits, ...limits }, clock);
const bytes = (text: string): Buffer => Buffer.from(text);
const code = (code: string) => (error: unknown) => error instanceof FailureError && error.failure.code === code;

test('10,000 random payloads come back byte for byte', () => {
	const store = make();
	const given = Array.from({ length: 10_000 }, (_, at) =>
		randomBytes(at % 700 === 0 ? 2_000_000 / (1 + (at % 3)) : at % 301),
	);
	const reused = Buffer.alloc(2_000_001);
	for (const [at, payload] of given.entries()) {
		payload.copy(reused);
		store.append(`t/${at % 77}`, reused.subarray(0, payload.length), 0);
	}
	for (const [seq, payload] of given.entries())
		assert.ok(payload.equals(store.reader.payload(seq)), `payload ${seq} of ${payload.length} bytes`);
});

test('a log that is full keeps every message whole while it uses the memory of forgotten ones again', () => {
	const store = make({ logMessages: 8000, logBytes: 1_000_000 });
	type Given = { target: string; payload: Buffer; flags: number; meta?: Uint8Array; subscriptions?: string[] };
	const given = new Map<number, Given>();
	for (let at = 0; at < 60_000; at++) {
		// Stretches of equal sizes, of which segments are alike, and changes between them.
		const size = Math.floor(at / 7000) % 2 === 0 ? 50 : 20 + (at % 90);
		const message: Given = {
			...{ target: `t/${at % 33}`, payload: randomBytes(size), flags: at % 5 === 0 ? flag.out : 0 },
			...(at % 3 === 0 && { meta: new Uint8Array(randomBytes(at % 40)) }),
			...(at % 4 === 0 && { subscriptions: at % 8 === 0 ? ['a'] : ['a', `b${at % 3}`] }),
		};
		const { target, payload, flags, meta, subscriptions } = message;
		given.set(store.append(target, payload, flags, meta, subscriptions), message);
	}
	assert.ok(store.kept > 1000 && store.kept <= 8000);
	for (let seq = store.evicted; seq < 60_000; seq++) {
		const { target, payload, flags, meta } = store.logged(seq);
		const message = given.get(seq);
		assert.ok(message);
		assert.deepEqual(
			{ target, payload: Buffer.from(payload), flags },
			{ target: message.target, payload: message.payload, flags: message.flags },
		);
		// No properties and zero bytes of properties are the same.
		assert.deepEqual(meta, message.meta?.length ? message.meta : undefined);
	}
	for (let from = store.evicted; from < 60_000; ) {
		const feed = store.feed(from, 500);
		for (const { seq, meta, subscriptions } of feed.messages) {
			assert.deepEqual(meta, given.get(seq)?.meta?.length ? given.get(seq)?.meta : undefined);
			assert.deepEqual(subscriptions, given.get(seq)?.subscriptions);
		}
		from = feed.next;
	}
	assert.throws(() => store.logged(store.evicted - 1), code('evicted'));
});

test('a sealed segment takes the memory of a forgotten one only if it fills it', () => {
	const filled = (rows: number, used: number): Segment => {
		const segment = openSegment(7, 100, 1000);
		for (let row = 0; row < rows; row++) segment.time[row] = row;
		return Object.assign(segment, { rows, used });
	};
	const forgotten = openSegment(0, 50, 500);
	const cases: [rows: number, used: number, again: boolean][] = [
		[50, 500, true],
		[48, 480, true],
		[51, 500, false],
		[50, 501, false],
		[40, 500, false],
		[50, 400, false],
	];
	for (const [rows, used, again] of cases) {
		const segment = sealed(filled(rows, used), forgotten);
		assert.equal(segment.bytes === forgotten.bytes, again, `${rows} rows, ${used} bytes`);
		assert.equal(segment.time === forgotten.time, again);
		assert.deepEqual([segment.first, segment.rows, segment.used, segment.time[rows - 1]], [7, rows, used, rows - 1]);
	}
});

test('a payload handed out is a copy', () => {
	const store = make();
	store.append('a', bytes('one'), 0);
	store.reader.payload(0).fill(0);
	assert.equal(Buffer.from(store.reader.payload(0)).toString(), 'one');
});

test('kept and evicted add up to what was appended, whatever the limits', () => {
	const cases: { limits: Partial<Limits>; size: number; count: number }[] = [
		{ limits: { logMessages: 1 }, size: 10, count: 50 },
		{ limits: { logMessages: 10 }, size: 10, count: 1000 },
		{ limits: { logMessages: 1000 }, size: 0, count: 5000 },
		{ limits: { logMessages: 100_000 }, size: 3, count: 250_000 },
		{ limits: { logBytes: 10_000 }, size: 100, count: 5000 },
		{ limits: { logBytes: 100_000 }, size: 90_000, count: 30 },
		{ limits: { logBytes: 1000 }, size: 5000, count: 10 },
	];
	for (const { limits, size, count } of cases) {
		const store = make(limits);
		for (let at = 0; at < count; at++) assert.equal(store.append('t', Buffer.alloc(size, at & 255), 0), at);
		const name = JSON.stringify({ limits, size, count });
		assert.equal(store.kept + store.evicted, count, name);
		assert.equal(store.received, count, name);
		if (limits.logMessages) assert.ok(store.kept <= limits.logMessages && store.kept >= limits.logMessages * 0.9, name);
		// The newest message is kept even if it is above the limit by itself.
		if (limits.logBytes) assert.ok(store.kept === 1 || store.kept * size <= limits.logBytes, name);
		const page = store.reader.view('all', {});
		assert.deepEqual([page.low, page.high], [store.evicted, count], name);
		for (const row of store.reader.page('all', page.low, 500).rows)
			assert.equal(store.reader.payload(row.seq)[0] ?? row.seq & 255, row.seq & 255, name);
	}
});

test('what is forgotten is said so', () => {
	const store = make({ logMessages: 16 });
	for (let at = 0; at < 100; at++) store.append('t', bytes(`${at}`), 0);
	const { detail, decode, payload, diff } = store.reader;
	for (const seq of [0, -1, 100, 1e9, Number.NaN, 1.5]) {
		assert.throws(() => detail(seq), code('evicted'));
		assert.throws(() => decode(seq, 'text', 10), code('evicted'));
		assert.throws(() => payload(seq), code('evicted'));
		assert.throws(() => diff(99, seq, 'text'), code('evicted'));
	}
});

test('the latest message of a topic outlives its place in the log', () => {
	const store = make({ logMessages: 160 });
	const meta = writeMeta({ contentType: 'text/plain' });
	store.append('quiet', bytes('last words'), 0x400, meta);
	store.append('talks again', bytes('first'), 0);
	for (let at = 0; at < 1000; at++) store.append('loud', bytes(`${at}`), 0);
	store.append('talks again', bytes('second'), 0);
	assert.ok(store.evicted > 2);
	const detail = store.reader.detail(0);
	assert.equal(detail.row.target, 'quiet');
	assert.equal(detail.row.preview, 'last words');
	assert.equal(detail.row.flags, 0x400);
	assert.ok(detail.properties.some(({ value }) => value === 'text/plain'));
	assert.equal(Buffer.from(store.reader.payload(0)).toString(), 'last words');
	assert.throws(() => store.reader.payload(1), code('evicted'));
	const [quiet] = store.reader.tree({ expanded: [], offset: 1, count: 1 }).rows;
	assert.deepEqual([quiet?.path, quiet?.seq, quiet?.preview], ['quiet', 0, 'last words']);
});

test('so do its properties where they are bytes', () => {
	const store = make({ logMessages: 160 });
	const meta = Uint8Array.of(0, 1, 0xff, 0x80);
	store.append('quiet', bytes('last words'), 0, meta);
	for (let at = 0; at < 1000; at++) store.append('loud', bytes(`${at}`), 0);
	assert.ok(store.evicted > 0);
	assert.deepEqual(store.logged(0).meta, meta);
	assert.equal(Buffer.from(store.logged(0).payload).toString(), 'last words');
});

test('copies of latest messages are bounded too', () => {
	const store = make({ logMessages: 160, logBytes: 80_000 });
	for (let at = 0; at < 5000; at++) store.append(`topic ${at}`, Buffer.alloc(300), 0);
	assert.ok(store.keptBytes <= 80_000 * 1.125, `${store.keptBytes}`);
	assert.throws(() => store.reader.payload(0), code('evicted'));
	assert.equal(store.topics, 5000);
});

test('directions, notes and targets without a topic', () => {
	const store = make();
	store.append('', bytes('Connected.'), flag.note);
	store.append('a/b', bytes('in'), 0);
	store.append('a/b', bytes('out'), flag.out);
	store.append('never/received', bytes('out'), flag.out);
	store.append('', bytes('in without a target'), 0);
	assert.deepEqual([store.received, store.sent, store.kept, store.topics, store.unlisted], [2, 2, 5, 1, 0]);
	assert.deepEqual(
		store.reader.view('all', {}).rows.map((row) => row.target),
		['', 'a/b', 'a/b', 'never/received', ''],
	);
});

test('receipts stay with their row', () => {
	const store = make({ logMessages: 32 });
	const seq = store.append('a', bytes('x'), flag.out);
	const before = store.keptBytes;
	store.receipt(seq, { proof: 'pending', text: 'on its way', ms: 0 });
	store.receipt(seq, { proof: 'acknowledged', text: 'acknowledged in 3 ms', ms: 3, seq });
	assert.equal(store.reader.detail(seq).row.receipt?.proof, 'acknowledged');
	assert.ok(store.keptBytes > before);
	store.receipt(1000, { proof: 'refused', text: 'no such row', ms: 0 });
	for (let at = 0; at < 100; at++) store.append('a', bytes('x'), flag.out);
	store.receipt(seq, { proof: 'refused', text: 'too late', ms: 0 });
	// A byte of payload and one of target each.
	assert.equal(store.keptBytes, 2 * store.kept);
});

test('properties are counted and forgotten with their rows', () => {
	const store = make({ logBytes: 100_000 });
	const userProperties = Array.from({ length: 20 }, (_, at) => [`name ${at}`, 'x'.repeat(100)]);
	for (let at = 0; at < 1000; at++) store.append('a', bytes('x'), 0, { userProperties });
	assert.ok(store.kept < 60, `${store.kept} kept`);
	assert.ok(store.keptBytes <= 112_500);
});

test('clearing forgets everything, and numbers go on', () => {
	const store = make();
	store.append('a/b', bytes('one'), 0);
	const [id] = store.reader.locate('a/b');
	const receipt = store.append('a/b', bytes('two'), flag.out, { contentType: 'x' });
	store.receipt(receipt, { proof: 'pending', text: '', ms: 0 });
	store.clear();
	assert.deepEqual([store.kept, store.evicted, store.keptBytes, store.topics], [0, 2, 0, 0]);
	assert.equal(store.append('c', bytes('three'), 0), 2);
	assert.throws(() => store.reader.payload(0), code('evicted'));
	assert.notEqual(store.reader.locate('c')[0], id);
	assert.throws(() => store.reader.children({ parent: id, offset: 0, count: 1 }), code('evicted'));
	assert.deepEqual([store.kept, store.evicted, store.received], [1, 2, 2]);
});

test('the rate is that of the last three seconds', () => {
	let now = 1_700_000_000_000;
	const store = make({}, () => now);
	assert.equal(store.rate(), 0);
	for (let at = 0; at < 500; at++, now += 10) store.append('a', bytes('x'), 0);
	assert.ok(Math.abs(store.rate() - 100) < 5, `${store.rate()}`);
	const [row] = store.reader.tree({ expanded: [], offset: 0, count: 1 }).rows;
	assert.ok(Math.abs((row?.rate ?? 0) - 80) < 10, `${row?.rate}`);
	now += 1500;
	assert.ok(Math.abs(store.rate() - 50) < 8, `${store.rate()}`);
	now += 60_000;
	assert.equal(store.rate(), 0);
	assert.equal(store.reader.tree({ expanded: [], offset: 0, count: 1 }).rows[0]?.rate, 0);
	for (let at = 0; at < 300; at++, now += 10) store.append('a', bytes('x'), 0);
	// The clock of the machine is put back.
	now -= 3_600_000;
	for (const count of [100, 200]) {
		for (let at = 0; at < count; at++, now += 10) store.append('a', bytes('x'), 0);
		assert.ok(Math.abs(store.rate() - 100) < 5, `${store.rate()}`);
	}
});

test('messages that are little but properties are forgotten by their bytes too, and so are the latest of topics', () => {
	const store = make({ logBytes: 8_000_000 });
	for (let at = 0; at < 2000; at++) store.append(`topic/${at}`, Buffer.alloc(0), 0, { head: new Uint8Array(100_000) });
	assert.ok(store.kept < 200, `${store.kept} kept`);
	const held = Array.from({ length: 2000 }, (_, seq) => seq).filter((seq) => {
		try {
			return store.reader.detail(seq) !== undefined;
		} catch {
			return false;
		}
	});
	assert.ok(held.length < 400, `${held.length} held`);
});
