import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, beforeEach } from 'node:test';
import type { fileCommands } from '../../../../src/host/commands/files';
import { loadHost } from '../../../support/host/load-host';

const folder = await mkdtemp(join(tmpdir(), 'import-'));
after(() => rm(folder, { recursive: true, force: true }));
process.env.XDG_CONFIG_HOME = folder;

interface Item {
	label: string;
	description?: string;
	detail?: string;
	picked?: boolean;
}
const lists: { title: string; items: Item[] }[] = [];
const dialogs: string[] = [];
const touched: string[] = [];
const notes: string[] = [];
/** The label of the item to pick in a list of one; undefined: cancelled. */
let source: string | undefined;

class Uri {
	constructor(readonly fsPath: string) {}
	static file = (path: string) => new Uri(path);
	static joinPath = (uri: Uri, ...parts: string[]) => new Uri(join(uri.fsPath, ...parts));
}
const record = <T>({ fsPath }: Uri, result: T): T => {
	touched.push(fsPath);
	return result;
};
const vscode = {
	Uri,
	FileType: { File: 1 },
	workspace: {
		isTrusted: true,
		workspaceFolders: [],
		fs: {
			stat: async (uri: Uri) => record(uri, await stat(uri.fsPath)),
			readFile: async (uri: Uri) => record(uri, new Uint8Array(await readFile(uri.fsPath))),
			readDirectory: async (uri: Uri) =>
				record(
					uri,
					(await readdir(uri.fsPath)).map((name) => [name, 1]),
				),
		},
	},
	window: {
		async showQuickPick(items: Item[], { title, canPickMany }: { title: string; canPickMany?: boolean }) {
			lists.push({ title, items });
			if (canPickMany) return items.filter(({ picked }) => picked);
			return items.find(({ label }) => source !== undefined && label.endsWith(source));
		},
		async showOpenDialog({ title }: { title: string }) {
			dialogs.push(title);
			return undefined;
		},
		async showInformationMessage(text: string) {
			notes.push(text);
		},
	},
};
const { fileCommands: commandsOf } = await loadHost<{ fileCommands: typeof fileCommands }>(
	'src/host/commands/files.ts',
	vscode,
);

const added: Record<string, unknown>[] = [];
const stored: [origin: string, key: string, value: string][] = [];
const existing: { profile: Record<string, unknown> }[] = [];
const importConnections = () =>
	commandsOf({
		profiles: {
			profiles: existing,
			ids: () => new Set(added.map(({ id }) => String(id))),
			add: async (entry: Record<string, unknown>) => void added.push(entry),
		},
		connecting: { owner: ({ id, name, url }: Record<string, string>) => ({ id, name, origin: url }) },
		secrets: {
			set: async ({ origin }: { origin: string }, key: string, value: string) => void stored.push([origin, key, value]),
		},
		log: { redact: (text: string) => text },
	} as never).importConnections?.();

const contexts = join(folder, 'nats', 'context');
beforeEach(async () => {
	for (const list of [lists, dialogs, touched, notes, added, stored, existing]) list.length = 0;
	vscode.workspace.isTrusted = true;
	source = undefined;
	await rm(join(folder, 'nats'), { recursive: true, force: true });
});

async function withContexts(): Promise<void> {
	await mkdir(contexts, { recursive: true });
	await writeFile(join(contexts, 'a.json'), JSON.stringify({ url: 'nats://a:4222', user: 'me', password: 'hunter2' }));
	await writeFile(join(contexts, 'b.json'), JSON.stringify({ url: 'nats://b:4222', socks_proxy: 'socks5://p' }));
	await writeFile(join(contexts, 'broken.json'), '{');
	await writeFile(join(contexts, 'notes.txt'), 'x');
}

test('without such a tool, the dialog for a file opens at once', async () => {
	await importConnections();
	assert.deepEqual([lists, dialogs], [[], ['Import Connections']]);
});

test('a tool is offered, and none of its files is read before it is chosen', async () => {
	await withContexts();
	await importConnections();
	assert.deepEqual(
		lists.map(({ title, items }) => [title, items.map(({ label }) => label)]),
		[['Import Connections From', ['$(file) File…', '$(terminal) nats command line']]],
	);
	assert.ok(!touched.some((path) => path.endsWith('.json')), touched.join());
	assert.deepEqual(added, []);
});

test('before the workspace is trusted, nothing outside of it is looked at', async () => {
	await withContexts();
	vscode.workspace.isTrusted = false;
	await importConnections();
	assert.deepEqual([touched, dialogs], [[], ['Import Connections']]);
});

test('connections are imported, and their secrets go to the secret storage only', async () => {
	await withContexts();
	source = 'nats command line';
	await importConnections();
	const [, list] = lists;
	assert.deepEqual(
		list?.items.map(({ label, description, detail, picked }) => [label, description, detail, picked]),
		[
			['a', 'nats://a:4222', 'Password will be kept in the secret storage.', true],
			['b', 'nats://b:4222', 'Not imported: socks_proxy, since connections do not use a SOCKS proxy.', true],
			['broken.json', undefined, 'Cannot be read: broken.json is not JSON.', false],
		],
	);
	const shown = list?.items.map(({ label, description, detail }) => ({ label, description, detail }));
	assert.ok(!JSON.stringify([shown, notes, added]).includes('hunter2'));
	assert.deepEqual(added, [
		{ name: 'a', url: 'nats://a:4222', username: 'me', protocol: 'nats', secrets: ['password'], id: 'a' },
		{ name: 'b', url: 'nats://b:4222', protocol: 'nats', id: 'b' },
	]);
	assert.deepEqual(stored, [['nats://a:4222', 'password', 'hunter2']]);
	assert.deepEqual(notes, ['Imported 2 connections from nats command line.']);
});

test('a connection that exists is not chosen', async () => {
	await withContexts();
	source = 'nats command line';
	existing.push({ profile: { id: 'x', protocol: 'nats', name: 'b', url: 'nats://b:4222' } });
	await importConnections();
	assert.deepEqual(
		added.map(({ name }) => name),
		['a'],
	);
	assert.match(lists[1]?.items[1]?.detail ?? '', /^A connection with this name and address exists\./);
});
