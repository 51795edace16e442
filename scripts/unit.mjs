// Bundles the tests of one level and runs them with Node's own runner: node scripts/unit.mjs unit [name …]
import { spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const [level = 'unit', ...names] = process.argv.slice(2);
const files = (await readdir(`test/${level}`, { recursive: true }))
	.filter((file) => file.endsWith('.test.ts') && (names.length === 0 || names.some((name) => file.includes(name))))
	.sort();
if (files.length === 0) {
	console.error(`No test file in test/${level}${names.length > 0 ? ` is named like ${names.join(' or ')}` : ''}.`);
	process.exit(1);
}
const outdir = `.cache/test/${level}-${process.pid}`;
await build({
	entryPoints: files.map((file) => `test/${level}/${file}`),
	outdir,
	outbase: `test/${level}`,
	outExtension: { '.js': '.mjs' },
	bundle: true,
	packages: 'external',
	platform: 'node',
	target: 'node20',
	format: 'esm',
	sourcemap: 'inline',
	logLevel: 'warning',
});
const runner = spawn(
	process.execPath,
	[
		'--enable-source-maps',
		'--test',
		// An editor or a browser wants the machine for itself.
		`--test-concurrency=${level === 'unit' || level === 'contract' ? 2 : 1}`,
		// One file that hangs must not keep the others from being told.
		'--test-timeout=600000',
		...(process.env.TEST_ARGS?.split(' ') ?? ['--test-reporter=./scripts/lib/reporter.mjs']),
		...files.map((file) => `${outdir}/${file.replace(/\.ts$/, '.mjs')}`),
	],
	{ stdio: 'inherit', cwd: root },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal));
runner.on('exit', async (code) => {
	await rm(outdir, { recursive: true, force: true });
	process.exitCode = code ?? 1;
});
