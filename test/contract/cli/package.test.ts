import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { npm, run } from '../../../scripts/lib/process.mjs';
import { withPlayground } from '../../support/servers/playground';

const shell = process.platform === 'win32';

test('npm pack makes a package whose command line runs with npx and installs nothing else', async (t) => {
	const home = await mkdtemp(join(tmpdir(), 'messaging-workbench-npm-'));
	t.after(() => rm(home, { recursive: true, force: true }));
	// A copy, because packing changes package.json and dist for a moment.
	const [copy, empty] = [join(home, 'repository'), join(home, 'empty')];
	await mkdir(copy);
	await mkdir(empty);
	const manifest = await readFile('package.json', 'utf8');
	const sources = [
		'package.json',
		'package-lock.json',
		'README.md',
		'LICENSE',
		'tsconfig.json',
		'scripts',
		'src',
		'webview',
	];
	for (const name of sources) await cp(name, join(copy, name), { recursive: true });
	await symlink(resolve('node_modules'), join(copy, 'node_modules'), 'junction');
	const packed = await run(npm, ['pack', '--pack-destination', empty], { cwd: copy, shell, timeoutMs: 180_000 });
	assert.equal(packed.code, 0, packed.text);
	assert.equal(await readFile(join(copy, 'package.json'), 'utf8'), manifest, 'packing leaves package.json as it was');

	const [tarball = ''] = (await readdir(empty)).filter((name) => name.endsWith('.tgz'));
	await writeFile(join(empty, 'package.json'), '{ "private": true }\n');
	const args = ['install', '--offline', '--no-audit', '--no-fund', join(empty, tarball)];
	const installed = await run(npm, args, { cwd: empty, shell, timeoutMs: 120_000 });
	assert.equal(installed.code, 0, installed.text);
	const modules = (await readdir(join(empty, 'node_modules'))).filter((name) => !name.startsWith('.'));
	assert.deepEqual(modules, ['messaging-workbench']);
	const notices = await readFile(join(empty, 'node_modules', 'messaging-workbench', 'ThirdPartyNotices.txt'), 'utf8');
	assert.match(notices, /^mqtt \d[\s\S]*Permission is hereby granted/m);

	const { ports, client } = await withPlayground(t);
	const { client: listener, messages } = await client();
	await listener.subscribeAsync('packed/#', { qos: 1 });
	const url = `mqtt://127.0.0.1:${ports.mqtt}`;
	await writeFile(join(empty, 'a.messages'), `PUBLISH packed/a\nHost: ${url}\nQoS: 1\n\nfrom a file\n`);
	const npx = (...words: string[]) =>
		run('npx', ['--no-install', 'messaging-workbench', ...words], { cwd: empty, shell, timeoutMs: 60_000 });
	const version = await npx('--version');
	assert.match(version.text, new RegExp(`^${JSON.parse(manifest).version}$`, 'm'));
	for (const words of [
		['publish', url, 'packed/b', '--message', 'from the command line', '-H', 'QoS: 1'],
		['run', 'a.messages'],
	]) {
		const { code, text } = await npx(...words);
		assert.equal(code, 0, text);
	}
	assert.deepEqual(
		messages.map(({ payload }) => payload),
		['from the command line', 'from a file'],
	);
});
