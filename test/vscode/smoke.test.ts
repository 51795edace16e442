import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'jsonc-parser';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/lib/editor.mjs';
import { openEditor } from '../support/editor/editor';
import { accepts } from '../support/net/ports';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';

const id = 'messaging-workbench.messaging-workbench';

test('With the sample folder', async (t) => {
	const editor = await openEditor({ copy: join(root, 'sample') });
	t.after(editor.close);
	const step = stepsIn(t, editor);

	await step('the sidebar shows the connections', async () => {
		await editor.sidebar();
		await editor.row('Farm, MQTT 3.1.1').waitFor();
		const sample = parse(readFileSync(join(root, 'sample', '.vscode', 'settings.json'), 'utf8'));
		assert.equal((await editor.rows()).length, sample['messagingWorkbench.connections'].length);
		assert.equal((await editor.probe.extension(id))?.active, true);
	});

	await step('every command of the manifest is there', async () => {
		const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
		const declared = manifest.contributes.commands.map(({ command }: { command: string }) => command);
		const known = await editor.probe.commands();
		assert.deepEqual(
			declared.filter((command: string) => !known.includes(command)),
			[],
		);
	});

	await step('the browser has nothing to complain about', async () => {
		assert.deepEqual(editor.complaints, []);
	});
});

test('With an empty folder', async (t) => {
	const editor = await openEditor();
	t.after(editor.close);
	const step = stepsIn(t, editor);

	await step('nothing is loaded before it is looked at, then the welcome view offers a first step', async () => {
		assert.equal((await editor.probe.extension(id))?.active, false);
		await editor.sidebar();
		await editor.page.locator('.part.sidebar .welcome-view-content').waitFor();
		const text = await editor.page.locator('.part.sidebar .welcome-view-content').allTextContents();
		assert.match(text.join(' '), /No connections yet/);
		assert.match(text.join(' '), /Start Playground/);
	});

	await step('"Start Playground and Connect" leads to a living connection', async () => {
		await editor.page
			.locator('.part.sidebar .welcome-view-content .monaco-button', { hasText: 'Start Playground' })
			.click();
		await editor.row(/^Playground.*open ·/).waitFor();
		await eventually('its panel', async () => assert.deepEqual(await editor.tabs(), ['Playground']));
		assert.match(readFileSync(join(editor.folder, '.vscode', 'settings.json'), 'utf8'), /mqtt:\/\/127\.0\.0\.1/);
	});

	await step('while messages arrive the sidebar stays calm: numbers change, and nothing is loading', async () => {
		await editor.expand(/^Playground.* [1-9][\d,]* msgs/);
		await editor.expand(/^farm/);
		await editor.row(/^farm.* topics$/).waitFor();
		// While topics are still being found they are asked for: one calm stretch is looked for.
		await eventually('a calm stretch', async () => {
			const flashes = await countProgress(editor.page);
			const texts = new Set<string>();
			await eventually('numbers that change', async () => {
				texts.add((await editor.rows()).join('\n'));
				assert.ok(texts.size > 5);
			});
			const times = await flashes();
			assert.ok(times <= 1, `it was waiting ${times} times`);
		});
	});

	await step('servers of this machine run as well, until the playground is stopped', async () => {
		await editor.row('Playground NATS').waitFor();
		await editor.command('Messaging: Show Playground Servers');
		const rows = editor.page.locator('.quick-input-list .monaco-list-row');
		await rows.filter({ hasText: /NATS.*port \d/ }).waitFor();
		await rows.filter({ hasText: /RabbitMQ.*port \d/ }).waitFor();
		await editor.page.keyboard.press('Escape');
		const settings = readFileSync(join(editor.folder, '.vscode', 'settings.json'), 'utf8');
		const port = Number(/nats:\/\/127\.0\.0\.1:(\d+)/.exec(settings)?.[1]);
		assert.equal(await accepts(port), true);
		await editor.command('Messaging: Stop Playground');
		await eventually('the end of NATS', async () => assert.equal(await accepts(port), false));
	});
});

/** How often the sidebar shows from now on that it is waiting for something. */
async function countProgress(page: Page): Promise<() => Promise<number>> {
	const counter = await page.evaluateHandle(() => {
		const seen = { times: 0 };
		for (const bar of document.querySelectorAll('.part.sidebar .monaco-progress-container')) {
			let active = bar.classList.contains('active');
			new MutationObserver(() => {
				const now = bar.classList.contains('active');
				if (now && !active) seen.times++;
				active = now;
			}).observe(bar, { attributeFilter: ['class'] });
		}
		return seen;
	});
	return () => counter.evaluate(({ times }) => times);
}
