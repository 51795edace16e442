import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { lineFileSystem } from '../../../../src/engine/recording/line-file';
import { createLiveRecordings } from '../../../../src/engine/recording/live';
import { createStore } from '../../../../src/engine/store/store';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { describe } from '../../../../src/protocols/descriptions';
import { eventually } from '../../../support/run/eventually';

const description = describe('mqtt') as ProtocolDescription;
const folder = mkdtempSync(join(tmpdir(), 'live-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fixture(limits: Partial<typeof defaultLimits> = {}) {
	const path = join(folder, `${++files}.recording.jsonl`);
	const store = createStore(description, { ...defaultLimits, ...limits });
	const live = createLiveRecordings({ description, store, changed() {} });
	const receive = (text: string) => store.append('a', Buffer.from(text), 0);
	const read = () => {
		const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
		assert.match(head ?? '', /^\{"recording":1,"protocol":"mqtt","connection":"Farm","url":"mqtt:\/\/•••"/);
		return lines.map((line) => JSON.parse(line) as { at: number; payload: string; direction: string });
	};
	const request = { path, connection: 'Farm', url: 'mqtt://me:secret@farm?token=1' };
	return { path, store, live, receive, read, request };
}

test('received and sent messages and notes are in the file when they are in the log', async () => {
	const { store, live, receive, read, request } = fixture();
	receive('before');
	live.start(request);
	receive('in');
	store.append('a', Buffer.from('out'), flag.out);
	store.append('', Buffer.from('Connection lost.'), flag.note | flag.bad);
	const expected = [
		['in', 'in'],
		['out', 'out'],
		['failure', 'Connection lost.'],
	];
	assert.deepEqual(
		read().map(({ direction, payload }) => [direction, payload]),
		expected,
	);
	assert.throws(() => live.start(request), /already being recorded/);
	const state = await live.stop();
	receive('after');
	assert.equal(read().length, 3);
	assert.equal(state?.messages, 2);
	assert.equal(live.state.recording, undefined);
});

test('a recording that begins with the log goes on without a gap while messages arrive', async () => {
	const { live, receive, read, request } = fixture();
	const before = 30_000;
	for (let at = 0; at < before; at++) receive(String(at));
	live.start({ ...request, from: 0 });
	let at = before;
	for (; at < before + 500; at++) {
		receive(String(at));
		if (at % 10 === 0) await new Promise(setImmediate);
	}
	const state = await live.stop();
	receive('after');
	assert.equal(state?.messages, at);
	assert.deepEqual(
		read().map(({ payload }) => Number(payload)),
		Array.from({ length: at }, (_, index) => index),
	);
	assert.ok(read().every((line) => line.at >= 0));
});

test('while the log is written, a message is in a second file when it is in the log', async () => {
	const { path, live, receive, read, request } = fixture();
	const second = path.replace('.recording.jsonl', '.new.recording.jsonl');
	for (let at = 0; at < 30_000; at++) receive(String(at));
	live.start({ ...request, from: 0 });
	let [together, last] = [0, ''];
	while (existsSync(second)) {
		last = `new ${together++}`;
		receive(last);
		assert.match(readFileSync(second, 'utf8'), new RegExp(`^{"recording":1,.*"payload":"${last}",[^\n]*\n$`, 's'));
		await new Promise(setImmediate);
	}
	assert.ok(together > 1);
	assert.equal((await live.stop())?.messages, 30_000 + together);
	assert.equal(read().at(-1)?.payload, last);
	assert.equal(read().length, 30_000 + together);
});

test('a second file that is damaged ends the recording with a sentence', async () => {
	const { path, live, receive, request } = fixture();
	for (let at = 0; at < 30_000; at++) receive(String(at));
	live.start({ ...request, from: 0 });
	receive('new');
	truncateSync(path.replace('.recording.jsonl', '.new.recording.jsonl'), 10);
	const { messages, problem } = (await live.stop()) ?? {};
	assert.match(problem ?? '', /has ended early: .*new\.recording\.jsonl was cut\. What arrived last is in .*\.new\./);
	assert.equal(messages, 30_001);
	assert.deepEqual(live.state.recording?.problem, problem);
});

test('what the log has evicted is counted in the file', async () => {
	const { store, live, receive, read, request } = fixture({ logMessages: 2000 });
	for (let at = 0; at < 5000; at++) receive(String(at));
	const { evicted } = store;
	assert.ok(evicted > 0);
	live.start({ ...request, from: 0 });
	await live.stop();
	const [note, first] = read();
	assert.match(
		note?.payload ?? '',
		new RegExp(`^${String(evicted).replace(/(\d)(\d{3})$/, '$1,$2')} lines are missing`),
	);
	assert.equal(first?.payload, String(evicted));
});

test('a recording without a message leaves no file', async () => {
	const { path, store, live, request } = fixture();
	live.start(request);
	store.append('', Buffer.from('Disconnected.'), flag.note);
	assert.equal(await live.stop(), undefined);
	assert.equal(existsSync(path), false);
});

test('a full disk ends the recording with a note, and the session goes on', async () => {
	const { store, live, receive, read, request } = fixture();
	live.start(request);
	receive('1');
	const { writeSync } = lineFileSystem;
	lineFileSystem.writeSync = () => {
		throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
	};
	try {
		receive('2');
	} finally {
		lineFileSystem.writeSync = writeSync;
	}
	receive('3');
	assert.equal(store.received, 3);
	assert.equal(read().length, 1);
	const { problem, messages } = live.state.recording ?? { problem: '', messages: 0 };
	assert.match(problem ?? '', /has ended early: .* cannot be written \(ENOSPC\)\.$/);
	assert.equal(messages, 1);
	assert.equal(store.feed(0, 10, true).messages.filter(({ flags }) => flags & flag.bad).length, 1);
	await live.stop();
	assert.equal(live.state.recording, undefined);
});

test('a file that is deleted ends the recording with a note', async () => {
	const { path, live, receive, request } = fixture();
	live.start(request);
	receive('1');
	rmSync(path);
	await eventually('noticed', () => assert.match(live.state.recording?.problem ?? '', /was deleted\.$/));
	live.dispose();
});

test('a history is recorded beside a recording; one that cannot be written is a note', async () => {
	const { path, store, live, receive, request } = fixture();
	const history = { folder: join(folder, 'history'), keep: 1_000_000, connection: 'Farm', url: '' };
	live.keepHistory(history);
	live.start(request);
	receive('1');
	await live.stop();
	receive('2');
	assert.ok((live.state.history?.bytes ?? 0) > 300);
	live.keepHistory(undefined);
	assert.deepEqual(live.state, {});
	live.keepHistory({ ...history, folder: join(path, 'x') });
	assert.match(live.state.history?.problem ?? '', /cannot be written into/);
	assert.equal(store.notes, 1);
	live.dispose();
});
