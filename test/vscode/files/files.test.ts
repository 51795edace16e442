import assert from 'node:assert/strict';
import test from 'node:test';
import { startPlayground } from '../../../src/playground/playground';
import { openEditor } from '../../support/editor/editor';
import { messagePage } from '../../support/editor/message-page';
import { settingsWith } from '../../support/editor/panel-page';
import { eventually } from '../../support/run/eventually';
import { stepsIn } from '../../support/run/steps';

const file = `@device = dev-7

### A reading
# @name reading
PUBLISH demo/{{device}}/temp
QoS: 1
Content-Type: application/json

{ "t": 21, "device": "{{device}}" }

### A reply
# @name reply
# @timeout 5s
REQUEST farm/ask/time

now

?? body exists

### Wrong on purpose
# @name wrong
# @timeout 5s
REQUEST farm/ask/time

now

?? body asked == never

### Listening
# @name listening
SUBSCRIBE demo/#
QoS: 1
`;

const devices = `### Soil moisture
# @disabled
# @clients 5
# @rate 50/s
PUBLISH demo/{{$client}}/soil
QoS: 1

{ "n": {{$counter}} }
`;

const broken = `### Misspelt
PUBLISH demo/a
Reatin: true

{{nobody}}

### Unknown
PUBLIHS demo/a
`;

test('A message file in the editor', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const editor = await openEditor({
		viewport: { width: 1600, height: 1000 },
		settings: { 'editor.minimap.enabled': false },
		files: {
			...settingsWith({
				id: 'farm',
				name: 'Farm',
				protocol: 'mqtt',
				url: `mqtt://127.0.0.1:${playground.ports.mqtt}`,
			}),
			'demo.messages': file,
			'broken.messages': broken,
			'devices.messages': devices,
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const page = messagePage(editor);
	const notes = (...expected: RegExp[]) =>
		eventually('notes', async () => {
			const found = (await page.notes()).join('\n');
			for (const one of expected) assert.match(found, one);
		});
	await editor.openFile('demo.messages');

	await step('offers to send each request, and shows the connection with its state', async () => {
		await eventually('lenses', async () => {
			const lenses = await page.lenses();
			assert.deepEqual(
				['Send', 'Send All', 'Farm: not connected', 'Start Listening'].filter((one) => !lenses.includes(one)),
				[],
			);
		});
	});

	await step('sends, and the receipt stands beside the request', async () => {
		await page.lens('Send', 0);
		await notes(/^✓ acknowledged in [\d.]+ ms, but there is no subscriber · \d+ ms$/m);
		await eventually('state', async () => assert.ok((await page.lenses()).includes('Farm')));
	});

	await step('a reply opens beside the file, and what it was judged to be stands beside the request', async () => {
		await page.lens('Send', 1);
		await notes(/^✓ .*1 received · 1 expectation passed · \d+ ms$/m);
		await eventually('document', async () => assert.ok((await editor.tabs()).some((one) => /demo result/.test(one))));
		await page.lens('Send', 2);
		await notes(/^✗ .*1 of 1 expectation failed/m, /^✗ expected .*never.*, got .*now/m);
	});

	await step('listening goes on until it is stopped, and misses nothing that is sent meanwhile', async () => {
		await page.lens('Start Listening');
		await eventually('listening', async () => assert.ok((await page.lenses()).includes('Stop Listening')));
		await page.lens('Send', 0);
		await notes(/^⟳ 1 message$/m);
		await page.lens('Stop Listening');
		await notes(/^– stopped · 1 received/m);
	});
	await editor.shot('files-dark');

	await step('simulated devices send until they are stopped, and the figures stand beside the request', async () => {
		await editor.openFile('devices.messages');
		await page.lens('Start 5 Clients');
		await notes(/^⟳ 5 clients · [\d,]+ sent · \d+\/s · p99 [\d.]+ ms$/m);
		await editor.shot('files-devices-running');
		await page.lens('Stop');
		await notes(/^– stopped · 5 clients · [\d,]+ sent · [\d,]+ acknowledged · .*\/s of 50\/s · p99/m);
		await eventually('document', async () => {
			assert.ok((await editor.tabs()).some((one) => /devices result/.test(one)));
		});
		await editor.shot('files-devices');
	});

	await step('is a file of tests, and a failure is shown as expected against actual', async () => {
		await editor.command('Test: Run All Tests');
		await editor.command('Testing: Focus on Test Explorer View');
		for (const name of ['demo.messages', 'broken.messages'])
			await editor.page
				.locator('.test-explorer .monaco-list-row', { hasText: name })
				.locator('.monaco-tl-twistie')
				.click();
		await eventually('states', async () => {
			const tests = (await page.tests()).join('\n');
			assert.match(tests, /demo\.messages.*Failed/i);
			assert.match(tests, /reading.*Passed/i);
			assert.match(tests, /wrong.*Failed/i);
			assert.match(tests, /Misspelt.*(Failed|Errored)/i);
			assert.match(tests, /Unknown.*(Failed|Errored)/i);
		});
		await editor.shot('files-tests');
	});

	await step('what is wrong is marked, and a quick fix puts it right', async () => {
		await editor.openFile('broken.messages');
		await eventually('diagnostics', async () => {
			const found = (await editor.probe.diagnostics()).filter(({ path }) => path.endsWith('broken.messages'));
			assert.deepEqual(found.map(({ line }) => line).sort(), [2, 4, 7]);
		});
		await page.cursorAfter('Reatin');
		await editor.page.keyboard.press('Home');
		await eventually('quick fix', async () => {
			await editor.page.keyboard.press('Control+.');
			await editor.page
				.locator('.action-widget .monaco-list-row', { hasText: 'Change to Retain' })
				.click({ timeout: 3000 });
		});
		await eventually('fixed', async () => assert.match(await editor.editorText(), /Retain: true/));
	});

	await step('a value is completed from what the protocol says', async () => {
		await page.cursorAfter('Retain: true');
		await editor.page.keyboard.type('\nQo');
		await eventually('header', async () => {
			await editor.page.keyboard.press('Control+Space');
			assert.ok((await page.suggestions()).includes('QoS'));
		});
		await editor.page.keyboard.press('Tab');
		await eventually('values', async () => assert.deepEqual((await page.suggestions()).slice(0, 3), ['0', '1', '2']));
		await editor.page.keyboard.press('Escape');
	});

	await step('the browser has nothing to complain about', async () => assert.deepEqual(editor.complaints, []));
});
