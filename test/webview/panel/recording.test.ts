import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const commands = (page: Page) =>
	page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'recording').map(({ args }) => args[0]));
const button = (page: Page, name: string) => page.locator('mw-header').getByRole('button', { name, exact: true });

test('the header starts and stops a recording, and shows time, messages and bytes', async () => {
	const page = await harness.open('?rows=10');
	await button(page, 'Start Recording').click();
	await page.getByText(/^1:02:0\d · 1,234 messages · 1\.2 MB$/).waitFor();
	assert.equal(await button(page, 'Start Recording').count(), 0);
	await page.setViewportSize({ width: 420, height: 800 });
	await page.locator('mw-recording .dot').waitFor();
	assert.equal(await page.locator('mw-recording .words').isVisible(), false);
	await button(page, 'Stop Recording').click();
	await button(page, 'Start Recording').waitFor();
	assert.deepEqual(await commands(page), ['start', 'stop']);
});

test('a recording that has ended early says why until it is dismissed', async () => {
	const page = await harness.open('?rows=10');
	const problem = 'The recording has ended early: /recordings/farm.recording.jsonl cannot be written (ENOSPC).';
	const ended = { path: '/recordings/farm.recording.jsonl', since: 0, messages: 5, bytes: 500, problem };
	await page.evaluate((recording) => window.harness.recordings({ recording }), ended);
	await page.locator('mw-recording').getByRole('alert').getByText(problem).waitFor();
	await button(page, 'Dismiss').click();
	await button(page, 'Start Recording').waitFor();
});

test('the history is opened from the header, and after a reload from the empty log', async () => {
	const page = await harness.open('?rows=10');
	await page.evaluate(() => window.harness.recordings({ history: { folder: '/x', bytes: 34_000_000 } }));
	await button(page, 'Open History').click();
	assert.equal(await button(page, 'Open History').getAttribute('title'), 'Open History: 32.4 MB are recorded');
	const problem = 'The history has ended early: /x cannot be written (ENOSPC).';
	await page.evaluate(
		(problem) => window.harness.recordings({ history: { folder: '/x', bytes: 0, problem } }),
		problem,
	);
	await page.getByTitle(problem).waitFor();
	assert.deepEqual(await commands(page), ['history']);
	const closed = '?rows=0&topics=0&subscriptions=0&state=closed&ended';
	for (const [recorded, words, name, command] of [
		['recording', 'Earlier messages are in the recording.', 'Open Recording', 'open'],
		['history', 'Earlier messages are in the history.', 'Open History', 'history'],
	] as const) {
		await harness.open(`${closed}&recorded=${recorded}`);
		await page.getByText(words).waitFor();
		await page.locator('mw-log').getByRole('button', { name }).click();
		assert.deepEqual(await commands(page), [command]);
	}
});
