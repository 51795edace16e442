// Bundles the tests of one level and runs each file with Node's own runner: node scripts/unit.mjs unit [name …] [--again]
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { runFiles } from './lib/files.mjs';
import { ownAead } from './lib/own-aead.mjs';
import { endWithUs } from './lib/process.mjs';
import { contractTable } from './lib/results.mjs';
import { root } from './lib/root.mjs';

process.chdir(root);
endWithUs();
const again = process.argv.includes('--again');
const [level = 'unit', ...names] = process.argv.slice(2).filter((word) => word !== '--again');
const files = (await readdir(`test/${level}`, { recursive: true }))
	.filter((file) => file.endsWith('.test.ts') && (names.length === 0 || names.some((name) => file.includes(name))))
	.sort();
if (files.length === 0) {
	console.error(`No test file in test/${level}${names.length > 0 ? ` is named like ${names.join(' or ')}` : ''}.`);
	process.exit(1);
}
const outdir = join('.cache', 'test', `${level}-${process.pid}`);
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
	plugins: [ownAead],
});
try {
	const { passed, failed, contracts } = await runFiles(
		files.map((file) => join(outdir, file.replace(/\.ts$/, '.mjs'))),
		// An editor or a browser wants the machine for itself.
		{ atOnce: { unit: 2, contract: 2 }[level] ?? 1, again, say: (text) => process.stdout.write(text) },
	);
	if (process.env.TEST_RESULT) await writeFile(process.env.TEST_RESULT, JSON.stringify({ passed, failed, contracts }));
	else {
		if (contracts.length > 0) console.log(`\n${contractTable(contracts)}`);
		console.log(`${passed} passed, ${failed} failed`);
	}
	process.exitCode = failed === 0 ? 0 : 1;
} finally {
	await rm(outdir, { recursive: true, force: true });
}
