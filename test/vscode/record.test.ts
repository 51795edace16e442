import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { connectAsync } from 'mqtt';
import { openEditor } from '../support/editor/editor';
import { panelPage } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { startMosquitto } from '../support/servers/mosquitto';

test('A connection is recorded, and the recording and the history are opened', async (t) => {
	const broker = await startMosquitto();
	t.after(broker.stop);
	const url = `mqtt://127.0.0.1:${broker.port}`;
	const profile = { id: 'plot', name: 'Farm', protocol: 'mqtt', url, subscriptions: [{ target: 'field/#', qos: 1 }] };
	const connections = [{ ...profile, record: { keep: '10 MB' } }];
	const editor = await openEditor({
		files: { '.vscode/settings.json': JSON.stringify({ 'messagingWorkbench.connections': connections }) },
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const publish = async (...topics: string[]) => {
		const client = await connectAsync({ host: '127.0.0.1', port: broker.port });
		for (const topic of topics) await client.publishAsync(topic, '{"t":20}', { qos: 1 });
		await client.endAsync();
	};
	const header = (panel: { frame: import('playwright-core').Frame }) => panel.frame.locator('mw-header');
	const file = 'field.recording.jsonl';

	await step('a history in workspace settings needs approval', async () => {
		await editor.sidebar();
		await editor.row(/^Farm/).waitFor();
		const connected = editor.probe.command('messagingWorkbench.connect', 'plot');
		await editor.page
			.locator('.monaco-dialog-box', { hasText: 'Keep at most: 10 MB – writes every message to the disk' })
			.waitFor();
		await editor.button('Connect Anyway');
		await connected;
		await editor.row(/^Farm.*open/).waitFor();
	});
	await editor.probe.command('messagingWorkbench.openPanel', 'plot');
	let panel = await panelPage(editor, 'Farm');

	await step('the button asks for beginning and file; panel, sidebar and status bar show the recording', async () => {
		await publish('field/before');
		await panel.log.filter({ hasText: 'field/before' }).first().waitFor();
		await header(panel).getByRole('button', { name: 'Start Recording' }).click();
		await editor.pick('Including the Log');
		const input = editor.page.locator('.quick-input-widget .quick-input-box input');
		await eventually('the dialog', async () =>
			assert.match(await input.inputValue(), /Farm-\d{4}-\d\d-\d\d-\d{4}\.recording\.jsonl$/),
		);
		await editor.saveAs(join(editor.folder, file));
		await header(panel)
			.getByText(/· 1 message ·/)
			.waitFor();
		await editor.row(/^Farm.*recording/).waitFor();
		await eventually('status bar', async () => assert.match((await editor.statusBar()).join('\n'), /recording/));
	});

	await step('it goes on over a lost connection, and is stopped and opened', async () => {
		await broker.restart();
		await header(panel).getByText('Connected', { exact: true }).waitFor();
		await eventually('recorded', async () => {
			await publish('field/after');
			assert.match(readFileSync(join(editor.folder, file), 'utf8'), /field\/after/);
		});
		await header(panel).getByRole('button', { name: 'Stop Recording' }).click();
		await eventually('the result', async () =>
			assert.match((await editor.notifications()).join('\n'), /Recorded [2-9]\d* messages \(.*\) of “Farm” in field\./),
		);
		await editor.button('Open Recording');
		const recorded = await panelPage(editor, file);
		await recorded.log.filter({ hasText: 'field/before' }).first().waitFor();
		await recorded.log.filter({ hasText: 'field/after' }).first().waitFor();
	});

	await step('after a reload the panel offers the history, which has all of it', async () => {
		await editor.reload();
		await editor.showTab('Farm');
		panel = await panelPage(editor, 'Farm');
		await panel.frame.getByText('Earlier messages are in the history.').waitFor();
		await panel.frame.getByRole('button', { name: 'Open History' }).click();
		const history = await panelPage(editor, 'plot.history');
		await history.log.filter({ hasText: 'field/before' }).first().waitFor();
		await history.log.filter({ hasText: 'field/after' }).first().waitFor();
	});
});
