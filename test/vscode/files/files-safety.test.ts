import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { startPlayground } from '../../../src/playground/playground';
import { openEditor } from '../../support/editor/editor';
import { messagePage } from '../../support/editor/message-page';
import { settingsWith } from '../../support/editor/panel-page';
import { eventually } from '../../support/run/eventually';
import { stepsIn } from '../../support/run/steps';

test('Secrets, environments and production', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const url = `mqtt://127.0.0.1:${playground.ports.mqtt}`;
	const secret = `canary-${Math.random().toString(36).slice(2)}`;
	const editor = await openEditor({
		viewport: { width: 1600, height: 1000 },
		settings: { 'editor.minimap.enabled': false },
		files: {
			...settingsWith(
				{ id: 'farm', name: 'Farm', protocol: 'mqtt', url },
				{ id: 'prod', name: 'Live', protocol: 'mqtt', url, production: true },
			),
			'http-client.env.json': JSON.stringify({ dev: { room: 'kitchen' }, prod: { room: 'cellar' } }),
			'a.messages':
				'# @connection Farm\n# @timeout 5s\n### Asks\nREQUEST farm/ask/time\n\n{{room}} {{$secret token}}\n\n?? body asked startsWith cellar\n',
			'b.messages': '# @connection Live\n### To production\nPUBLISH demo/live\nQoS: 1\n\nhello\n',
			'c.messages': '# @connection Farm\n### A file outside\nPUBLISH demo/file\n\n< ../outside.txt\n',
			'../outside.txt': 'outside',
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const page = messagePage(editor);
	const notes = (expected: RegExp) =>
		eventually('notes', async () => assert.match((await page.notes()).join('\n'), expected));

	await step('a variable that no environment is chosen for is marked', async () => {
		await editor.openFile('a.messages');
		await eventually('diagnostic', async () => {
			const found = (await editor.probe.diagnostics()).filter(({ path }) => path.endsWith('a.messages'));
			assert.match(found.map(({ message }) => message).join(), /room/);
		});
	});

	await step('the environment is chosen in the status bar and counts at once', async () => {
		await editor.page.locator('.part.statusbar .statusbar-item', { hasText: 'No environment' }).click();
		await editor.pick('prod');
		await eventually('no diagnostic', async () =>
			assert.deepEqual(
				(await editor.probe.diagnostics()).filter(({ path }) => path.endsWith('a.messages')),
				[],
			),
		);
		await eventually('status bar', async () => assert.ok((await editor.statusBar()).includes('prod')));
	});

	await step('a secret is asked for once, is sent, and is masked wherever the answer shows it', async () => {
		await page.lens('Send');
		await editor.answerHidden(secret);
		await notes(/^✓ .*1 expectation passed/m);
		await eventually('result', async () => assert.ok((await editor.tabs()).some((one) => /a result/.test(one))));
		const text = await editor.page.locator('.part.editor').innerText();
		assert.match(text, /•••/);
		assert.doesNotMatch(text, new RegExp(secret));
		assert.doesNotMatch(editor.serverLog(), new RegExp(secret));
		assert.deepEqual(await editor.filesContaining(secret), []);
	});

	await step('production asks first, and without the answer nothing is sent', async () => {
		await editor.openFile('b.messages');
		await eventually('marked', async () => assert.match((await page.lenses()).join(), /PRODUCTION Live/));
		await page.lens('Send');
		await editor.page.locator('.monaco-dialog-box', { hasText: 'marked as production' }).waitFor();
		await editor.page.keyboard.press('Escape');
		await notes(/^✗ Nothing was sent to “Live”/m);
		await page.lens('Send');
		await editor.page.locator('.monaco-dialog-box .monaco-button', { hasText: /^Send$/ }).click();
		await notes(/^✓ acknowledged/m);
	});

	await step('a file outside of the workspace is read only after asking', async () => {
		await editor.openFile('c.messages');
		await page.lens('Send');
		await editor.page
			.locator('.monaco-dialog-box', { hasText: 'outside of the message file’s project folder' })
			.waitFor();
		await editor.page.keyboard.press('Escape');
		await notes(/^✗ not sent · .*was not read/m);
	});
});

/** Would open a terminal, if it were taken for more than text. */
const linkName = '[Trust me](command:workbench.action.terminal.new)';

test('In an untrusted workspace', async (t) => {
	let visitors = 0;
	const canary = createServer((socket) => {
		visitors++;
		socket.destroy();
	});
	canary.listen(0, '127.0.0.1');
	await once(canary, 'listening');
	t.after(() => canary.close());
	const address = canary.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	const editor = await openEditor({
		restricted: true,
		env: { MW_CANARY: 'canary-process' },
		files: {
			'http-client.env.json': '{"dev":{"room":"canary-room"}}',
			'.env': 'KEY=canary-dotenv',
			'payloads/canary-listed.bin': 'x',
			'b.messages':
				'# @env dev\n### Shown?\nPUBLISH demo/{{room}}\n\n{{$processEnv MW_CANARY}} {{$dotenv KEY}}\n< ./payloads/\n',
			'a.messages': `### Sent?\nPUBLISH demo/a\nHost: mqtt://127.0.0.1:${port}\nRetain: no\n\nhello\n`,
			...settingsWith(
				{ id: 'u', name: 'Untrusted', protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}` },
				{ id: 'l', name: linkName, protocol: 'mqtt', url: 'mqtt://127.0.0.1:1' },
			),
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const page = messagePage(editor);

	await step('the name of a connection is no link in what says that the workspace is not trusted', async () => {
		await editor.sidebar();
		await editor.row('Trust me').waitFor();
		void editor.probe.command('messagingWorkbench.connect', 'l').catch(() => {});
		await eventually('the refusal', async () => {
			const texts = (await editor.notifications()).join('\n').replaceAll('\u2060', '');
			assert.ok(texts.includes(linkName) && texts.includes('not trusted'), texts);
		});
		assert.equal(await editor.page.locator('.notification-list-item-message a').count(), 0);
	});

	await step('connects to nothing, whatever is asked', async () => {
		await editor.sidebar();
		// Most of them wait for an answer of the user, so that none is waited for.
		for (const command of ['connect', 'testConnection', 'openPanel', 'sendSelection', 'subscribe', 'publishHere'])
			void editor.probe.command(`messagingWorkbench.${command}`, 'u').catch(() => {});
		await editor.page.waitForTimeout(3000);
		await editor.page.keyboard.press('Escape');
		assert.equal(visitors, 0);
	});

	await step('a file is checked, and nothing of it is sent', async () => {
		await editor.openFile('a.messages');
		await eventually('diagnostic', async () =>
			assert.match((await editor.probe.diagnostics()).map(({ message }) => message).join(), /true or false/),
		);
		await page.lens('Send');
		await eventually('refusal', async () => assert.match((await editor.notifications()).join(), /not trusted/));
		for (const command of ['sendRequest', 'sendAllRequests', 'copyRequestAs'])
			void editor.probe.command(`messagingWorkbench.${command}`).catch(() => {});
		void editor.probe.command('testing.runAll').catch(() => {});
		await editor.page.waitForTimeout(3000);
		assert.equal(visitors, 0);
	});

	await step('nothing of its environment, of this machine or of its folders is shown', async () => {
		await editor.openFile('b.messages');
		const path = join(editor.folder, 'b.messages');
		const look = (line: number, character: number) => editor.probe.look(path, line, character);
		await eventually('a hover', async () => assert.match(await look(2, 16), /hover: .*not.*trusted/));
		const seen = await Promise.all([look(2, 15), look(4, 5), look(4, 30), look(5, 13), look(0, 9)]);
		assert.doesNotMatch(seen.join('\n'), /canary|link:/);
		assert.match(seen.join('\n'), /completion:/, 'it does complete what the text itself says');
		await editor.page.waitForTimeout(1000);
		assert.deepEqual(
			(await editor.probe.diagnostics()).filter((one) => one.path.endsWith('b.messages')),
			[],
		);
		assert.doesNotMatch((await editor.statusBar()).join(), /canary/);
	});
});
