import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'node:test';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { connectAndOpen, panelPage, settingsWith } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { deepText } from '../support/texts/deep-text';

const head = {
	...{ recording: 1, protocol: 'mqtt', connection: 'Farm', url: 'mqtt://farm.example:1883' },
	started: '2026-11-29T13:00:00.000Z',
};
const lines = Array.from({ length: 300 }, (_, at) => ({
	...{ at: at * 10, target: `farm/greenhouse-${at % 3}/climate`, payload: JSON.stringify({ temp: 20 + (at % 7) }) },
	...{ qos: 1, direction: 'in', log: { flags: 256 } },
}));
const recording = (...all: object[]) => `${all.map((one) => JSON.stringify(one)).join('\n')}\n`;

/** Sends each line as a message. Resolves with the exit code of the command line. */
async function publish(url: string, target: string, lines: string): Promise<number | null> {
	const args = ['dist/engine/cli.mjs', 'publish', url, target, '--format', 'lines', '-H', 'Partition: 0'];
	const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
	child.stdin.end(lines);
	const [code] = (await once(child, 'close')) as [number | null];
	return code;
}

test('A recording in the editor', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const url = `mqtt://127.0.0.1:${playground.ports.mqtt}`;
	const cluster = `kafka://127.0.0.1:${playground.ports.kafka}`;
	const editor = await openEditor({
		files: {
			...settingsWith(
				{ id: 'test', name: 'Test broker', protocol: 'mqtt', url, subscriptions: [{ target: 'test/#' }] },
				{ id: 'cluster', name: 'Cluster', protocol: 'kafka', url: cluster },
			),
			'farm.recording.jsonl': recording(head, ...lines, {
				...{ at: 2000, direction: 'out', target: 'farm/greenhouse-1/vent', payload: 'open' },
			}),
			'newer.recording.jsonl': recording({ ...head, recording: 9 }),
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const show = (name: string) => editor.probe.show(join(editor.folder, name));
	await connectAndOpen(editor, 'Test broker');
	await show('farm.recording.jsonl');
	let panel = await panelPage(editor, 'farm.recording');
	const top = () => panel.frame.locator('.top');

	await step(
		'it opens in the panel of connections with its source, time and size, and offers nothing that needs the peer',
		async () => {
			await eventually('the facts', async () => {
				const text = await deepText(top());
				for (const expected of [/Farm · mqtt:\/\/farm\.example:1883/, /\(3 s\)/, /301 messages, \d/])
					assert.match(text, expected);
				assert.doesNotMatch(text, /Subscribe|Disconnect/);
			});
			await panel.log.filter({ hasText: '{"temp":20}' }).first().waitFor();
			await panel.topics.filter({ hasText: 'farm' }).first().waitFor();
			assert.equal(await panel.frame.locator('mw-compose').count(), 0);
			assert.equal(await panel.frame.getByLabel('Clear Log').count(), 0);
		},
	);

	await step('a message has its detail and its chart, and the menu has no way to send', async () => {
		await panel.log.filter({ hasText: 'greenhouse-1/climate' }).first().click();
		await eventually('detail', async () => {
			const text = await deepText(panel.detail);
			assert.match(text, /1 \(at least once\)/);
			assert.match(text, /100 points/);
		});
		await panel.log.filter({ hasText: 'greenhouse-1/climate' }).first().click({ button: 'right' });
		const menu = panel.frame.locator('mw-log mw-menu [role=menuitem]');
		await menu.first().waitFor();
		const items = (await menu.allInnerTexts()).join('\n');
		assert.match(items, /Copy as JSON Line/);
		assert.doesNotMatch(items, /Again|Subscribe/);
		await menu.filter({ hasText: 'New Message File' }).click();
		await eventually('the file', async () => {
			const text = await editor.probe.text();
			assert.match(text, /# @connection Farm/);
			assert.match(text, /PUBLISH farm\/greenhouse-1\/climate[\s\S]*QoS: 1/i);
		});
		await editor.probe.command('workbench.action.revertAndCloseActiveEditor');
	});

	await step('the log is searched', async () => {
		await show('farm.recording.jsonl');
		panel = await panelPage(editor, 'farm.recording');
		await panel.filter('', '"temp":26');
		await eventually('only those', async () => {
			assert.match(await deepText(panel.frame.locator('mw-counters')), /259 hidden/);
		});
		await panel.filter('', '');
	});

	await step('it is replayed to another broker, after a question with what will be sent', async () => {
		await editor.command('Messaging: Replay Recording…');
		const form = panel.frame.locator('mw-actions form');
		await form.locator('select').first().selectOption({ label: 'Test broker (MQTT)' });
		await form.getByText('Add').click();
		const pair = form.locator('mw-pairs input');
		await pair.nth(0).fill('farm/');
		await pair.nth(1).fill('test/');
		await form.locator('select').nth(1).selectOption({ label: 'As fast as messages are acknowledged' });
		await form.locator('vscode-button').first().click();
		const dialog = editor.page.locator('.monaco-dialog-box');
		await dialog.waitFor();
		const question = await dialog.innerText();
		for (const expected of [
			/Replay 300 messages to “Test broker”\?/,
			/farm\/greenhouse-0\/climate → test\/greenhouse-0\/climate/,
			/1 message left out/,
		])
			assert.match(question, expected);
		await editor.button('Replay');
		await eventually('the result', async () => {
			assert.match(await deepText(panel.frame.locator('mw-actions')), /Sent 300 messages in .*300 acknowledged/);
		});
		await editor.showTab('Test broker');
		const live = await panelPage(editor, 'Test broker');
		await live.filter('test/greenhouse', '');
		await live.log.filter({ hasText: '{"temp":26}' }).first().waitFor();
	});

	await step('a recording that lives in a topic of the team is opened from there', async () => {
		const lines = recording(
			head,
			{ at: 0, target: 'team/a', payload: 'kept' },
			{ at: 5, target: 'team/b', payload: 'too' },
		);
		assert.equal(await publish(cluster, 'orders', lines), 0);
		await editor.command('Messaging: Open Recording from Connection…');
		await editor.pick('Cluster');
		await editor.answer('orders');
		panel = await panelPage(editor, 'Farm-1.recording');
		await panel.log.filter({ hasText: 'team/b' }).first().waitFor();
		assert.match(await deepText(top()), /2 messages/);
		assert.match((await editor.notifications()).join('\n'), /messages of orders belong to no recording/);
		await editor.dismissNotifications();
	});

	await step('a recording of another version says so in its place', async () => {
		await show('newer.recording.jsonl');
		const frame = await editor.webview('mw-failure-note');
		assert.match(await deepText(frame.locator('mw-failure-note')), /version 9 of the format/);
	});

	assert.deepEqual(editor.complaints, []);
});
