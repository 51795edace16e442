// Reporter of Node's test runner for one process: prints failures in full and writes the counts to the file TEST_RESULT.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { collectContracts } from './results.mjs';

/** Tests that take longer are listed when tests are run by name. */
const slowMs = 4000;

export default async function* (source) {
	const counts = { passed: 0, failed: 0 };
	const slow = [];
	const { contracts, add } = collectContracts();
	const fail = (name, reason) => {
		counts.failed++;
		return `  ✖ ${name}\n${reason.replace(/^/gm, '      ')}\n`;
	};
	for await (const { type, data } of source) {
		if (type === 'test:stderr' || type === 'test:stdout') {
			// Warnings of Node are left out; the output of a test helps to understand its failure.
			if (!/ExperimentalWarning|--trace-warnings/.test(data.message)) yield data.message;
			continue;
		}
		if (type !== 'test:pass' && type !== 'test:fail') continue;
		add(data, type === 'test:pass');
		const ms = data.details?.duration_ms ?? 0;
		if (ms > slowMs) slow.push(`${(ms / 1000).toFixed(1)} s ${data.name}`);
		// A suite is counted by the tests in it.
		if (data.details?.type === 'suite') continue;
		if (type === 'test:fail') {
			const error = data.details?.error;
			// The failed subtest was reported itself.
			if (error?.failureType === 'subtestsFailed') {
				counts.failed++;
				continue;
			}
			const where = data.file ? `${relative(process.cwd(), data.file)}:${data.line}` : '';
			yield fail(`${data.name} ${where}`, String(error?.cause?.stack ?? error?.cause ?? error?.stack ?? error));
		} else if (data.skip !== undefined || data.todo !== undefined) {
			yield fail(data.name, 'It is skipped: a test runs or is deleted.');
		} else counts.passed++;
	}
	if (counts.passed + counts.failed === 0) yield fail('No test was run', 'A file without tests proves nothing.');
	const { user, system } = process.cpuUsage();
	const result = { ...counts, contracts, slow, cpuMs: (user + system) / 1000 };
	writeFileSync(process.env.TEST_RESULT, JSON.stringify(result));
}
