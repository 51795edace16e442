import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { careful } from '../../../../src/engine/recording/careful';
import { createRecordedSession } from '../../../../src/engine/recording/recorded-session';
import { createStore } from '../../../../src/engine/store/store';
import { defaultLimits, type Limits, type OpenRequest } from '../../../../src/model/contracts/session';
import type { ProtocolDescription } from '../../../../src/protocols/description';
import { describe } from '../../../../src/protocols/descriptions';
import { eventually } from '../../../support/run/eventually';

const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const started = '2026-11-29T13:00:00.000Z';
const start = Date.parse(started);
const head = JSON.stringify({ recording: 1, protocol: 'mqtt', connection: 'Farm', url: 'mqtt://x:1883', started });
const message = (at: number, target = 'a', payload = String(at)) => JSON.stringify({ at, target, payload });
const whole = `${[head, message(0), message(1000, 'b'), message(2000)].join('\n')}\n`;

let number = 0;
function file(content: string | Uint8Array, name = 'x.recording.jsonl'): string {
	const path = join(folder, `${number++}-${name}`);
	writeFileSync(path, content);
	return path;
}

function show(path: string, limits: Limits = defaultLimits) {
	let time = 0;
	const description = careful(describe('mqtt') as ProtocolDescription);
	const store = createStore(description, limits, () => time);
	const session = createRecordedSession({
		...{ path, limits, store },
		setTime(next) {
			time = next;
		},
		onChanged() {},
	});
	const rows = () => {
		const texts: string[] = [];
		for (let seq = store.next - session.status().kept; seq < store.next; seq++)
			texts.push(Buffer.from(store.message(seq).payload).toString());
		return texts;
	};
	return {
		session,
		rows,
		/** Opens it and waits until it was read. */
		async read() {
			await session.open({ profile: {} } as OpenRequest);
			await eventually('read', () => assert.deepEqual(session.status().running, []));
		},
	};
}

test('a recording is shown with its source, its times and its size', async (t) => {
	const { session, rows, read } = show(file(whole));
	t.after(session.dispose);
	await read();
	const { file: shown, received, topics, state } = session.status();
	assert.deepEqual(shown, {
		...{ connection: 'Farm', url: 'mqtt://x:1883', size: whole.length, unread: 0 },
		...{ from: start, until: start + 2000 },
	});
	assert.deepEqual([received, topics, state.kind], [3, 2, 'open']);
	assert.deepEqual(rows(), ['0', '1000', '2000']);
});

test('a compressed recording, one without a head, and one whose lines end as on Windows are read alike', async (t) => {
	const lines = [0, 1000].map((at) =>
		JSON.stringify({ time: new Date(start + at).toISOString(), target: 'a', payload: 'x' }),
	);
	for (const path of [
		file(gzipSync(whole), 'x.recording.jsonl.gz'),
		file(`${lines.join('\n')}\n`),
		file(whole.replaceAll('\n', '\r\n')),
	]) {
		const { session, read } = show(path);
		t.after(session.dispose);
		await read();
		const { file: shown, received } = session.status();
		assert.ok(received >= 2 && shown?.unread === 0, JSON.stringify(session.status()));
		assert.equal(shown.from, start);
	}
});

const damaged: [string, string | Uint8Array, number, RegExp][] = [
	['cut in the middle of a line', whole.slice(0, -5), 2, /^Line 4: the file ends in the middle of it\.$/],
	['broken lines', whole.replace(message(1000, 'b'), '{"at":1\n\0'), 2, /^Line 3: it is no JSON object\.$/],
	[
		'bytes that are no text',
		Buffer.concat([Buffer.from(whole), Buffer.from([0xff, 10])]),
		3,
		/^Line 5: it is not UTF-8/,
	],
	['no message', `${head}\n`, 0, /^$/],
	['nothing', '', 0, /^$/],
];
for (const [name, content, messages, problem] of damaged)
	test(`what can be read of a damaged recording is shown, and what cannot be read is said: ${name}`, async (t) => {
		const { session, rows, read } = show(file(content));
		t.after(session.dispose);
		await read();
		assert.equal(session.status().received, messages);
		assert.match(rows().find((text) => text.startsWith('Line')) ?? '', problem);
	});

