import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openRecordings, recordedHead } from '../../../../src/engine/recording/read-parts';
import { eventually } from '../../../support/run/eventually';

const folder = mkdtempSync(join(tmpdir(), 'read-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const head = { recording: 1, protocol: 'mqtt', connection: 'Färm', url: '', started: '2026-11-29T13:00:00.000Z' };
const lines = [
	head,
	{ at: 0, target: 'ü', payload: '🌾' },
	{ at: 1, target: 'b', base64: 'AP8=' },
	{ at: 2, payload: '' },
];
const whole = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

async function read(path: string) {
	const found = { messages: 0, problems: [] as string[], unread: 0 };
	for await (const { messages, problems, unread } of (await openRecordings(path)).batches()) {
		found.messages += messages.length;
		found.unread += unread;
		found.problems.push(...problems);
	}
	return found;
}

test('a recording that is cut at any byte has every whole line before it, and one sentence about the rest', async () => {
	const path = join(folder, 'cut.recording.jsonl');
	const firstEnd = whole.indexOf(10);
	for (let cut = firstEnd; cut <= whole.length; cut++) {
		const part = whole.subarray(0, cut);
		writeFileSync(path, part);
		const ends = part.toString().split('\n').length - 1;
		const isCut = part.length > 0 && ![10, 125].includes(part.at(-1) as number);
		// A line whose end alone is missing is whole.
		const expected = Math.max(0, ends - 1) + (part.at(-1) === 125 && ends > 0 ? 1 : 0);
		const { messages, problems, unread } = await read(path);
		assert.deepEqual([messages, unread], [expected, isCut ? 1 : 0], `${cut}: ${problems}`);
		if (isCut) assert.match(problems.join(), /^Line \d: the file ends in the middle of it\.$/);
	}
});

test('a compressed recording that is cut at any byte says so', async () => {
	const path = join(folder, 'cut.recording.jsonl.gz');
	const compressed = gzipSync(whole);
	for (let cut = 1; cut < compressed.length; cut++) {
		writeFileSync(path, compressed.subarray(0, cut));
		const { messages, problems } = await read(path);
		assert.ok(messages <= 3);
		assert.match(problems.join(' '), /ends too early or is damaged/, String(cut));
	}
});

test('the head is read without leaving the file open', async () => {
	const path = join(folder, 'open.recording.jsonl');
	writeFileSync(path, whole);
	assert.equal((await recordedHead(path))?.connection, 'Färm');
	// The descriptors of a process are files on Linux only.
	if (process.platform !== 'linux') return;
	const descriptors = () =>
		readdirSync('/proc/self/fd').map((name) => {
			try {
				return readlinkSync(`/proc/self/fd/${name}`);
			} catch {
				return '';
			}
		});
	await eventually('closed', () => assert.ok(!descriptors().includes(path)));
});
