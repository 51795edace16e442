// npm test: installs the prerequisites, runs all levels, ends with one line and an exit code. --long repeats more often
// (test/support/run/long.ts).
import { checkLockFile, checkVersions } from './lib/checks.mjs';
import { installEditor, root } from './lib/editor.mjs';
import { installDependencies } from './lib/install.mjs';
import { endWithUs } from './lib/process.mjs';
import { createRun } from './lib/steps.mjs';
import { installPrograms } from './lib/system.mjs';

const minute = 60_000;
process.chdir(root);
if (process.argv.includes('--long')) process.env.TEST_LONG = '1';
endWithUs();
const say = (text) => console.log(text);
const test = createRun(80 * minute);
const notRun = [];

// The installations mostly wait for the network and run at once, except two of npm, which would disturb each other's cache.
const programs = installPrograms(say);
const ready = await test.check('dependencies', () => installDependencies(say));
const missing = await programs;
const cannot = new Map();
for (const program of missing) {
	for (const level of program.levels) {
		cannot.set(level, [...(cannot.get(level) ?? []), `${program.name} (Debian package ${program.package})`]);
	}
}

if (ready) {
	const editor = test.check('editor', () => installEditor(say).then(() => undefined));
	await Promise.all([
		test.check('lock file', checkLockFile),
		test.check('versions', checkVersions),
		test.program('lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'], 2 * minute),
		test.program('manifest', ['scripts/manifest.mjs', '--check'], minute),
	]);
	for (const project of ['tsconfig.json', 'webview/tsconfig.json', 'test/tsconfig.json']) {
		await test.program(
			`types ${project.split('/').at(-2) ?? 'src'}`,
			['node_modules/typescript/bin/tsc', '-p', project],
			3 * minute,
		);
	}
	const built = await test.program('build', ['scripts/build.mjs'], 2 * minute);
	const editorReady = await editor;
	const levels = [
		{ name: 'unit', possible: true },
		{ name: 'contract', possible: true },
		{ name: 'webview', possible: built },
		{ name: 'vscode', possible: built && editorReady },
	].filter(({ name, possible }) => {
		const lacks = cannot.get(name);
		if (lacks && process.env.CI) test.miss(name, `Missing: ${lacks.join(', ')}.`);
		else if (lacks) notRun.push(`${name}: missing ${lacks.join(', ')}`);
		else if (!possible) test.miss(name, 'The build or the editor it tests is missing.');
		return !lacks && possible;
	});
	if (levels.length > 0)
		await test.levels(
			levels.map(({ name }) => name),
			70 * minute,
		);
}

for (const text of notRun) console.log(`not run: ${text}`);
console.log(`${test.totals.passed} passed, ${test.totals.failed} failed`);
process.exit(test.totals.failed === 0 ? 0 : 1);
