// Bundles the tests of levels and runs each file with Node's own runner: node scripts/unit.mjs unit[,contract …] [name …] [--again]
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { testBundle } from './lib/bundle.mjs';
import { runFiles } from './lib/files.mjs';
import { endWithUs } from './lib/process.mjs';
import { contractTable } from './lib/results.mjs';
import { root } from './lib/root.mjs';

/**
 * What runs beside what, for a machine of two cores: most files of "contract" wait for a server that is frozen or killed,
 * an editor is rarely idle, and no more than two of those run at once.
 */
const lanes = [
	['webview', 'vscode'],
	['unit', 'contract', 'vscode'],
	['unit', 'contract'],
];
/** They take longest, so they begin. */
const long =
	/amqp.test|ejabberd|prosody|coap.test|mqtt.test|hostile-worker|pipes|websocket.test|settings.write|safety|panel/;

process.chdir(root);
endWithUs();
const again = process.argv.includes('--again');
const [wanted = 'unit', ...names] = process.argv.slice(2).filter((word) => word !== '--again');
const outdir = join('.cache', 'test', String(process.pid));

async function bundled(level) {
	const files = (await readdir(`test/${level}`, { recursive: true }))
		.filter((file) => file.endsWith('.test.ts') && (names.length === 0 || names.some((name) => file.includes(name))))
		.sort((a, b) => Number(long.test(b)) - Number(long.test(a)) || a.localeCompare(b));
	if (files.length === 0) {
		console.error(`No test file in test/${level}${names.length > 0 ? ` is named like ${names.join(' or ')}` : ''}.`);
		process.exit(1);
	}
	await build({
		entryPoints: files.map((file) => `test/${level}/${file}`),
		outdir: join(outdir, level),
		outbase: `test/${level}`,
		...testBundle,
		sourcemap: 'inline',
	});
	return files.map((file) => join(outdir, level, file.replace(/\.ts$/, '.mjs')));
}

function fileDone(level, { name, passed, failed, text, ms, cpuMs, slow, again: second }) {
	const seconds = `${(ms / 1000).toFixed(1)} s`;
	// Of the file's own process: what it takes without it, it waits, or others work for it.
	const counts = `${String(passed).padStart(4)} passed, ${failed} failed ${seconds.padStart(8)}, ${(cpuMs / 1000).toFixed(1)} s of processor`;
	console.log(`${failed > 0 ? '✖' : '✔'} ${level} ${name}${second ? ', once more and alone' : ''}`.padEnd(48) + counts);
	if (failed > 0) console.log(text.trimEnd());
	else if (names.length > 0) for (const one of slow) console.log(`    ${one}`);
}

try {
	const levels = {};
	for (const level of wanted.split(',')) levels[level] = await bundled(level);
	const known = lanes.some((takes) => takes.includes(wanted));
	const results = await runFiles({
		levels,
		lanes: known || wanted.includes(',') ? lanes : [[wanted]],
		again,
		fileDone,
	});
	if (process.env.TEST_RESULT) await writeFile(process.env.TEST_RESULT, JSON.stringify(Object.fromEntries(results)));
	const all = [...results.values()];
	const contracts = all.flatMap((one) => one.contracts);
	if (contracts.length > 0) console.log(`\n${contractTable(contracts)}`);
	const sum = (name) => all.reduce((total, one) => total + one[name], 0);
	// The whole test has a last line of its own.
	if (!process.env.TEST_RESULT) console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
	process.exitCode = sum('failed') === 0 ? 0 : 1;
} finally {
	await rm(outdir, { recursive: true, force: true });
}
