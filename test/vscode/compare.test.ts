import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { openEditor } from '../support/editor/editor';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { startWebSocketServer } from '../support/servers/websocket/websocket-server';

test('a user compares connections, and chooses a protocol', async (t) => {
	const server = await startWebSocketServer({ echo: true });
	t.after(() => server.stop());
	const url = `ws://127.0.0.1:${server.port}`;
	const connection = (name: string) => ({ id: name.toLowerCase(), name, protocol: 'websocket', url });
	const editor = await openEditor({
		files: {
			'.vscode/settings.json': JSON.stringify({
				'messagingWorkbench.connections': [connection('First'), connection('Second')],
			}),
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const list = editor.page.locator('.quick-input-widget');
	const accept = () => list.locator('.monaco-button', { hasText: 'OK' }).click();
	const row = (text: string) => list.locator('.monaco-list-row').filter({ hasText: text }).first();

	await step('a comparison that is stopped opens its report in a tab, where it can be saved', async () => {
		// The command is offered once the connections are known.
		await editor.sidebar();
		await editor.row('Second').waitFor();
		await editor.command('Messaging: Compare Connections');
		await list.filter({ hasText: 'Compare Connections' }).waitFor();
		await row('First').click();
		await row('Second').click();
		await accept();
		await row('64 KiB').waitFor();
		await row('1 KiB').click();
		await accept();
		await row('At most once').click();
		await row('Short').click();
		const progress = editor.page.locator('.notifications-toasts .notification-list-item', { hasText: 'run 2 of 3' });
		await progress.getByRole('button', { name: 'Cancel' }).click();
		const report = await editor.webview('h1:has-text("Comparison of connections")');
		const text = await report.locator('main').innerText();
		for (const part of [/First/, /Second/, /text frames/, /At most once, 16 B/, /loopback/]) assert.match(text, part);
		assert.ok(!/1 KiB/.test(text));
		assert.match(text, /stopped before it was complete/);
		assert.match((await editor.notifications()).join(), /The comparison was stopped/);
		await editor.page.locator('.editor-actions a[aria-label^="Save Report"]').click();
		const path = join(editor.folder, 'report.md');
		await editor.saveAs(path);
		await eventually('the file', () => assert.match(readFileSync(path, 'utf8'), /^# Comparison of connections/));
		await editor.shot('compare-report');
	});

	await step('protocols are ranked by what is chosen, with the figures of this machine', async () => {
		await editor.command('Messaging: Choose a Protocol');
		await row('Browsers').click();
		await row('Short delay').click();
		await accept();
		const page = await editor.webview('h1:has-text("Choose a Protocol")');
		await eventually('the first place', async () =>
			assert.match(await page.locator('section').first().innerText(), /1\s*WebSocket[\s\S]*100 %/),
		);
		await editor.shot('compare-choose');
		await page.locator('section').first().getByText('Starter Code').click();
		await row('Python').click();
		await eventually('the program', async () => assert.match(await editor.editorText(), /import/));
	});

	await step('a protocol is tried with a preset', async () => {
		await editor.showTab('Choose a Protocol');
		const page = await editor.webview('h1:has-text("Choose a Protocol")');
		await page.locator('section').first().getByText('Try It').click();
		await row('Own Server').click();
		const form = await editor.webview('h1:has-text("connection")');
		await eventually('the address', async () =>
			assert.match(await form.getByLabel('URL', { exact: true }).inputValue(), /^wss:\/\/example/),
		);
	});
});
