// Runs test files, each in a process of its own, some at a time.
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { run } from './process.mjs';

/** Milliseconds after which a file is ended, so that the others are still reported. */
const fileTimeout = 600_000;

/**
 * Runs the files of several levels. `levels`: the files by level. `lanes`: for each lane, the levels it takes files from, in
 * this order. `env`: variables of all files. `fileDone` is called after each file. With `again`, a file that failed runs a second time when all others are
 * through: both results are reported and the second counts, so that a stall of a shared machine does not look like a fault of
 * the product. Resolves with the counts of each level and the number of files that ran again.
 */
export async function runFiles({ levels, lanes, again, fileDone, env }) {
	const waiting = new Map(Object.entries(levels).map(([level, files]) => [level, [...files]]));
	const results = new Map();
	const lane = async (takes, number) => {
		for (const level of takes) {
			const files = waiting.get(level) ?? [];
			for (let file = files.shift(); file; file = files.shift()) {
				const result = await runFile(file, number, env);
				results.set(file, result);
				fileDone(level, result);
			}
		}
	};
	await Promise.all(lanes.map(lane));
	let reruns = 0;
	if (again) {
		for (const [level, files] of Object.entries(levels)) {
			for (const file of files) {
				if (results.get(file)?.failed === 0) continue;
				reruns++;
				const result = await runFile(file, 0, env);
				results.set(file, result);
				fileDone(level, { ...result, again: true });
			}
		}
	}
	const counts = Object.entries(levels).map(([level, files]) => {
		const all = files.map((file) => results.get(file));
		const sum = (name) => all.reduce((total, result) => total + result[name], 0);
		return [level, { passed: sum('passed'), failed: sum('failed'), contracts: all.flatMap((one) => one.contracts) }];
	});
	return { results: new Map(counts), reruns };
}

/** Each lane has ports of its own, see `test/support/net/listen.ts`; a test that runs tests lends them its ports. */
async function runFile(file, lane, more) {
	const path = `${file}.json`;
	const name = `${basename(dirname(file))}/${basename(file, '.mjs')}`;
	const start = Date.now();
	const args = ['--enable-source-maps', '--test-reporter=./scripts/lib/reporter.mjs', file];
	const env = { ...process.env, ...more, TEST_RESULT: path, TEST_LANE: process.env.TEST_LANE ?? String(lane) };
	const { code, text, timedOut } = await run(process.execPath, args, { env, timeoutMs: fileTimeout });
	const reported = await readFile(path, 'utf8').then(JSON.parse, () => ({
		passed: 0,
		failed: 0,
		contracts: [],
		slow: [],
		cpuMs: 0,
	}));
	await rm(path, { force: true });
	const result = { name, ...reported, text, ms: Date.now() - start };
	if (timedOut) return { ...result, failed: reported.failed + 1, text: `${text}  ${file} did not end.\n` };
	// A process that ends badly after its last test, or before its first.
	if (code !== 0 && reported.failed === 0)
		return { ...result, failed: 1, text: `${text}  ${file} ended with ${code}.\n` };
	return result;
}
