// Runs test files, each in a process of its own, some at a time.
import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { run } from './process.mjs';

/** One file that hangs must not keep the others from being told. Milliseconds. */
const fileTimeout = 600_000;

/**
 * Resolves with the counts of all files; what failed is said as soon as it is known. With `again`, a file that failed is
 * run a second time when all others are through and the machine is free: what both runs did is said, and the second
 * counts. So a stall of a shared machine does not look like a fault of the product, and neither is silent.
 */
export async function runFiles(files, { atOnce, again, say }) {
	const results = new Map();
	const waiting = [...files];
	const lane = async () => {
		for (let file = waiting.shift(); file; file = waiting.shift()) {
			const start = Date.now();
			const result = await runFile(file);
			results.set(file, result);
			const { passed, failed, text } = result;
			const seconds = ((Date.now() - start) / 1000).toFixed(1);
			if (failed > 0) say(text);
			if (!again)
				say(`${failed > 0 ? '✖' : '✔'} ${basename(file, '.mjs')} ${passed} passed, ${failed} failed, ${seconds} s\n`);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, lane));
	if (again) {
		for (const [file, { failed }] of results) {
			if (failed === 0) continue;
			const second = await runFile(file);
			const became = second.failed === 0 ? 'passed' : 'failed again';
			say(`  ${basename(file, '.mjs')}, run once more and alone, ${became}.\n${second.failed > 0 ? second.text : ''}`);
			results.set(file, second);
		}
	}
	const all = files.map((file) => results.get(file));
	const sum = (name) => all.reduce((total, result) => total + result[name], 0);
	return { passed: sum('passed'), failed: sum('failed'), contracts: all.flatMap(({ contracts }) => contracts) };
}

async function runFile(file) {
	const path = `${file}.json`;
	const args = ['--enable-source-maps', '--test-reporter=./scripts/lib/reporter.mjs', file];
	const env = { ...process.env, TEST_RESULT: path };
	const { code, text, timedOut } = await run(process.execPath, args, { env, timeoutMs: fileTimeout });
	const told = await readFile(path, 'utf8').then(JSON.parse, () => ({ passed: 0, failed: 0, contracts: [] }));
	await rm(path, { force: true });
	if (timedOut) return { ...told, failed: told.failed + 1, text: `${text}  ${file} did not end.\n` };
	// A process that ends badly after its last test, or before its first.
	if (code !== 0 && told.failed === 0) return { ...told, failed: 1, text: `${text}  ${file} ended with ${code}.\n` };
	return { ...told, text };
}
