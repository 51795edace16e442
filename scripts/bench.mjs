// Runs each bench in its own process, one after another, and prints tables of ratios. Usage: node scripts/bench.mjs [name …]
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { testBundle } from './lib/bundle.mjs';
import { root } from './lib/editor.mjs';
import { endWithUs, run } from './lib/process.mjs';

process.chdir(root);
endWithUs();
const minute = 60_000;
const names = process.argv.slice(2);
const files = (await readdir('test/bench', { recursive: true }))
	.filter((file) => file.endsWith('.bench.ts') && (names.length === 0 || names.some((name) => file.includes(name))))
	.sort();
const built = await run(process.execPath, ['scripts/build.mjs', '--production'], { cwd: root, timeoutMs: 2 * minute });
if (built.code !== 0) throw new Error(built.text);
const outdir = join('.cache', `bench-${process.pid}`);
await mkdir(outdir, { recursive: true });
await build({
	entryPoints: files.map((file) => `test/bench/${file}`),
	outdir,
	outbase: 'test/bench',
	...testBundle,
	footer: { js: `console.log('ROWS ' + JSON.stringify(await bench())); process.exit(0);` },
});
try {
	for (const file of files) {
		const path = join(outdir, file.replace(/\.ts$/, '.mjs'));
		const { code, text, timedOut } = await run(process.execPath, ['--expose-gc', path], {
			cwd: root,
			timeoutMs: 10 * minute,
		});
		const rows = /^ROWS (.*)$/m.exec(text)?.[1];
		console.log(`\n${file.replace('.bench.ts', '')}`);
		if (!rows) {
			console.log(`  failed (${timedOut ? 'did not end' : `exit ${code}`})\n${text}`);
			process.exitCode = 1;
			continue;
		}
		for (const { name, value, reference, ratio, spread, goal } of JSON.parse(rows)) {
			const range = spread ? ` (${spread.map((one) => one.toFixed(2)).join('–')})` : '';
			console.log(
				`  ${name.padEnd(64)} ${value.padStart(18)}${ratio === undefined ? '' : `   × ${ratio.toFixed(2)}${range}`}${reference ? `   of ${reference}` : ''}${goal ? `   goal ${goal}` : ''}`,
			);
		}
	}
} finally {
	await rm(outdir, { recursive: true, force: true });
}
