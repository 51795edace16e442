import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { readMessages } from '../../../../src/engine/store/follow';
import { createStore } from '../../../../src/engine/store/store';
import type * as Export from '../../../../src/host/panel/export';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { loadHost } from '../../../support/host/load-host';

let folder: string;
let host: typeof Export;
/** The file that the dialog returns; undefined: the user cancels the dialog. */
let chosen: string | undefined;
let isCancelled = false;
const told: string[] = [];
const vscode = {
	workspace: { workspaceFolders: undefined },
	Uri: { joinPath: () => undefined },
	ProgressLocation: { Notification: 15 },
	window: {
		showSaveDialog: async () => chosen && { scheme: 'file', fsPath: chosen, path: chosen },
		showInformationMessage: async (text: string) => void told.push(text),
		withProgress: (_: unknown, work: (...args: unknown[]) => unknown) =>
			work({ report: () => {} }, { isCancellationRequested: isCancelled }),
	},
};
before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'export-'));
	host = await loadHost<typeof Export>('src/host/panel/export.ts', vscode);
});
after(() => rm(folder, { recursive: true }));

const store = createStore(mqtt, defaultLimits);
for (let at = 0; at < 12_345; at++) store.append(`t/${at % 2}`, Buffer.from(`{"at":${at}}`), 0);
const { view, page, seqs, dropView } = store.reader;
const engine = {
	view: async (...args: Parameters<typeof view>) => view(...args),
	page: async (...args: Parameters<typeof page>) => page(...args),
	seqs: async (...args: Parameters<typeof seqs>) => seqs(...args),
	dropView: async (name: string) => dropView(name),
	messages: async (lines: number[]) => readMessages(lines, store.message),
} as unknown as Parameters<typeof Export.saveMessages>[0];
const profile = { id: 'p', name: 'Farm', protocol: 'mqtt', url: 'mqtt://localhost' };
const save = (lines: number[] | undefined, filter = {}) => host.saveMessages(engine, profile, lines, filter);

test('writes all messages of the filtered log as JSON lines', async () => {
	chosen = join(folder, 'log.jsonl');
	const count = await save(undefined, { target: { kind: 'exact', value: 't/1' } });
	assert.deepEqual(count, { written: 6172, removed: 0 });
	const lines = (await readFile(chosen, 'utf8')).trimEnd().split('\n');
	assert.equal(lines.length, 6172);
	assert.deepEqual(
		lines.map((line) => JSON.parse(JSON.parse(line).payload).at),
		Array.from({ length: 6172 }, (_, at) => 2 * at + 1),
	);
	assert.match(told.at(-1) ?? '', /^Saved 6,172 messages to log\.jsonl\.$/);
});

test('writes the selected messages as CSV, over an older file', async () => {
	chosen = join(folder, 'some.csv');
	await writeFile(chosen, 'old');
	assert.deepEqual(await save([3, 5, 99_999]), { written: 2, removed: 1 });
	const records = (await readFile(chosen, 'utf8')).trimEnd().split('\r\n');
	assert.equal(records.length, 3);
	assert.match(records[1] ?? '', /,in,t\/1,,,text,"\{""at"":3\}",/);
	assert.match(told.at(-1) ?? '', /Saved 2 messages to some\.csv\. 1 message no longer in the log\./);
});

test('leaves an older file as it was if the user cancels', async () => {
	chosen = join(folder, 'kept.jsonl');
	await writeFile(chosen, 'old');
	isCancelled = true;
	assert.equal(await save(undefined), undefined);
	isCancelled = false;
	assert.equal(await readFile(chosen, 'utf8'), 'old');
	assert.deepEqual(
		(await readdir(folder)).filter((name) => name.endsWith('.tmp')),
		[],
	);
	chosen = undefined;
	assert.equal(await save(undefined), undefined);
});
