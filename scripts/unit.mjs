// Bundles the tests of levels and runs them with Node's test runner: node scripts/unit.mjs unit[,contract …] [name …] [--again]
// A name is a part of a file's path below its level. --again runs a file that failed a second time.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { testBundle } from './lib/bundle.mjs';
import { runFiles } from './lib/files.mjs';
import { needsProcess } from './lib/isolation.mjs';
import { endWithUs } from './lib/process.mjs';
import { contractTable } from './lib/results.mjs';
import { root } from './lib/root.mjs';

/**
 * The levels that each lane takes its files from, in this order, for a machine of two cores. Most files of "contract" wait for
 * a server that starts, is frozen or is killed, so that three of them run beside an editor, which is rarely idle.
 */
const lanes = [
	['vscode', 'contract'],
	['unit', 'webview', 'contract'],
	['contract', 'vscode'],
	['contract', 'unit'],
];
/** The files that take longest start first. */
const long =
	/amqp.test|agriculture|cases|coap.test|ejabberd|hostile-worker|installed|mqtt.test|new-protocol|panel\/|pipes|prosody|profiles|rules|safety|secret-echo|settings.write|websocket.test/;

process.chdir(root);
endWithUs();
const again = process.argv.includes('--again');
const [wanted = 'unit', ...names] = process.argv.slice(2).filter((word) => word !== '--again');
const outdir = join('.cache', 'test', String(process.pid));

/** The bundles of a level's tests, each of which runs in a process of its own. */
async function bundled(level) {
	const files = (await readdir(`test/${level}`, { recursive: true }))
		.filter((file) => file.endsWith('.test.ts') && (names.length === 0 || names.some((name) => file.includes(name))))
		.sort((a, b) => Number(long.test(b)) - Number(long.test(a)) || a.localeCompare(b));
	if (files.length === 0) {
		console.error(`No test file in test/${level}${names.length > 0 ? ` is named like ${names.join(' or ')}` : ''}.`);
		process.exit(1);
	}
	const folder = join(outdir, level);
	await mkdir(folder, { recursive: true });
	const entryPoints = await Promise.all(
		(await grouped(level, files)).map(async ({ name, members }) => {
			const imports = members.map((file) => `import ${JSON.stringify(resolve('test', level, file))};\n`);
			const entry = join(folder, `${name.replaceAll('/', '-')}.ts`);
			await writeFile(entry, imports.join(''));
			return { in: members.length > 1 ? entry : `test/${level}/${members[0]}`, out: name };
		}),
	);
	await build({ ...testBundle, entryPoints, outdir: folder, sourcemap: 'inline' });
	return entryPoints.map(({ out }) => join(folder, `${out}.mjs`));
}

/**
 * Unit tests that need no process of their own share one for each folder of test/unit, and the files of a folder of
 * test/webview share one with its browser; every other file has its own.
 */
async function grouped(level, files) {
	const groups = new Map();
	for (const file of files) {
		const alone = level === 'unit' ? await needsProcess(`test/${level}/${file}`) : level !== 'webview';
		const name = alone ? file.replace(/\.test\.ts$/, '') : `${file.split(/[\\/]/)[0]}/shared`;
		groups.set(name, [...(groups.get(name) ?? []), file]);
	}
	return [...groups].map(([name, members]) => ({ name, members }));
}

function fileDone(level, { name, passed, failed, text, ms, cpuMs, slow, again: second }) {
	const seconds = `${(ms / 1000).toFixed(1)} s`;
	// Processor time of the file's own process; the rest of the time it waits or its servers work.
	const counts = `${String(passed).padStart(4)} passed, ${failed} failed ${seconds.padStart(8)}, ${(cpuMs / 1000).toFixed(1)} s of processor`;
	console.log(`${failed > 0 ? '✖' : '✔'} ${level} ${name}${second ? ', once more and alone' : ''}`.padEnd(48) + counts);
	if (failed > 0) console.log(text.trimEnd());
	else if (names.length > 0) for (const one of slow) console.log(`    ${one}`);
}

try {
	const levels = {};
	for (const level of wanted.split(',')) levels[level] = await bundled(level);
	const isKnown = lanes.some((levelsOfLane) => levelsOfLane.includes(wanted));
	const { results, reruns } = await runFiles({
		levels,
		lanes: isKnown || wanted.includes(',') ? lanes : [[wanted]],
		again,
		fileDone,
		env: { TEST_OUTDIR: outdir },
	});
	if (process.env.TEST_RESULT)
		await writeFile(process.env.TEST_RESULT, JSON.stringify({ ...Object.fromEntries(results), reruns }));
	const all = [...results.values()];
	const contracts = all.flatMap((one) => one.contracts);
	if (contracts.length > 0) console.log(`\n${contractTable(contracts)}`);
	const sum = (name) => all.reduce((total, one) => total + one[name], 0);
	// npm test prints a last line of its own.
	if (!process.env.TEST_RESULT) console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
	process.exitCode = sum('failed') === 0 ? 0 : 1;
} finally {
	await rm(outdir, { recursive: true, force: true });
}
