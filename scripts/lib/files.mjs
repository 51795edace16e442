// Runs test files, each in a process of its own, some at a time.
import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { run } from './process.mjs';

/** One file that hangs must not keep the others from being told. Milliseconds. */
const fileTimeout = 600_000;

/**
 * `levels`: the files of each level, by name. `lanes`: for each that runs beside the others, the levels it takes files
 * from, in this order. Resolves with the counts of each level; `fileDone` hears of each file as soon as it is through. A file that failed is run a second time when all others are through and the machine is free: what both
 * runs did is said, and the second counts. So a stall of a shared machine does not look like a fault of the product, and
 * neither is silent.
 */
export async function runFiles({ levels, lanes, again, fileDone }) {
	const waiting = new Map(Object.entries(levels).map(([level, files]) => [level, [...files]]));
	const results = new Map();
	const lane = async (takes, number) => {
		for (const level of takes) {
			const files = waiting.get(level) ?? [];
			for (let file = files.shift(); file; file = files.shift()) {
				const result = await runFile(file, number);
				results.set(file, result);
				fileDone(level, result);
			}
		}
	};
	await Promise.all(lanes.map(lane));
	if (again) {
		for (const [level, files] of Object.entries(levels)) {
			for (const file of files) {
				if (results.get(file)?.failed === 0) continue;
				const result = await runFile(file, 0);
				results.set(file, result);
				fileDone(level, { ...result, again: true });
			}
		}
	}
	return new Map(
		Object.entries(levels).map(([level, files]) => {
			const all = files.map((file) => results.get(file));
			const sum = (name) => all.reduce((total, result) => total + result[name], 0);
			return [level, { passed: sum('passed'), failed: sum('failed'), contracts: all.flatMap((one) => one.contracts) }];
		}),
	);
}

/** The lane has ports of its own, see `test/support/net/listen.ts`. */
async function runFile(file, lane) {
	const path = `${file}.json`;
	const name = basename(file, '.test.mjs');
	const start = Date.now();
	const args = ['--enable-source-maps', '--test-reporter=./scripts/lib/reporter.mjs', file];
	const env = { ...process.env, TEST_RESULT: path, TEST_LANE: String(lane) };
	const { code, text, timedOut } = await run(process.execPath, args, { env, timeoutMs: fileTimeout });
	const told = await readFile(path, 'utf8').then(JSON.parse, () => ({
		passed: 0,
		failed: 0,
		contracts: [],
		slow: [],
		cpuMs: 0,
	}));
	await rm(path, { force: true });
	const result = { name, ...told, text, ms: Date.now() - start };
	if (timedOut) return { ...result, failed: told.failed + 1, text: `${text}  ${file} did not end.\n` };
	// A process that ends badly after its last test, or before its first.
	if (code !== 0 && told.failed === 0) return { ...result, failed: 1, text: `${text}  ${file} ended with ${code}.\n` };
	return result;
}
