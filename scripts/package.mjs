// Makes the .vsix, or with --npm <folder> the package for npm (the command line), from a production build, in a folder of its own: dist/ keeps the build that is being worked with.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/editor.mjs';
import { installDependencies } from './lib/install.mjs';
import { npm, run } from './lib/process.mjs';

const mostBytes = 3_000_000;
const { values } = parseArgs({ options: { out: { type: 'string' }, npm: { type: 'string' } } });
process.chdir(root);
await installDependencies((text) => console.log(text));
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const out = resolve(values.out ?? `${manifest.name}-${manifest.version}.vsix`);
const stage = join(root, '.cache', `package-${process.pid}`);
try {
	await mkdir(stage, { recursive: true });
	const notices = join(stage, 'ThirdPartyNotices.txt');
	await must('scripts/build.mjs', '--production', `--outdir=${join(stage, 'dist')}`, `--notices=${notices}`);
	const listed = (await readFile('.vscodeignore', 'utf8')).split('\n').filter((line) => line.startsWith('!'));
	for (const line of listed) {
		const path = line.slice(1).replace(/\/\*\*$/, '');
		if (path !== 'dist' && existsSync(path)) await cp(path, join(stage, path), { recursive: true });
	}
	await cp('.vscodeignore', join(stage, '.vscodeignore'));
	// Everything is bundled: what stands here is what an installed extension needs to know.
	const { scripts: _, devDependencies: __, dependencies: ___, private: ____, files: _____, ...shipped } = manifest;
	await writeFile(join(stage, 'package.json'), `${JSON.stringify(shipped, undefined, '\t')}\n`);
	if (values.npm) await pack(resolve(values.npm));
	else
		await must(
			join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
			'package',
			'--no-dependencies',
			'--allow-missing-repository',
			'--no-rewrite-relative-links',
			'--out',
			out,
		);
} finally {
	await rm(stage, { recursive: true, force: true });
}
if (values.npm) process.exit(0);
const { size } = await stat(out);
console.log(`${out}: ${(size / 1e6).toFixed(2)} MB`);
if (size > mostBytes) {
	console.error(`That is more than ${mostBytes / 1e6} MB.`);
	process.exitCode = 1;
}

async function must(script, ...args) {
	const cwd = script.endsWith('vsce') ? stage : root;
	const { code, text } = await run(process.execPath, [script, ...args], { cwd, timeoutMs: 180_000 });
	if (code === 0) return;
	console.error(text);
	process.exit(1);
}

async function pack(folder) {
	const args = ['pack', '--ignore-scripts', '--pack-destination', folder];
	const { code, text } = await run(npm, args, { cwd: stage, shell: process.platform === 'win32', timeoutMs: 60_000 });
	console.log(text.trim());
	if (code !== 0) process.exit(1);
}
