import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { FailureError } from '../../../../src/base/failure';
import type { createProfileStore } from '../../../../src/host/profiles/store';
import { loadHost } from '../../../support/host/load-host';

const setting = 'messagingWorkbench.connections';
const good = { id: 'a', name: 'A', protocol: 'mqtt', url: 'mqtt://a', owner: 'ops', later: [1, { x: null }] };
const duplicate = { ...good, name: 'A again' };
const future = { id: 'f', name: 'F', protocol: 'carrier-pigeon', url: 'pigeon://loft', altitude: 40 };
const list = [good, future, 'not even an object', duplicate, { id: 'c', name: 'C', protocol: 'mqtt', url: 17 }];
const added = { id: 'n', name: 'N', protocol: 'mqtt', url: 'mqtt://n' };

class FileSystemError extends Error {
	constructor(readonly code: string) {
		super(code);
	}
}

interface Doc {
	uri: object;
	isDirty: boolean;
	getText(): string;
}

/** An editor that holds user settings in memory and the settings of one folder on disk. */
async function editorWith(t: TestContext, user: unknown, folderText?: string) {
	const home = await mkdtemp(join(tmpdir(), 'sources-'));
	t.after(() => rm(home, { recursive: true }));
	const path = join(home, '.vscode', 'settings.json');
	if (folderText !== undefined) {
		await mkdir(join(home, '.vscode'));
		await writeFile(path, folderText);
	}
	const uri = (path: string, scheme = 'file') => ({ scheme, path, fsPath: path, toString: () => `${scheme}:${path}` });
	const state = {
		global: user,
		updates: [] as { target: string; value: unknown }[],
		read: [] as string[],
		executed: [] as string[],
		documents: [] as Doc[],
		rejection: undefined as Error | undefined,
	};
	const event = () => ({ dispose() {} });
	const host = await loadHost<{ createProfileStore: typeof createProfileStore }>('src/host/profiles/store.ts', {
		ConfigurationTarget: { Global: 'user', Workspace: 'workspace', WorkspaceFolder: 'folder' },
		FileSystemError,
		Uri: { joinPath: ({ path }: { path: string }, ...parts: string[]) => uri(join(path, ...parts)) },
		commands: { executeCommand: async (name: string) => state.executed.push(name) },
		window: { showTextDocument: async () => {} },
		workspace: {
			isTrusted: true,
			get textDocuments() {
				return state.documents;
			},
			workspaceFolders: [{ name: 'work', uri: uri(home) }],
			getConfiguration: () => ({
				inspect: () => ({ globalValue: state.global }),
				async update(_: string, value: unknown, target: string) {
					if (state.rejection) throw state.rejection;
					state.updates.push({ target, value });
					if (target === 'user') state.global = value;
				},
			}),
			fs: {
				async readFile({ fsPath }: { fsPath: string }) {
					state.read.push(fsPath);
					return readFile(fsPath).catch(() => {
						throw new FileSystemError('FileNotFound');
					});
				},
			},
			onDidChangeConfiguration: event,
			onDidChangeWorkspaceFolders: event,
			onDidGrantWorkspaceTrust: event,
			onDidSaveTextDocument: event,
			onDidOpenTextDocument: event,
			onDidCloseTextDocument: event,
		},
	});
	const store = host.createProfileStore();
	t.after(() => store.dispose());
	await store.ready;
	const openUserSettings = (text: string, isDirty = false, path = '/User/settings.json') =>
		state.documents.push({ uri: uri(path, 'vscode-userdata'), isDirty, getText: () => text });
	return { state, store, path, openUserSettings, text: () => readFile(path, 'utf8') };
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
/** The bundle of the host has its own class of failures. */
const failureOf = (error: unknown) => (error as FailureError).failure;
const code = (expected: string) => (error: unknown) => failureOf(error).code === expected;

test('reads and writes user settings through VS Code and looks for no file of them', async (t) => {
	const { state, store, path } = await editorWith(t, list);
	assert.deepEqual(
		[...store.profiles].map(({ profile }) => profile.id),
		['a'],
	);
	assert.equal(store.broken.length, 4);
	await store.add(added, 'user');
	await store.update('a', { ...good, name: 'Anew' });
	await store.remove('n');
	const renamed = [{ ...good, name: 'Anew' }, ...list.slice(1)];
	assert.deepEqual(plain(state.updates), [
		{ target: 'user', value: [...list, added] },
		{ target: 'user', value: [...renamed, added] },
		{ target: 'user', value: renamed },
	]);
	assert.deepEqual([...new Set(state.read)], [path], 'only the settings of the folder are read');
});

test('a read without news calls no listener, and any news does', async (t) => {
	const { state, store, openUserSettings } = await editorWith(t, list);
	let calls = 0;
	store.onChanged(() => calls++);
	await store.reload();
	await store.reload();
	assert.equal(calls, 0);
	state.global = [...list, added];
	await store.reload();
	assert.equal(calls, 1);
	// Diagnostics need the text, although the connections are the same.
	openUserSettings(JSON.stringify({ [setting]: state.global }));
	await store.reload();
	assert.equal(calls, 2);
});

test('reorders connections of the user among broken entries', async (t) => {
	const { state, store } = await editorWith(t, [good, 'broken', added]);
	await store.move('n', 'a');
	assert.deepEqual(plain(state.global), [added, good, 'broken']);
	await store.move('n', undefined);
	assert.deepEqual(plain(state.global), [good, 'broken', added]);
});

test('edits the settings of a folder in place: comments stay, and VS Code writes nothing', async (t) => {
	const before = `{ // mine\n\t"${setting}": [\n\t\t{ "id": "w" /* odd */ }, // broken\n\t\t${JSON.stringify(added)}\n\t]\n}\n`;
	const { state, store, text } = await editorWith(t, [good], before);
	await store.update('n', { ...added, name: 'New name' });
	assert.equal(await text(), before.replace('"name":"N"', '"name":"New name"'));
	assert.deepEqual(state.updates, []);
});

test('lets VS Code create a settings file that does not exist yet', async (t) => {
	const { state, store } = await editorWith(t, undefined);
	await store.add(added, 'workspace');
	assert.deepEqual(plain(state.updates), [{ target: 'workspace', value: [added] }]);
});

test('moves a connection to the other scope', async (t) => {
	const { state, store, text } = await editorWith(t, [good], '{}');
	await store.update('a', good, 'workspace');
	assert.deepEqual(JSON.parse(await text()), { [setting]: [good] });
	assert.deepEqual(plain(state.global), []);
});

test('reports a refused write with its reason and changes nothing', async (t) => {
	const { state, store, openUserSettings } = await editorWith(t, [good]);
	state.rejection = new Error('Unable to write into user settings.');
	await assert.rejects(store.add(added, 'user'), (error) => {
		assert.equal(failureOf(error).evidence, 'Unable to write into user settings.');
		return code('unwritten-settings')(error);
	});
	openUserSettings('{', true);
	await assert.rejects(store.add(added, 'user'), code('unsaved-settings'));
	assert.deepEqual(state.executed, Array(2).fill('workbench.action.openSettingsJson'), 'the settings are opened');
	assert.deepEqual(state.global, [good]);
	assert.deepEqual(store.profiles.length, 1);
});

test('shows diagnostics in an open editor of the user settings if it holds the list that is in effect', async (t) => {
	const { store, openUserSettings, state } = await editorWith(t, list);
	const document = () => store.sources[0]?.document;
	assert.equal(document(), undefined);
	openUserSettings(`{ "${setting}": [] }`, false, '/User/profiles/other/settings.json');
	await store.reload();
	assert.equal(document(), undefined, 'the settings of another profile');
	const text = `{ // the same\n"${setting}": ${JSON.stringify(list)} }`;
	openUserSettings(text, false, '/User/profiles/mine/settings.json');
	await store.reload();
	assert.equal(document()?.text, text);
	assert.equal(String(document()?.uri), 'vscode-userdata:/User/profiles/mine/settings.json');
	assert.equal(store.profiles[0]?.index, 0);
	state.global = [good];
	await store.reload();
	assert.equal(document(), undefined, 'unsaved changes');
});
