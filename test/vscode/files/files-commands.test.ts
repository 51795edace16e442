import assert from 'node:assert/strict';
import test from 'node:test';
import { startPlayground } from '../../../src/playground/playground';
import { openEditor } from '../../support/editor/editor';
import { messagePage } from '../../support/editor/message-page';
import { settingsWith } from '../../support/editor/panel-page';
import { eventually } from '../../support/run/eventually';
import { stepsIn } from '../../support/run/steps';

test('Command lines, copies and new files', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const editor = await openEditor({
		viewport: { width: 1600, height: 1000 },
		settings: { 'editor.minimap.enabled': false, 'workbench.colorTheme': 'Default High Contrast' },
		files: {
			...settingsWith(
				...['farm', 'second'].map((id) => ({
					id,
					name: id === 'farm' ? 'Farm' : 'Second',
					protocol: 'mqtt',
					url: `mqtt://127.0.0.1:${playground.ports.mqtt}`,
					subscriptions: [{ target: 'new/#', qos: 1 }],
				})),
			),
			'hostile.messages':
				'# @connection Second\n### Hostile\n# @body hex\nPUBLISH "new/{{$processEnv HOME}}"\nQoS: 1\n"Connection": nowhere\nnote: "{{$processEnv HOME}}"\n\n61\n',
			'a.messages': '# @connection Farm\n### One\nPUBLISH new/a\nQoS: 1\n\n{ "n": 1 }\n',
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const page = messagePage(editor);

	await step('a request is copied as a command line', async () => {
		await editor.openFile('a.messages');
		await page.lens('Send');
		await eventually('sent', async () => assert.match((await page.notes()).join('\n'), /^✓ acknowledged/m));
		await eventually('lenses', async () =>
			assert.deepEqual((await page.lenses()).sort(), ['Farm', 'Result', 'Send'], (await page.lenses()).join()),
		);
		await page.cursorAfter('PUBLISH');
		await editor.command('Copy Request As');
		await editor.pick('mosquitto_pub');
		await eventually('clipboard', async () => {
			const text = await editor.page.evaluate(() => navigator.clipboard.readText());
			assert.match(text, /^mosquitto_pub -h 127\.0\.0\.1 -p \d+ -t new\/a -q 1 /);
		});
	});

	await step('a pasted command line becomes a request', async () => {
		await editor.page.evaluate(() =>
			navigator.clipboard.writeText("mosquitto_pub -h broker -t pasted/here -m 'hello'"),
		);
		await page.cursorAfter('"n": 1');
		await editor.page.keyboard.press('Enter');
		await editor.command('Paste Command Line as Request');
		await eventually('request', async () => {
			const text = await editor.editorText();
			assert.match(text, /PUBLISH pasted\/here\s+Host: mqtt:\/\/broker/);
			assert.equal(text.split('###').length - 1, 2);
		});
	});
	await editor.shot('files-contrast');

	await step('logged messages become a file, with the time between them', async () => {
		await page.lens('Send', 0);
		await eventually('messages', async () => {
			await editor.probe.command('messagingWorkbench.newMessageFileFromMessages', 'farm', [...Array(5).keys()]);
			assert.match(
				await editor.editorText(),
				/# @connection Farm[\s\S]*### new\/a[\s\S]*PUBLISH new\/a[\s\S]*=== wait \d+ms/,
			);
		});
	});

	await step('names of a received message that look like variables are sent again as they came', async () => {
		await editor.openFile('hostile.messages');
		await page.lens('Send', 0);
		await eventually('sent', async () => assert.match((await page.notes()).join('\n'), /^✓ acknowledged/m));
		await page.lens('Send', 0);
		/** Of the first lines of the log, some of which are the session's own notes. */
		const copies = async (lines: number, least: number) => {
			await editor.probe.command('messagingWorkbench.newMessageFileFromMessages', 'second', [...Array(lines).keys()]);
			const text = await editor.probe.text();
			const requests = text.split(/^### /m).filter((one) => one.includes('PUBLISH "new/{{$processEnv HOME}}"'));
			assert.ok(requests.length >= least, text);
			for (const one of requests) assert.match(one, /"Connection": nowhere\nnote: "\{\{\$processEnv HOME\}\}"/);
		};
		// Each is logged as it is sent and as it is received.
		await eventually('both', () => copies(5, 2));
		await page.lens('Send All');
		await eventually('sent again', () => copies(9, 4));
	});

	await step('a logged message is copied as a program', async () => {
		// The first lines are the session's own notes: which is a message depends on how fast it connected.
		await eventually('copied', async () => {
			const copying = editor.probe.command('messagingWorkbench.copyMessageAs', 'farm', 2);
			await editor.pick('Python (paho-mqtt)');
			await copying;
			const text = await editor.page.evaluate(() => navigator.clipboard.readText());
			assert.match(text, /client\.publish\("new\/a", /);
		});
	});

	await step('a connection gives an example that has nothing wrong in it', async () => {
		await editor.probe.command('messagingWorkbench.newMessageFile', 'farm');
		await eventually('example', async () =>
			assert.match(await editor.editorText(), /# @connection Farm\s+### Subscribe/),
		);
	});

	await step('the browser has nothing to complain about', async () => assert.deepEqual(editor.complaints, []));
});