test('a compressed recording that was cut is shown as far as it goes', async (t) => {
	const path = file(gzipSync(whole), 'x.recording.jsonl.gz');
	truncateSync(path, 90);
	const { session, rows, read } = show(path);
	t.after(session.dispose);
	await read();
	assert.match(rows().at(-1) ?? '', /compressed data ends too early or is damaged/);
	assert.equal(session.status().file?.unread, 1);
});

test('a recording of another version is refused with both versions', async () => {
	const { session } = show(file(whole.replace('"recording":1', '"recording":9')));
	await assert.rejects(session.open({ profile: {} } as OpenRequest), /version 9 .* reads 1/);
	const { state } = session.status();
	assert.equal(state.kind === 'closed' && state.failure?.code, 'bad-recording');
});

test('when the log is full, reading ends and the next part can be shown', async (t) => {
	const lines = Array.from({ length: 200 }, (_, at) => message(at * 10));
	lines.splice(150, 0, '{}', 'x');
	const { session, rows, read } = show(file(`${[head, ...lines].join('\n')}\n`), {
		...defaultLimits,
		logMessages: 100,
	});
	t.after(session.dispose);
	await read();
	const first = session.status();
	assert.deepEqual([first.received, first.evicted, first.file?.rest, first.states], [95, 0, 950, ['rest']]);
	assert.match(rows().at(-1) ?? '', /has no room for the rest/);
	const act = async (action: string, values = {}) => {
		await session.act({ id: 'x', action, values });
		await eventually('read', () => assert.deepEqual(session.status().running, []));
	};
	await act('read-next');
	assert.deepEqual([rows()[0], session.status().file?.rest, session.status().evicted], ['950', 1900, 0]);
	await act('read-next');
	assert.deepEqual([rows()[0], rows().length, session.status().file?.rest], ['1900', 12, undefined]);
	await act('read-from', { from: 1005 });
	assert.equal(rows()[0], '1010');
	await assert.rejects(session.act({ id: 'x', action: 'purge', values: {} }), /nothing can be sent or changed/);
});

test('reading that was stopped goes on where it was', async (t) => {
	const lines = Array.from({ length: 100_000 }, (_, at) => message(at));
	const { session, rows } = show(file(`${[head, ...lines].join('\n')}\n`));
	t.after(session.dispose);
	await session.open({ profile: {} } as OpenRequest);
	session.stop('read');
	await eventually('stopped', () => assert.deepEqual(session.status().running, []));
	const { received, file: shown, states } = session.status();
	assert.deepEqual([received < 100_000, states], [true, ['rest']]);
	await session.act({ id: 'x', action: 'read-next', values: {} });
	await eventually('read', () => assert.deepEqual(session.status().running, []));
	assert.equal(rows().at(-1), '99999');
	assert.equal(session.status().received, 100_000 - (shown?.rest ?? 0));
});

test('what is written into the file while it is shown appears, also the rest of a line', async (t) => {
	const path = file(whole.slice(0, -5));
	const { session, rows, read } = show(path);
	t.after(session.dispose);
	await read();
	assert.equal(session.status().received, 2);
	appendFileSync(path, `${whole.slice(-5)}${message(3000)}\n`);
	await eventually('the rest', () => assert.equal(session.status().received, 4));
	assert.deepEqual(
		rows().filter((text) => !text.startsWith('Line')),
		['0', '1000', '2000', '3000'],
	);
});

test('a file that is deleted or replaced while it is shown stays shown, and this is said', async (t) => {
	const paths = [file(whole), file(whole)] as [string, string];
	const [deleted, replaced] = paths.map((path) => show(path)) as [ReturnType<typeof show>, ReturnType<typeof show>];
	for (const { session, read } of [deleted, replaced]) {
		t.after(session.dispose);
		await read();
	}
	rmSync(paths[0]);
	renameSync(file(`${head}\n`), paths[1]);
	await eventually('deleted', () => assert.equal(deleted.session.status().file?.gone, 'deleted'));
	await eventually('replaced', () => assert.deepEqual(replaced.session.status().states, ['replaced']));
	assert.equal(deleted.session.status().received, 3);
	await replaced.session.act({ id: 'x', action: 'read-from', values: { from: 0 } });
	await eventually('read again', () => assert.equal(replaced.session.status().kept, 0));
});
