import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { build } from 'esbuild';
import type { createProfileStore } from '../../../../src/host/profiles/store';
import { removeLeftOvers, writeWhole } from '../../../../src/host/settings/write-file';
import { loadHost } from '../../../support/host/load-host';
import { repeat } from '../../../support/run/long';

const text = (letter: string) => JSON.stringify({ text: letter.repeat(300_000) });

/** Bundles a small program that writes two texts in turn until it is killed. It is started often. */
async function writer(home: string): Promise<string> {
	const outfile = join(home, 'writer.mjs');
	const code = `import { writeWhole } from './src/host/settings/write-file';
		const text = (letter) => JSON.stringify({ text: letter.repeat(300_000) });
		for (;;)
			for (const letter of ['a', 'b']) {
				process.stdout.write('.');
				await writeWhole(process.argv[2], text(letter));
			}`;
	await build({
		stdin: { contents: code, resolveDir: process.cwd(), loader: 'ts' },
		...{ outfile, bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning' },
	});
	return outfile;
}

async function folder(): Promise<string> {
	return mkdtemp(join(tmpdir(), 'settings-'));
}

/** Starts a writer and kills it some milliseconds after the start of its n-th write, which does not depend on the speed of the machine. */
async function killed(program: string, path: string, writing: number, ms: number): Promise<void> {
	const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
	const gone = new Promise((resolve) => child.once('exit', resolve));
	let begun = 0;
	await new Promise<void>((resolve) => {
		child.stdout.on('data', (chunk: Buffer) => {
			begun += chunk.length;
			if (begun >= writing) resolve();
		});
	});
	await new Promise((resolve) => setTimeout(resolve, ms));
	child.kill('SIGKILL');
	await gone;
}

const kills = repeat(20, 200);

test('a file is always whole however often its writer is killed', async () => {
	const home = await folder();
	const program = await writer(home);
	const seen = new Set<string>();
	const lane = async (lane: number) => {
		const path = join(home, `settings-${lane}.json`);
		await writeFile(path, text('0'));
		for (let kill = 0; kill < kills / 4; kill++) {
			await killed(program, path, 1 + (kill % 3), Math.random() * 15);
			const content: string = JSON.parse(await readFile(path, 'utf8')).text;
			assert.equal(content.length, 300_000);
			seen.add(content[0] ?? '');
		}
	};
	await Promise.all([0, 1, 2, 3].map(lane));
	assert.ok(seen.has('a') && seen.has('b'), 'the writers really wrote');
	const settings = [0, 1, 2, 3].map((lane) => `settings-${lane}.json`);
	for (const name of settings) await removeLeftOvers(join(home, name));
	assert.deepEqual((await readdir(home)).sort(), [...settings, 'writer.mjs'], 'nothing is left behind');
	await rm(home, { recursive: true });
});

test('keeps links and permissions and leaves no temporary file', async () => {
	const home = await folder();
	const real = join(home, 'real.json');
	const link = join(home, 'settings.json');
	await writeFile(real, 'old', { mode: 0o600 });
	await symlink(real, link);
	await writeWhole(link, 'new');
	assert.equal(await readFile(real, 'utf8'), 'new');
	assert.ok((await lstat(link)).isSymbolicLink());
	assert.equal((await stat(real)).mode & 0o777, 0o600);
	assert.deepEqual((await readdir(home)).sort(), ['real.json', 'settings.json']);
	await rm(home, { recursive: true });
});

test('keeps the old file and leaves no temporary one if the folder cannot be written', async () => {
	const home = await folder();
	const path = join(home, 'is-a-folder');
	await writeFile(join(home, 'other'), 'x');
	await assert.rejects(writeWhole(join(path, 'settings.json'), 'new'));
	assert.deepEqual(await readdir(home), ['other']);
	await rm(home, { recursive: true });
});

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const hour = 60 * 60 * 1000;

/** Id of a process that has ended. */
async function deadProcess(): Promise<number> {
	const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
	await new Promise((resolve) => child.once('exit', resolve));
	return child.pid ?? 0;
}

test('removes temporary files of killed processes and no other files', async (t) => {
	const home = await folder();
	t.after(() => rm(home, { recursive: true }));
	const path = join(home, 'settings.json');
	const dead = await deadProcess();
	const live = process.pid;
	const own = (where: string, pid: number | string, more = '0123abcd') =>
		`settings.json.messaging-workbench-${where}-${pid}-${more}.tmp`;
	const files: [name: string, age: number, stays: boolean][] = [
		['settings.json', 2 * hour, true],
		[own(machine, dead), 0, false],
		[own(machine, dead, '0123abce'), 2 * hour, false],
		[own(machine, live), 0, true],
		[own(machine, live, '0123abce'), 2 * hour, false],
		[own('00000000', dead), 0, true],
		[own('00000000', dead, '0123abce'), 2 * hour, false],
		[own(machine, dead, 'zz'), 2 * hour, true],
		[own(machine, '1e3'), 2 * hour, true],
		[`${own(machine, dead)}.bak`, 2 * hour, true],
		[`other-${own(machine, dead)}`, 2 * hour, true],
		[`settings.json.${dead}-abc.tmp`, 2 * hour, true],
		['settings.json.tmp', 2 * hour, true],
	];
	for (const [name, age] of files) {
		await writeFile(join(home, name), '{}');
		const time = new Date(Date.now() - age);
		await utimes(join(home, name), time, time);
	}
	await mkdir(join(home, own(machine, dead, 'aaaaaaaa')));
	await symlink(path, join(home, own(machine, dead, 'bbbbbbbb')));
	await removeLeftOvers(path);
	const expected = files.filter(([, , stays]) => stays).map(([name]) => name);
	expected.push(own(machine, dead, 'aaaaaaaa'), own(machine, dead, 'bbbbbbbb'));
	assert.deepEqual((await readdir(home)).sort(), expected.sort());
	await removeLeftOvers(join(home, 'no-folder', 'settings.json'));
});

test('removes them with the next write, and at the start once the workspace is trusted', async (t) => {
	const home = await folder();
	t.after(() => rm(home, { recursive: true }));
	const left = `settings.json.messaging-workbench-${machine}-${await deadProcess()}-0123abcd.tmp`;
	const work = join(home, '.vscode');
	const fill = async () => {
		await mkdir(work, { recursive: true });
		await writeFile(join(work, 'settings.json'), '{}');
		await writeFile(join(work, left), '{}');
	};
	await fill();
	await writeWhole(join(work, 'settings.json'), '{ }');
	assert.deepEqual(await readdir(work), ['settings.json']);

	await fill();
	const uri = (path: string) => ({ scheme: 'file', fsPath: path, toString: () => path });
	const event = () => ({ dispose() {} });
	const workspace = {
		isTrusted: false,
		textDocuments: [],
		workspaceFolders: [{ name: 'work', uri: uri(home) }],
		getConfiguration: () => ({ inspect() {} }),
		fs: { readFile: ({ fsPath }: { fsPath: string }) => readFile(fsPath) },
		onDidChangeConfiguration: event,
		onDidChangeWorkspaceFolders: event,
		onDidGrantWorkspaceTrust: event,
		onDidSaveTextDocument: event,
		onDidOpenTextDocument: event,
		onDidCloseTextDocument: event,
	};
	const { createProfileStore: create } = await loadHost<{ createProfileStore: typeof createProfileStore }>(
		'src/host/profiles/store.ts',
		{
			workspace,
			FileSystemError: class extends Error {},
			Uri: { joinPath: ({ fsPath }: { fsPath: string }, ...parts: string[]) => uri(join(fsPath, ...parts)) },
		},
	);
	const store = create();
	t.after(() => store.dispose());
	await store.ready;
	assert.deepEqual((await readdir(work)).sort(), ['settings.json', left]);
	workspace.isTrusted = true;
	await store.reload();
	assert.deepEqual(await readdir(work), ['settings.json']);
});
