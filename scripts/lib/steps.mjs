// The parts of `npm test`: each prints one line and adds to the counts.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './editor.mjs';
import { run } from './process.mjs';

/** Files of tests that may fail at first and pass when they run again. More are a fault of the tests. */
const maxReruns = 2;

/** A run of several steps that never takes longer than `totalMs` in all. */
export function createRun(totalMs) {
	const started = Date.now();
	const totals = { passed: 0, failed: 0 };
	const left = () => Math.max(1000, totalMs - (Date.now() - started));

	function report(name, { passed, failed }, ms, text = '') {
		totals.passed += passed;
		totals.failed += failed;
		const seconds = `${(ms / 1000).toFixed(1)} s`;
		console.log(
			`${failed > 0 ? '✖' : '✔'} ${name.padEnd(16)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${seconds.padStart(8)}`,
		);
		if (text.trim()) console.log(text.trimEnd());
	}

	return {
		totals,
		/** Counts a part that could not be run. */
		miss(name, why) {
			report(name, { passed: 0, failed: 1 }, 0, `  ${why}`);
		},
		/** One check: the action resolves with a sentence when it fails. */
		async check(name, action) {
			const start = Date.now();
			const wrong = await action().catch((error) => error.message);
			report(name, { passed: wrong ? 0 : 1, failed: wrong ? 1 : 0 }, Date.now() - start, wrong && `  ${wrong}`);
			return !wrong;
		},
		/** One check: a program that must exit with 0. Otherwise its output is shown. */
		async program(name, args, timeoutMs) {
			const start = Date.now();
			const { code, text, timedOut } = await run(process.execPath, args, {
				cwd: root,
				timeoutMs: Math.min(timeoutMs, left()),
			});
			const good = code === 0 && !timedOut;
			const why = timedOut ? `  It did not end within ${timeoutMs / 1000} s.\n${text}` : text;
			report(name, { passed: good ? 1 : 0, failed: good ? 0 : 1 }, Date.now() - start, good ? '' : why);
			return good;
		},
		/** Runs all tests of these levels and reports while they run. A run that is cut off counts as one more failure. */
		async levels(names, timeoutMs) {
			const result = join(root, '.cache', 'test', `${process.pid}.json`);
			await mkdir(join(root, '.cache', 'test'), { recursive: true });
			const start = Date.now();
			const { code, timedOut } = await run(process.execPath, ['scripts/unit.mjs', names.join(), '--again'], {
				cwd: root,
				timeoutMs: Math.min(timeoutMs, left()),
				env: { ...process.env, TEST_RESULT: result },
				onText: (text) => process.stdout.write(text),
			});
			const counts = existsSync(result) ? JSON.parse(await readFile(result, 'utf8')) : {};
			await rm(result, { force: true });
			for (const name of names) report(name, counts[name] ?? { passed: 0, failed: 1 }, Date.now() - start);
			const { reruns = 0 } = counts;
			if (reruns > 0) {
				const tooMany = reruns > maxReruns;
				const why = `  ${reruns} ${reruns === 1 ? 'file' : 'files'} failed at first and ran again; ${maxReruns} are allowed.`;
				report('reruns', { passed: tooMany ? 0 : 1, failed: tooMany ? 1 : 0 }, 0, why);
			}
			if (timedOut) report('tests', { passed: 0, failed: 1 }, Date.now() - start, '  They did not end in time.');
			else if (code !== 0 && totals.failed === 0)
				report('tests', { passed: 0, failed: 1 }, 0, `  They ended with ${code}.`);
		},
	};
}
