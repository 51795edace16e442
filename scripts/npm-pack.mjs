// Runs before and after `npm pack` and `npm publish` (scripts prepack and postpack). All libraries are bundled, so the packed
// package.json lists no dependencies and an installation downloads nothing else. Afterwards package.json is as before.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { run } from './lib/process.mjs';
import { root } from './lib/root.mjs';

process.chdir(root);
const original = '.cache/package.json.original';
const notices = 'ThirdPartyNotices.txt';

// An interrupted `npm pack` has left the original here.
if (existsSync(original)) await rename(original, 'package.json');
if (process.argv[2] === 'before') {
	const args = ['scripts/build.mjs', '--production', `--notices=${notices}`];
	const { code, text } = await run(process.execPath, args, { timeoutMs: 180_000 });
	if (code !== 0) {
		console.error(text);
		process.exit(1);
	}
	const manifest = await readFile('package.json', 'utf8');
	const { dependencies: _, devDependencies: __, overrides: ___, ...shipped } = JSON.parse(manifest);
	await mkdir('.cache', { recursive: true });
	await writeFile(original, manifest);
	await writeFile('package.json', `${JSON.stringify(shipped, undefined, '\t')}\n`);
} else await rm(notices, { force: true });
