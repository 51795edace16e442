// Runs the contract suite and keeps its table of results in the documentation: node scripts/results.mjs
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

What every adapter did against the real server of its protocol, as the suite last printed it: ${passed} passed,
${failed} failed in all of \`test/contract\`. A case marked – does not apply to the protocol; its fixture says why.

`;
await writeFile('test/RESULTS.md', about + contractTable(contracts));
process.exitCode = failed === 0 ? 0 : 1;
