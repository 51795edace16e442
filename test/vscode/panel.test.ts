import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { connectAndOpen, panelPage, settingsWith, showPanel } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { deepText } from '../support/texts/deep-text';

test('A session in the editor', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const { mqtt, ws } = playground.ports;
	const subscriptions = [{ target: 'farm/#', qos: 1 }];
	const editor = await openEditor({
		files: {
			...settingsWith(
				{ id: 'farm', name: 'Farm', protocol: 'mqtt', url: `mqtt://127.0.0.1:${mqtt}`, subscriptions },
				{ id: 'echo', name: 'Echo', protocol: 'websocket', url: `ws://127.0.0.1:${ws}/echo` },
			),
			'vent.txt': 'the mode is open today',
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	let panel = await connectAndOpen(editor, 'Farm');
	const receipt = (expected: RegExp) =>
		eventually('receipt', async () => assert.match(await deepText(panel.receipt), expected));

	await step('topics and messages of the subscription arrive', async () => {
		await panel.topics.filter({ hasText: 'farm' }).first().waitFor();
		await panel.log.filter({ hasText: 'farm/greenhouse-1/soil' }).first().waitFor();
		assert.match(await deepText(panel.state), /Connected/);
	});

	await step('another subscription is granted and brings its messages', async () => {
		await panel.subscribe('mine/#');
		await panel.filter('mine/');
		await panel.send('mine/a', 'hello');
		await eventually('sent and received', async () => {
			assert.equal(await panel.log.filter({ hasText: 'mine/a' }).count(), 2);
		});
	});

	await step('the receipt says what was proven', async () => {
		await receipt(/handed to the socket/i);
		await panel.frame.locator('mw-compose select').last().selectOption({ label: '1 – at least once' });
		await panel.send('mine/b', 'with proof');
		await receipt(/acknowledged in/i);
		await panel.send('nobody/here', 'into the void');
		await receipt(/nobody|no .*subscribe/i);
	});

	await step('the log filters by text', async () => {
		await panel.filter('', 'with proof');
		await eventually('only those', async () => {
			assert.equal(await panel.log.filter({ hasText: 'mine/b' }).count(), 2);
			assert.equal(await panel.log.filter({ hasText: 'farm/' }).count(), 0);
		});
	});

	await step('a message shows payload and properties, and opens as a document of its language', async () => {
		await panel.filter('climate');
		await panel.log.filter({ hasText: 'climate' }).first().click();
		await eventually('detail', async () => {
			const text = await deepText(panel.detail);
			for (const expected of [/"humidity": \d/, /application\/json/, /climate-4711/]) assert.match(text, expected);
		});
		await panel.detail.getByLabel('Open in editor').click();
		await eventually('the document', async () => assert.match(await editor.editorText(), /"co2"/));
		assert.ok((await editor.statusBar()).includes('JSON'));
	});

	await step('beside a document there is room for one part of the panel at a time', async () => {
		panel = await panelPage(editor);
		// The document that has just opened may still take the focus.
		await eventually('the panel has the focus', async () => {
			await panel.frame.getByRole('tab', { name: 'Compose' }).click();
			const active = editor.page.locator('.editor-group-container.active .tab.active');
			assert.equal((await active.innerText()).trim(), 'Farm');
		});
		await panel.frame.locator('mw-compose').waitFor();
		await editor.probe.command('workbench.action.closeEditorsInOtherGroups');
		await panel.log.first().waitFor();
	});

	await step('two messages are compared in the editor', async () => {
		await eventually('two', async () => assert.ok((await panel.log.filter({ hasText: 'climate' }).count()) > 1));
		await panel.log.filter({ hasText: 'climate' }).nth(1).click();
		await panel.detail.getByLabel('Compare in editor').click();
		await editor.page.locator('.monaco-diff-editor').first().waitFor();
		await editor.probe.command('workbench.action.closeActiveEditor');
	});

	await step('the filter is still there, and a CBOR payload is decoded', async () => {
		panel = await panelPage(editor);
		assert.equal(await panel.frame.getByLabel('Filter by topic').inputValue(), 'climate');
		await panel.filter('weather');
		await panel.log.filter({ hasText: 'farm/weather/station' }).first().click();
		await eventually('the map', async () => assert.match(await deepText(panel.detail), /gusts/));
	});

	await step('the sidebar has the topics as a tree', async () => {
		const level = (depth: number, text: string) =>
			editor.page.locator(`.part.sidebar .monaco-list-row[aria-level="${depth}"]`, { hasText: text }).first();
		if (!(await level(2, 'farm').isVisible())) await level(1, 'Farm').locator('.monaco-tl-twistie').click();
		await level(2, 'farm').locator('.monaco-tl-twistie').click();
		await level(3, 'greenhouse-1').waitFor();
	});

	await step('a selection is sent from any editor, and the receipt is shown', async () => {
		await editor.openFile('vent.txt');
		await editor.page.locator('.view-line span span').first().click();
		await editor.page.keyboard.press('Control+End');
		await editor.page.keyboard.press('Control+Shift+ArrowLeft');
		await editor.command('Messaging: Send Selection');
		await editor.pick('Farm');
		await editor.answer('mine/selection');
		await eventually('the receipt', async () => {
			assert.match((await editor.notifications()).join('\n'), /Farm · mine\/selection: /);
		});
		await editor.dismissNotifications();
		panel = await showPanel(editor, 'Farm');
		await panel.filter('mine/selection');
		const row = panel.log.filter({ hasText: 'mine/selection' }).first();
		await row.waitFor();
		assert.match((await row.textContent()) ?? '', /5 Btoday/);
	});

	await step('two connections are open at the same time', async () => {
		await editor.rowButton('Echo', 'Connect');
		await editor.row(/^Echo.*open ·/).waitFor();
		await eventually('both', async () => assert.match((await editor.statusBar()).join(' '), /2 open/));
	});

	await step('disconnecting keeps the log readable', async () => {
		await editor.rowButton(/^Farm/, 'Disconnect');
		await eventually('closed', async () => assert.match(await deepText(panel.state), /Not connected/));
		assert.ok(await panel.log.filter({ hasText: 'mine/selection' }).first().isVisible());
	});

	await step('the settings file was not touched by any of this', async () => {
		const text = await readFile(`${editor.folder}/.vscode/settings.json`, 'utf8');
		assert.doesNotMatch(text, /mine|climate/);
	});
});
