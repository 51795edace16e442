import assert from 'node:assert/strict';
import test from 'node:test';
import { connectAsync } from 'mqtt';
import { openEditor } from '../support/editor/editor';
import { connectAndOpen, panelPage, settingsWith } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { startMosquitto } from '../support/servers/mosquitto';
import { deepText } from '../support/texts/deep-text';

test('What goes wrong is survived', async (t) => {
	const broker = await startMosquitto();
	t.after(broker.stop);
	const editor = await openEditor({
		files: settingsWith({
			id: 'm',
			name: 'Broker',
			protocol: 'mqtt',
			url: `mqtt://127.0.0.1:${broker.port}`,
			subscriptions: [{ target: 'kept/#', qos: 1 }],
		}),
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	let panel = await connectAndOpen(editor, 'Broker');
	const publish = async (topic: string) => {
		const client = await connectAsync({ host: '127.0.0.1', port: broker.port });
		await client.publishAsync(topic, 'x', { qos: 1 });
		await client.endAsync();
	};

	await step('a broker that is killed is noticed and tried again', async () => {
		broker.kill('SIGKILL');
		await eventually('retrying', async () => assert.match(await deepText(panel.state), /attempt/i));
		await editor.row(/^Broker.*(retry|attempt|again|wait)/i).waitFor();
	});

	await step('when it is back, the connection and its subscriptions are restored', async () => {
		await broker.restart();
		await eventually('open', async () => assert.match(await deepText(panel.state), /Connected/), 45_000);
		await publish('kept/after-the-restart');
		await panel.log.filter({ hasText: 'kept/after-the-restart' }).first().waitFor();
	});

	await step('draft and filter are there after the window was reloaded', async () => {
		await panel.compose('a/draft', 'half a thought');
		await panel.filter('kept');
		await editor.page.waitForTimeout(1500);
		await editor.reload();
		panel = await panelPage(editor);
		await eventually('the draft', async () => {
			assert.deepEqual(await panel.draft(), { target: 'a/draft', payload: 'half a thought' });
		});
		assert.equal(await panel.frame.getByLabel('Filter by topic').inputValue(), 'kept');
	});

	await step('draft and filter are there after the extension host was killed', async () => {
		await panel.compose('a/second', 'another thought');
		await editor.page.waitForTimeout(1500);
		const [before] = editor.extensionHosts();
		editor.killExtensionHost();
		await eventually('a new host', () => {
			const [now] = editor.extensionHosts();
			assert.ok(now !== undefined && now !== before);
		});
		// A page whose host has gone cannot act; reloading the window is what the editor offers.
		await editor.reload();
		panel = await panelPage(editor);
		await eventually('the draft', async () => {
			assert.deepEqual(await panel.draft(), { target: 'a/second', payload: 'another thought' });
		});
		assert.equal(await panel.frame.getByLabel('Filter by topic').inputValue(), 'kept');
	});

	await step('and it connects again', async () => {
		await editor.sidebar();
		await editor.rowButton(/^Broker/, 'Connect');
		await eventually('open', async () => assert.match(await deepText(panel.state), /Connected/));
		await publish('kept/after-all');
		await panel.log.filter({ hasText: 'kept/after-all' }).first().waitFor();
	});
});
