import assert from 'node:assert/strict';
import test from 'node:test';
import { startPlayground } from '../../../src/playground/playground';
import { openEditor } from '../../support/editor/editor';
import { messagePage } from '../../support/editor/message-page';
import { settingsWith } from '../../support/editor/panel-page';
import { eventually } from '../../support/run/eventually';
import { stepsIn } from '../../support/run/steps';

const file = `# @connection Farm

### Forward
ON demo/in/+
QoS: 1

=== PUBLISH demo/out
QoS: 1

{{message.body}}

### Watch
ON demo/out
QoS: 1

?? message body t < 30

### Hot
PUBLISH demo/in/a
QoS: 1

{ "t": 41 }
`;

test('Rules in the editor', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const url = `mqtt://127.0.0.1:${playground.ports.mqtt}`;
	const editor = await openEditor({
		viewport: { width: 1600, height: 1000 },
		settings: { 'editor.minimap.enabled': false },
		files: {
			...settingsWith({ id: 'farm', name: 'Farm', protocol: 'mqtt', url }),
			'bridge.messages': file,
			'deep/lamp.messages': '### Lamp\nON demo/lamp\nConnection: Farm\n\n=== PUBLISH demo/light\n\non\n',
			'plain.messages': 'PUBLISH demo/a\n',
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const page = messagePage(editor);
	const pane = editor.page.locator('.part.sidebar .pane-header', { hasText: 'Rules' });
	const row = async (title: string) => (await editor.row(title).innerText()).replace(/\s+/g, ' ');
	const shows = (title: string, expected: RegExp) =>
		eventually(title, async () => assert.match(await row(title), expected));
	const problems = async () =>
		(await editor.probe.diagnostics()).filter(({ path }) => path.endsWith('bridge.messages'));

	await step('the sidebar finds the rules of the workspace before any of its files is open', async () => {
		await editor.sidebar();
		await pane.click();
		await shows('Forward', /demo\/in\/\+ → PUBLISH demo\/out/);
		assert.deepEqual(
			(await editor.rows()).filter((text) => /messages/.test(text)),
			['bridge.messages', 'lamp.messagesdeep'],
		);
	});

	await step('rules start from the lens and from the sidebar', async () => {
		await editor.openFile('bridge.messages');
		await page.lens('Run Rule');
		await shows('Forward', /^Forward ?0$/);
		await editor.rowButton('Watch', 'Run Rule');
		await shows('Watch', /^Watch ?0$/);
		await eventually('lenses', async () => {
			const lenses = await page.lenses();
			assert.equal(lenses.filter((one) => one === 'Stop Rule').length, 2, lenses.join());
		});
		await eventually('status bar', async () => assert.match((await editor.statusBar()).join(), /2 rules · /));
	});

	await step(
		'a message is forwarded, and what it violates stands in the Problems view at the expectation',
		async () => {
			await page.lens('Send');
			await shows('Forward', /^Forward ?1\b/);
			await shows('Watch', /^Watch ?1 violation · 1\b/);
			await eventually('problem', async () => {
				const [found, ...more] = await problems();
				assert.match(found?.message ?? '', /^message body t < 30: expected < 30, got 41 \(demo\/out\)/);
				assert.equal(found?.line, 15);
				assert.deepEqual(more, []);
			});
			await eventually('lens and note', async () => {
				assert.ok((await page.lenses()).includes('Last Violation'));
				assert.match((await page.notes()).join(), /⟳ 1 processed.*✗ 1 violation · 1 checked/);
			});
		},
	);

	await step('an edited rule goes on with its text until it is restarted', async () => {
		await page.cursorAfter('?? message body t < 30');
		await editor.page.keyboard.type('0');
		await eventually('lens', async () => assert.ok((await page.lenses()).includes('Changed: Restart')));
		await page.lens('Changed: Restart');
		await shows('Watch', /^Watch ?0$/);
		await eventually('no problems', async () => assert.deepEqual(await problems(), []));
		await page.lens('Send');
		await shows('Watch', /^Watch ?1\b/);
		await editor.command('File: Save');
	});

	await step('a rule is stopped in the sidebar, and stays listed with its counts', async () => {
		await editor.rowButton('Watch', 'Stop Rule');
		await shows('Watch', /stopped · 1$/);
		await shows('Forward', /^Forward ?2\b/);
	});

	await step('a rule ends with the window, and the next one offers to run it again', async () => {
		// The editor stores what extensions keep a moment later.
		await editor.command('Messaging: Show Rules');
		await editor.reload();
		await editor.sidebar();
		await shows('Forward', /ended with the last window/);
		assert.doesNotMatch(await row('Watch'), /window/);
		assert.doesNotMatch((await editor.statusBar()).join(), /rule/);
		await editor.command('Run Rules of the Last Window');
		await shows('Forward', /^Forward ?0$/);
	});
});
