// Runs the contract suite and writes its table of results to test/RESULTS.md. Usage: node scripts/results.mjs
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/editor.mjs';
import { endWithUs, run } from './lib/process.mjs';
import { contractTable } from './lib/results.mjs';

process.chdir(root);
endWithUs();
const folder = await mkdtemp(join(tmpdir(), 'messaging-workbench-'));
const result = join(folder, 'result.json');
await run(process.execPath, ['scripts/unit.mjs', 'contract'], {
	cwd: root,
	timeoutMs: 15 * 60_000,
	env: { ...process.env, TEST_RESULT: result },
	onText: (text) => process.stdout.write(text),
});
const { passed, failed, contracts } = JSON.parse(await readFile(result, 'utf8')).contract;
await rm(folder, { recursive: true });
const about = `# Results

The results of each adapter against the real server of its protocol, as last printed by the suite: ${passed} passed,
${failed} failed in all of \`test/contract\`. A case marked – does not apply: the protocol lacks the feature, or the\ntransport is a further one of a protocol whose first transport ran it.

`;
await writeFile('test/RESULTS.md', about + contractTable(contracts));
process.exitCode = failed === 0 ? 0 : 1;
