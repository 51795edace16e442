// What Node's test runner tells of one file, as short text: failures whole. The counts go to a file.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { collectContracts } from './results.mjs';

/** What took longer is named where the tests are run by hand. */
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
			// Node warns about itself here; a test's own words help to understand its failure.
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
			// A test whose only fault is a part that failed was told with that part.
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
	const told = { ...counts, contracts, slow, cpuMs: (user + system) / 1000 };
	writeFileSync(process.env.TEST_RESULT, JSON.stringify(told));
}
