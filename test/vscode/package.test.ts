import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { installEditor, root } from '../../scripts/lib/editor.mjs';
import { run } from '../../scripts/lib/process.mjs';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { connectAndOpen, settingsWith } from '../support/editor/panel-page';
import { stepsIn } from '../support/run/steps';

test('The package', async (t) => {
	const home = await mkdtemp(join(tmpdir(), 'messaging-workbench-package-'));
	t.after(() => rm(home, { recursive: true, force: true }));
	const vsix = join(home, 'it.vsix');
	const extensionsDir = join(home, 'extensions');

	const packed = await run(process.execPath, ['scripts/package.mjs', '--out', vsix], { cwd: root, timeoutMs: 120_000 });
	assert.equal(packed.code, 0, packed.text);
	const { node, entry } = await installEditor();
	const installed = await run(
		node,
		[entry, `--extensions-dir=${extensionsDir}`, `--user-data-dir=${join(home, 'user')}`, '--install-extension', vsix],
		{ timeoutMs: 120_000 },
	);
	assert.equal(installed.code, 0, installed.text);
	const [folder] = (await readdir(extensionsDir)).filter((name) => name.startsWith('messaging-workbench.'));
	const files = await readdir(join(extensionsDir, folder ?? ''));
	const notices = await readFile(join(extensionsDir, folder ?? '', 'ThirdPartyNotices.txt'), 'utf8');
	for (const name of ['mqtt', 'ws', 'lit-html', 'node-dtls-client'])
		assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
	for (const name of ['node_modules', 'src', 'test', 'scripts']) assert.ok(!files.includes(name), name);

	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const { mqtt, ws } = playground.ports;
	const editor = await openEditor({
		extensionsDir,
		files: settingsWith(
			{
				id: 'farm',
				name: 'Farm',
				protocol: 'mqtt',
				url: `mqtt://127.0.0.1:${mqtt}`,
				subscriptions: [{ target: 'farm/#' }],
			},
			{ id: 'ticker', name: 'Ticker', protocol: 'websocket', url: `ws://127.0.0.1:${ws}/ticker` },
		),
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);

	await step('works with no node_modules beside it: MQTT', async () => {
		const panel = await connectAndOpen(editor, 'Farm');
		await panel.log.filter({ hasText: 'farm/' }).first().waitFor();
	});

	await step('and WebSocket', async () => {
		const panel = await connectAndOpen(editor, 'Ticker');
		await panel.log.filter({ hasText: 'price' }).first().waitFor();
	});
});
