import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { afterEach, beforeEach } from 'node:test';
import { createHistory } from '../../../../src/engine/recording/history';
import { lineFileSystem } from '../../../../src/engine/recording/line-file';
import { nameOfPart, partsIn } from '../../../../src/engine/recording/parts';
import { openRecordings } from '../../../../src/engine/recording/read-parts';
import { headLine, type Recorded } from '../../../../src/lines/recording';
import { flag } from '../../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { describe } from '../../../../src/protocols/descriptions';

const description = describe('mqtt') as ProtocolDescription;
const head = { protocol: 'mqtt', connection: 'Farm', url: 'mqtt://me:secret@farm' };
const keep = 1_000_000;
const { writeSync } = lineFileSystem;

let parent: string;
let folder: string;
const problems: string[] = [];
beforeEach(() => {
	parent = mkdtempSync(join(tmpdir(), 'history-'));
	folder = join(parent, 'farm', 'history');
	problems.length = 0;
});
afterEach(() => {
	lineFileSystem.writeSync = writeSync;
	rmSync(parent, { recursive: true, force: true });
});

const open = () => createHistory({ folder, keep, head, description, onProblem: (problem) => problems.push(problem) });
const message = (text: string, target = 'a') => ({ target, payload: Buffer.from(text), flags: 0 });
/** A text that does not get smaller, so that compressed parts fill the folder as well. */
const noise = (bytes: number) =>
	Array.from({ length: bytes }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
const bytesIn = (at: string) =>
	readdirSync(at).reduce((sum, name) => sum + (statSync(join(at, name), { throwIfNoEntry: false })?.size ?? 0), 0);

async function read(): Promise<{ messages: Recorded[]; problems: string[] }> {
	const found: { messages: Recorded[]; problems: string[] } = { messages: [], problems: [] };
	for await (const batch of (await openRecordings(folder)).batches()) {
		found.messages.push(...batch.messages);
		found.problems.push(...batch.problems);
	}
	return found;
}

test('the sum of all files never exceeds the size, the oldest parts go first, and the rest has no gap', async () => {
	const history = open();
	for (let at = 0; at < 1500; at++) {
		history.write(message(`${at} ${noise(2000)}`), Date.now());
		if (at % 20 === 0) await new Promise(setImmediate);
		assert.ok(bytesIn(folder) <= keep, `${bytesIn(folder)} bytes after ${at} messages`);
		assert.ok(history.bytes <= keep);
	}
	history.close();
	await history.idle();
	assert.ok(readdirSync(folder).some((name) => name.endsWith('.gz')));
	const { messages, problems: told } = await read();
	const numbers = messages.map(({ payload }) => Number(Buffer.from(payload).toString().split(' ')[0]));
	assert.ok(numbers.length > 150, `${numbers.length} kept`);
	assert.deepEqual(
		numbers,
		numbers.map((_, at) => 1500 - numbers.length + at),
	);
	assert.deepEqual(told, ['Earlier parts of the history were deleted, because of its size.']);
	assert.ok(messages.every(({ at }, index) => at >= (messages[index - 1]?.at ?? 0)));
	assert.doesNotMatch(readFileSync(partsIn(folder).at(-1)?.path ?? '', 'utf8'), /secret/);
});

test('a message that does not fit is counted, and the next one is recorded', async () => {
	const history = open();
	history.write(message('before'), Date.now());
	history.write(message(noise(keep), 'large'), Date.now());
	history.write(message('after'), Date.now());
	history.close();
	const { messages } = await read();
	assert.deepEqual(
		messages.map(({ target, payload, flags }) => [target, flags, Buffer.from(payload).toString()]),
		[
			['a', 0, 'before'],
			['large', flag.note | flag.bad, 'A message of 1000000 bytes is missing here: the history keeps 1000000 bytes.'],
			['a', 0, 'after'],
		],
	);
	assert.equal(history.messages, 2);
});

test('the last part is continued, unless its end is broken, its connection another, or its process alive', () => {
	const first = open();
	first.write(message('1'), Date.now());
	first.close();
	const second = open();
	second.write(message('2'), Date.now());
	second.close();
	assert.equal(partsIn(folder).length, 1);
	const [part] = partsIn(folder);
	appendFileSync(part?.path ?? '', '{"at":');
	open().close();
	assert.equal(partsIn(folder).length, 2);
	const other = createHistory({ folder, keep, head: { ...head, url: 'mqtt://other' }, description, onProblem() {} });
	other.close();
	assert.deepEqual(
		partsIn(folder).map(({ number }) => number),
		[1, 2, 3],
	);
	const alive = nameOfPart(Date.now() + 1000, 4).replace(`.${process.pid}.`, `.${process.ppid}.`);
	writeFileSync(join(folder, alive), headLine({ ...head, started: Date.now() }));
	open().close();
	assert.equal(partsIn(folder).length, 5);
});

test('what a killed process has left is removed or compressed', async () => {
	open().close();
	const gone = nameOfPart(Date.UTC(2020, 1, 1), 1).replace(`.${process.pid}.`, '.4194999.');
	writeFileSync(join(folder, gone), headLine({ ...head, started: 0 }));
	writeFileSync(join(folder, `${gone}.gz.tmp`), 'x');
	const history = open();
	await history.idle();
	history.close();
	assert.deepEqual(
		readdirSync(folder).filter((name) => name.includes('4194999')),
		[`${gone}.gz`],
	);
});

test('a history whose folder is deleted starts again', async () => {
	const history = open();
	history.write(message('1'), Date.now());
	rmSync(folder, { recursive: true });
	history.check();
	history.write(message('2'), Date.now());
	history.close();
	assert.deepEqual(
		(await read()).messages.map(({ payload }) => Buffer.from(payload).toString()),
		['2'],
	);
	assert.deepEqual(problems, []);
});

test('a full disk ends the history after the last whole line', async () => {
	const history = open();
	history.write(message('1'), Date.now());
	let left = 40;
	lineFileSystem.writeSync = ((file: number, bytes: Uint8Array, at: number, length: number, place: number) => {
		if (left === 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
		left -= 20;
		return writeSync(file, bytes, at, Math.min(20, length), place);
	}) as typeof writeSync;
	history.write(message('2'), Date.now());
	history.write(message('3'), Date.now());
	lineFileSystem.writeSync = writeSync;
	assert.equal(problems.length, 1);
	assert.match(problems[0] ?? '', /has ended early: .* cannot be written \(ENOSPC\)\.$/);
	const { messages, problems: told } = await read();
	assert.deepEqual([messages.length, told], [1, []]);
});

test('a part that was damaged or deleted does not hide the others', async () => {
	const history = open();
	const text = noise(30_000);
	for (let at = 0; at < 12; at++) history.write(message(`${at} ${text}`), Date.now());
	history.close();
	await history.idle();
	const [first, second] = partsIn(folder);
	writeFileSync(first?.path ?? '', 'no gzip');
	const opened = await openRecordings(folder);
	assert.equal(opened.size, bytesIn(folder));
	rmSync(second?.path ?? '');
	const found: string[] = [];
	let messages = 0;
	for await (const batch of opened.batches()) {
		found.push(...batch.problems);
		messages += batch.messages.length;
	}
	assert.equal(found.length, 2, found.join());
	assert.ok(messages >= 3, `${messages} messages`);
});
