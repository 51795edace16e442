import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const list = 'mw-log mw-virtual-list';
const line = (position: number) => `${list} [data-position="${position}"]`;

async function openFind(page: Page, rows: number) {
	await page.locator(line(rows - 1)).waitFor();
	await page.locator(list).focus();
	await page.keyboard.press('Control+f');
	const input = page.getByLabel('Find in log');
	await input.waitFor();
	const count = (text: string) => page.locator('mw-find-bar .count').getByText(text, { exact: true }).waitFor();
	return { input, count };
}

test('finds in a million messages without hiding others, and goes from match to match', async () => {
	const page = await harness.open('?rows=1000000');
	const { input, count } = await openFind(page, 1_000_000);
	await input.fill('needle');
	await count('100 of 100');
	// The newest match is shown among its neighbors.
	await page
		.locator(`${line(991_234)}.current mark`)
		.getByText('needle')
		.waitFor();
	await page.locator(line(991_235)).waitFor();
	await input.press('Shift+Enter');
	await count('99 of 100');
	await page.getByRole('heading', { name: 'Message 981,234', exact: true }).waitFor();
	await input.press('Enter');
	await count('100 of 100');
	await input.press('Enter');
	await count('1 of 100');
	await page.locator(`${line(1234)}.current`).waitFor();
	await input.press('Shift+F3');
	await count('100 of 100');
	await input.press('Escape');
	await input.waitFor({ state: 'detached' });
	assert.equal(await page.locator(`${list} mark`).count(), 0);
	// The focus is in the list again.
	await page.keyboard.press('ArrowDown');
	await page.getByRole('heading', { name: 'Message 991,235', exact: true }).waitFor();
});

test('marks matches in targets and payloads of the visible rows, with case and expressions', async () => {
	const page = await harness.open('?rows=1000');
	const { input, count } = await openFind(page, 1000);
	const marks = () => page.locator(`${list} mark`).allTextContents();
	await input.fill('PLANT-98');
	await page
		.locator(`${line(998)} .target mark`)
		.getByText('plant-98')
		.waitFor();
	assert.deepEqual([...new Set(await marks())], ['plant-98']);
	await input.press('Alt+c');
	await count('No results');
	await input.press('Alt+c');
	await count('10 of 10');
	await input.fill('"seq":99[1-3]');
	await count('No results');
	await input.press('Alt+r');
	await count('3 of 3');
	assert.deepEqual(await marks(), ['"seq":991', '"seq":992', '"seq":993']);
	await input.fill('(');
	await page.locator('mw-find-bar').getByRole('alert').waitFor();
	await input.fill('"seq":997');
	await count('1 of 1');
	assert.equal(await page.locator('mw-find-bar').getByRole('alert').count(), 0);
});

test('searches within the filter, from the place where the reader is, and becomes the filter', async () => {
	const page = await harness.open('?rows=10000');
	await page.getByLabel('Filter by topic').fill('plant-07/#');
	await page.locator('mw-counters').getByText('9,890 hidden by the filter').waitFor();
	await page.locator(`${list} [role="row"]`).last().waitFor();
	await page.locator(list).focus();
	await page.keyboard.press('Home');
	await page.getByRole('heading', { name: 'Message 7', exact: true }).waitFor();
	await page.keyboard.press('Control+f');
	const input = page.getByLabel('Find in log');
	await input.fill('"temp":20.7');
	const count = page.locator('mw-find-bar .count');
	await count.getByText('1 of 100', { exact: true }).waitFor();
	await page.getByRole('button', { name: 'Filter by This' }).click();
	await input.waitFor({ state: 'detached' });
	assert.equal(await page.getByLabel('Filter by text').inputValue(), '"temp":20.7');
	await page.locator('mw-counters').getByText('9,890 hidden by the filter').waitFor();
});

test('counts matches that arrive while the bar is open', async () => {
	const page = await harness.open('?rows=100');
	const { input, count } = await openFind(page, 100);
	await input.fill('eureka');
	await count('No results');
	await page.evaluate(() => window.harness.arrive('plant-00/dev-000', 'eureka'));
	await page.locator('mw-find-bar .count').getByText('of 1').waitFor();
});
