// Makes the .vsix from a production build in a folder of its own; dist/ keeps the development build.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/editor.mjs';
import { installDependencies } from './lib/install.mjs';
import { run } from './lib/process.mjs';

const maxBytes = 3_000_000;
const { values } = parseArgs({ options: { out: { type: 'string' } } });
process.chdir(root);
await installDependencies((text) => console.log(text));
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const out = resolve(values.out ?? `${manifest.name}-${manifest.version}.vsix`);
const stage = join(root, '.cache', `package-${process.pid}`);
try {
	await mkdir(stage, { recursive: true });
	const notices = join(stage, 'ThirdPartyNotices.txt');
	await must(root, 'scripts/build.mjs', '--production', `--outdir=${join(stage, 'dist')}`, `--notices=${notices}`);
	const listed = (await readFile('.vscodeignore', 'utf8')).split('\n').filter((line) => line.startsWith('!'));
	for (const line of listed) {
		const path = line.slice(1).replace(/\/\*\*$/, '');
		if (path !== 'dist' && existsSync(path)) await cp(path, join(stage, path), { recursive: true });
	}
	const readme = await readFile('README.md', 'utf8');
	await writeFile(join(stage, 'README.md'), readme.replace(/<!-- Only in the repository[\s\S]*?<!-- End -->\n/g, ''));
	await cp('.vscodeignore', join(stage, '.vscodeignore'));
	// Everything is bundled, and vsce refuses "files" beside .vscodeignore.
	const { scripts: _, devDependencies: __, dependencies: ___, overrides: ____, files: _____, ...shipped } = manifest;
	await writeFile(join(stage, 'package.json'), `${JSON.stringify(shipped, undefined, '\t')}\n`);
	const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
	const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
	await must(stage, vsce, 'package', ...options, '--out', out);
} finally {
	await rm(stage, { recursive: true, force: true });
}
const { size } = await stat(out);
console.log(`${out}: ${(size / 1e6).toFixed(2)} MB`);
if (size > maxBytes) {
	console.error(`The package is larger than ${maxBytes / 1e6} MB.`);
	process.exitCode = 1;
}

/** Runs a script to its end. Exits with its output when it fails. */
async function must(cwd, script, ...args) {
	const { code, text } = await run(process.execPath, [script, ...args], { cwd, timeoutMs: 180_000 });
	if (code === 0) return;
	console.error(text);
	process.exit(1);
}
