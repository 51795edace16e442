import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { build } from 'esbuild';
import { writeWhole } from '../../src/host/profiles/write-file';

const text = (letter: string) => JSON.stringify({ text: letter.repeat(300_000) });

/** A program of its own, as small as can be since it is started so often: it writes two texts in turn until it is killed. */
async function writer(home: string): Promise<string> {
	const outfile = join(home, 'writer.mjs');
	const code = `import { writeWhole } from './src/host/profiles/write-file';
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

/** Starts a writer and kills it some milliseconds after it has begun its n-th writing: so many have been made, however slow the machine. */
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

test('killed while writing 200 times, the file is always whole', async () => {
	const home = await folder();
	const program = await writer(home);
	const seen = new Set<string>();
	const lane = async (lane: number) => {
		const path = join(home, `settings-${lane}.json`);
		await writeFile(path, text('0'));
		for (let kill = 0; kill < 50; kill++) {
			await killed(program, path, 1 + (kill % 3), Math.random() * 15);
			const content: string = JSON.parse(await readFile(path, 'utf8')).text;
			assert.equal(content.length, 300_000);
			seen.add(content[0] ?? '');
		}
	};
	await Promise.all([0, 1, 2, 3].map(lane));
	assert.ok(seen.has('a') && seen.has('b'), 'the writers really wrote');
	await rm(home, { recursive: true });
});

test('a link stays a link, permissions stay, and nothing is left behind', async () => {
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

test('a folder that cannot be written leaves the old file and no temporary one', async () => {
	const home = await folder();
	const path = join(home, 'is-a-folder');
	await writeFile(join(home, 'other'), 'x');
	await assert.rejects(writeWhole(join(path, 'settings.json'), 'new'));
	assert.deepEqual(await readdir(home), ['other']);
	await rm(home, { recursive: true });
});
