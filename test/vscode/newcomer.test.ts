import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { Locator } from 'playwright-core';
import { root } from '../../scripts/lib/editor.mjs';
import { guidedSettings, portsOf, withPorts } from '../../scripts/lib/sample.mjs';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { messagePage } from '../support/editor/message-page';
import { panelPage } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { deepText } from '../support/texts/deep-text';

/** From `npm start` to messages, a sent one and a message file, with the clicks that it takes. */
test('The first minutes of a newcomer', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const settings = readFileSync(join(root, 'sample', '.vscode', 'settings.json'), 'utf8');
	const editor = await openEditor({
		copy: join(root, 'sample'),
		files: { '.vscode/settings.json': withPorts(settings, portsOf(playground.servers)) },
		settings: guidedSettings,
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const { page } = editor;
	let clicks = 0;
	const click = async (on: Locator) => {
		await on.click();
		clicks++;
	};
	const walkthrough = page.locator('.gettingStartedContainer');
	const button = (label: string) => walkthrough.locator('.monaco-button', { hasText: new RegExp(`^${label}$`) });
	const done = (title: string) => walkthrough.getByRole('checkbox', { name: `${title}: Completed` });

	await step('the view and the walkthrough are there', async () => {
		await editor.row('Farm, MQTT 3.1.1').waitFor();
		await button('Start Playground and Connect').waitFor();
		assert.equal(await done('Start the playground').count(), 0);
	});

	await step('one click shows messages of the playground that runs', async () => {
		await click(button('Start Playground and Connect'));
		const panel = await panelPage(editor, 'Farm');
		await panel.log.nth(3).waitFor();
		assert.doesNotMatch((await editor.rows()).join('\n'), /Playground/);
	});

	await step('"open" is typed, sent and acknowledged', async () => {
		const panel = await panelPage(editor, 'Farm');
		const payload = panel.frame.locator('mw-payload-editor textarea');
		await eventually('the focus', async () => assert.ok(await payload.evaluate((one) => one.matches(':focus'))));
		await page.keyboard.type('open');
		await page.keyboard.press('Control+Enter');
		await eventually('the receipt', async () => assert.match(await deepText(panel.receipt), /acknowledged/i));
		await panel.log.filter({ hasText: 'vent/state' }).first().waitFor();
	});

	await step('a message file runs', async () => {
		await click(page.locator('.part.editor .tab', { hasText: 'Welcome' }));
		const run = button('Run Sample Message File');
		if (!(await run.isVisible()))
			await click(walkthrough.locator('button.getting-started-step', { hasText: 'Keep it as a file' }));
		await click(run);
		const file = messagePage(editor);
		await file.line('time exists').waitFor();
		await eventually('the results', async () => assert.match((await file.notes()).join('\n'), /passed|after \d/));
	});

	await step('the walkthrough has ticked what happened', async () => {
		await editor.showTab('Welcome');
		for (const title of ['Start the playground', 'Connect', 'Browse', 'Send a message', 'Keep it as a file'])
			await done(title).first().waitFor();
	});

	await t.test('it took at most four clicks', () => assert.ok(clicks <= 4, `${clicks} clicks`));
});
