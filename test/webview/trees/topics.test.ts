import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/run/eventually';
import { harness } from '../harness/harness';

const list = 'mw-topics mw-virtual-list';
const rows = (page: Page) => page.locator(`${list} [role="treeitem"]`);
const row = (page: Page, text: string) => rows(page).filter({ hasText: text }).first();
const names = (page: Page) => page.locator(`${list} .name`).allTextContents();
const filter = (page: Page) =>
	page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'view').at(-1)?.args[1]);
const copied = (page: Page) =>
	page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'copy').map(({ args }) => args[0]));

const topics = ['alone/far/below', 'site/line/device-1/state', 'site/line/device-2/state', 'site/line/device-2/temp'];

async function open(query = '?rows=0&topics=0', more: readonly string[] = topics): Promise<Page> {
	const page = await harness.open(query);
	await arrive(page, more);
	return page;
}

async function arrive(page: Page, topics: readonly string[]) {
	for (const topic of topics) await page.evaluate((topic) => window.harness.arrive(topic, '{"value":21}'), topic);
}

test('levels with a single one below share a row; each of them filters the log and has a menu', async () => {
	const page = await open();
	await row(page, 'line').waitFor();
	assert.deepEqual(await names(page), ['alone/far/below', 'site/line']);
	await row(page, 'line').locator('[data-level="0"]').click();
	await eventually('the filter', async () =>
		assert.deepEqual(await filter(page), { target: { kind: 'below', value: 'site' } }),
	);
	await row(page, 'below').locator('[data-level="1"]').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Copy Topic' }).click();
	await row(page, 'below').locator('[data-level="2"]').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Copy Topic' }).click();
	await eventually('both', async () => assert.deepEqual(await copied(page), ['alone/far', 'alone/far/below']));
});

test('the arrow keys go through the levels of a row, and a level is chosen by Enter', async () => {
	const page = await open();
	await row(page, 'line').waitFor();
	await page.locator(list).focus();
	await page.keyboard.press('End');
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('Enter');
	await eventually('the filter', async () =>
		assert.deepEqual(await filter(page), { target: { kind: 'below', value: 'site' } }),
	);
	assert.equal(await row(page, 'line').getAttribute('aria-label'), 'site');
	assert.equal(await row(page, 'line').locator('.level.on').innerText(), 'site');
	await page.keyboard.press('ArrowRight');
	assert.equal(await row(page, 'line').getAttribute('aria-label'), null);
	await page.keyboard.press('ArrowRight');
	await row(page, 'device-1').waitFor();
	await page.keyboard.press('ArrowLeft');
	await row(page, 'device-1').waitFor({ state: 'detached' });
});

test('a switch draws each level in a row of its own, also the next time', async () => {
	const page = await open();
	const button = page.getByRole('button', { name: 'Compact levels' });
	assert.equal(await button.getAttribute('aria-pressed'), 'true');
	await button.click();
	await eventually('levels', async () => assert.deepEqual(await names(page), ['alone', 'site']));
	await page.reload();
	await arrive(page, topics);
	await row(page, 'site').waitFor();
	const shown = await names(page);
	assert.ok(shown.includes('site') && shown.includes('alone'), shown.join());
	assert.equal(await button.getAttribute('aria-pressed'), 'false');
});

test('finding says how many topics match and marks the text in their names', async () => {
	const page = await open('?rows=0&topics=20000');
	const extent = page.locator('mw-topics .foot');
	await extent.getByText('20,004 topics', { exact: true }).waitFor();
	await page.getByLabel('Find topics').fill('device-2');
	await extent.getByText('2 of 20,004 topics').waitFor();
	assert.deepEqual(await names(page), ['site/line/device-2', 'state', 'temp']);
	assert.deepEqual(await page.locator(`${list} mark`).allInnerTexts(), ['device-2']);
	// A match that continues in the next level.
	await page.getByLabel('Find topics').fill('line/device-1/st');
	await extent.getByText('1 of 20,004 topics').waitFor();
	assert.deepEqual(await page.locator(`${list} mark`).allInnerTexts(), ['line', 'device-1', 'st']);
	// A pattern has no text to mark.
	await page.getByLabel('Find topics').fill('site/+/+/state');
	await extent.getByText('2 of 20,004 topics').waitFor();
	assert.equal(await page.locator(`${list} mark`).count(), 0);
	await page.getByLabel('Find topics').fill('');
	await extent.getByText('20,004 topics', { exact: true }).waitFor();
});

test('a topic shows its latest message at once; a folder closes a message from elsewhere', async () => {
	const page = await open();
	const detail = page.locator('mw-detail .target');
	await row(page, 'below').click();
	await detail.getByText('alone/far/below').waitFor();
	await row(page, 'below').locator('[data-level="1"]').click();
	await eventually('the filter', async () =>
		assert.deepEqual(await filter(page), { target: { kind: 'below', value: 'alone/far' } }),
	);
	assert.equal(await detail.innerText(), 'alone/far/below', 'the message is below the chosen level');
	await row(page, 'line').click();
	await page.locator('mw-detail').waitFor({ state: 'detached' });
});

test('a row shows the latest value, and counts do not stand out', async () => {
	const page = await open();
	assert.equal(await row(page, 'below').locator('.value').innerText(), '{"value":21}');
	const total = row(page, 'line').locator('.total');
	const look = await total.evaluate((element) => [
		getComputedStyle(element).backgroundColor,
		getComputedStyle(element).color === getComputedStyle(element.closest('.figures') as Element).color,
	]);
	assert.deepEqual(look, ['rgba(0, 0, 0, 0)', true]);
});

test('a line of the latest rates is drawn for a topic with new messages', async () => {
	const page = await open();
	await eventually('a line', async () => {
		await arrive(page, ['alone/far/below']);
		await page.evaluate(() => window.harness.grow(0));
		assert.equal(await row(page, 'below').locator('.spark').count(), 1);
	});
	assert.equal(await row(page, 'line').locator('.spark').count(), 0);
});

test('a topic that is revealed from the sidebar shows its latest message', async () => {
	const page = await open();
	await row(page, 'line').waitFor();
	await page.evaluate(() => window.harness.reveal('site/line/device-2/temp', false));
	await page.locator('mw-detail .target').getByText('site/line/device-2/temp').waitFor();
	await page.evaluate(() => window.harness.reveal('alone/far', false));
	await page.locator('mw-detail').waitFor({ state: 'detached' });
	await page.locator(`${list} .level.on`).getByText('far').waitFor();
});
