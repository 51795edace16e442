import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { npm, run } from '../../../scripts/lib/process.mjs';
import { withPlayground } from '../../support/servers/playground';

const shell = process.platform === 'win32';

test('installed from its package, the command line runs in a plain Node', async (t) => {
	const home = await mkdtemp(join(tmpdir(), 'messaging-workbench-npm-'));
	t.after(() => rm(home, { recursive: true, force: true }));
	const packed = await run(process.execPath, ['scripts/package.mjs', '--npm', home], { timeoutMs: 120_000 });
	assert.equal(packed.code, 0, packed.text);
	const [tarball = ''] = (await readdir(home)).filter((name) => name.endsWith('.tgz'));
	// It has no dependencies: nothing is fetched.
	await writeFile(join(home, 'package.json'), '{ "private": true }\n');
	const args = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', join(home, tarball)];
	const installed = await run(npm, args, { cwd: home, shell, timeoutMs: 120_000 });
	assert.equal(installed.code, 0, installed.text);
	const notices = await readFile(join(home, 'node_modules', 'messaging-workbench', 'ThirdPartyNotices.txt'), 'utf8');
	assert.match(notices, /^mqtt \d[\s\S]*Permission is hereby granted/m);

	const { ports, client } = await withPlayground(t);
	const { client: listener, messages } = await client();
	await listener.subscribeAsync('packed/#', { qos: 1 });
	await writeFile(
		join(home, 'a.messages'),
		`PUBLISH packed/a\nHost: mqtt://127.0.0.1:${ports.mqtt}\nQoS: 1\n\nfrom the package\n`,
	);
	const use = (...given: string[]) =>
		run('npx', ['--no-install', 'messaging-workbench', ...given], { cwd: home, shell, timeoutMs: 60_000 });
	const { version } = JSON.parse(await readFile('package.json', 'utf8'));
	const told = await use('--version');
	assert.match(told.text, new RegExp(`^${version}$`, 'm'));
	const ran = await use('run', 'a.messages');
	assert.equal(ran.code, 0, ran.text);
	assert.match(ran.text, /acknowledged/);
	assert.deepEqual(
		messages.map(({ payload }) => payload),
		['from the package'],
	);
});
