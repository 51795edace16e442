import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const list = 'mw-log mw-virtual-list';
const line = (position: number) => `${list} [data-position="${position}"]`;
const called = (page: Page, name: string) =>
	page.evaluate((name) => window.harness.calls.filter((call) => call.name === name).map(({ args }) => args), name);
const selected = (page: Page) =>
	page
		.locator(`${list} [aria-selected="true"]`)
		.evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.position)));

test('a press selects the row under the pointer although messages arrive before the release', async () => {
	const page = await harness.open('?rows=1000');
	const box = await page.locator(line(990)).boundingBox();
	assert.ok(box);
	await page.mouse.move(box.x + 200, box.y + box.height / 2);
	await page.mouse.down();
	await page.evaluate(() => window.harness.grow(7));
	await page.getByRole('button', { name: '7 new messages' }).waitFor();
	await page.mouse.up();
	await page.getByRole('heading', { name: 'Message 990', exact: true }).waitFor();
	await page.evaluate(() => window.harness.grow(500));
	await page.getByRole('button', { name: '507 new messages' }).waitFor();
	assert.deepEqual(await selected(page), [990], 'it stays where it is');
	await page.getByRole('button', { name: '507 new messages' }).click();
	await page.locator(line(1506)).waitFor();
	assert.deepEqual(await selected(page), []);
});

test('a row that is selected by keyboard stays, and Ctrl+End follows the newest again', async () => {
	const page = await harness.open('?rows=990');
	await page.locator(line(989)).waitFor();
	await page.locator(list).focus();
	await page.keyboard.press('ArrowUp');
	await page.getByRole('heading', { name: 'Message 989', exact: true }).waitFor();
	await page.evaluate(() => window.harness.grow(100));
	await page.getByRole('button', { name: '100 new messages' }).waitFor();
	assert.deepEqual(await selected(page), [989]);
	await page.keyboard.press('Control+End');
	await page.locator(line(1089)).waitFor();
	await page.evaluate(() => window.harness.grow(50));
	await page.locator(line(1139)).waitFor();
});

test('the active descendant is always a row of the page', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator(line(995)).click();
	const active = () => page.locator(list).getAttribute('aria-activedescendant');
	assert.equal(await active(), 'row-995');
	await page.evaluate(() => window.harness.grow(500));
	await page.getByRole('button', { name: '500 new messages' }).click();
	await page.locator(line(1499)).waitFor();
	await page.locator(`${list}:not([aria-activedescendant])`).waitFor();
	await page.locator(list).press('ArrowUp');
	await page.locator(`${list}[aria-activedescendant="row-994"]`).waitFor();
});

test('a selected row stays visible when its detail takes room from the list', async () => {
	const page = await harness.open('?rows=1000', { width: 800, height: 900 });
	await page.locator(line(999)).waitFor();
	await page.locator(line(998)).click();
	await page.getByRole('heading', { name: 'Message 998', exact: true }).waitFor();
	await page.waitForFunction(() => {
		const log = document.querySelector('mw-panel')?.shadowRoot?.querySelector('mw-log')?.shadowRoot;
		const row = log?.querySelector('[data-position="998"]')?.getBoundingClientRect();
		const box = log?.querySelector('mw-virtual-list')?.getBoundingClientRect();
		return row && box && row.bottom <= box.bottom + 1;
	});
});

test('copies the selected rows, all rows and a single one as JSON lines', async () => {
	const page = await harness.open('?rows=150000');
	await page.locator(line(149_990)).click();
	await page.locator(line(149_994)).click({ modifiers: ['Shift'] });
	await page.keyboard.press('Control+c');
	await page.locator('mw-log').getByText('5 messages copied as JSON Lines').waitFor();
	assert.deepEqual(await called(page, 'copyMessages'), [[[149_990, 149_991, 149_992, 149_993, 149_994], 'json-lines']]);
	await page.keyboard.press('Escape');
	await page.locator('mw-log').getByText('5 messages selected').waitFor({ state: 'detached' });
	await page.keyboard.press('Control+a');
	await page.locator('mw-log').getByText('100,000 messages selected (no more can be selected)').waitFor();
	await page.keyboard.press('Control+c');
	await page.locator('mw-log').getByText('100,000 messages copied').waitFor();
	const [, [all] = []] = (await called(page, 'copyMessages')) as [number[]][];
	assert.deepEqual([all?.length, all?.[0], all?.at(-1)], [100_000, 50_000, 149_999]);
	assert.ok((await called(page, 'page')).length < 30, 'the lines are requested at once, not page by page');
});

test('the menu of several rows copies, compares, saves and makes a file', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator(line(990)).click();
	await page.locator(line(993)).click({ modifiers: ['Control'] });
	const choose = async (name: string) => {
		await page.locator(line(993)).click({ button: 'right' });
		await page.getByRole('menuitem', { name, exact: true }).click();
	};
	await choose('Compare Selected');
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'compare'));
	assert.deepEqual(await called(page, 'compare'), [[990, 993, 'json']]);
	await choose('Copy Payloads');
	await choose('Save Selected as File…');
	await choose('New Message File from Messages');
	assert.deepEqual(await called(page, 'copyMessages'), [[[990, 993], 'payloads']]);
	assert.deepEqual(await called(page, 'saveMessages'), [[[990, 993], {}]]);
	assert.deepEqual(await called(page, 'messageFile'), [[[990, 993]]]);
	await page.locator(line(995)).click({ modifiers: ['Control'] });
	await page.locator(line(995)).click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Copy Payloads' }).waitFor();
	assert.equal(await page.getByRole('menuitem', { name: 'Compare Selected' }).count(), 0, 'of three');
});

test('saves the log as it is filtered', async () => {
	const page = await harness.open('?rows=1000');
	await page.getByLabel('Filter by text').fill('seq":9');
	await page.locator('mw-counters').getByText('hidden by the filter').waitFor();
	await page.getByRole('button', { name: 'More Log Actions…' }).click();
	await page.getByRole('menuitem', { name: 'Save Log as File…' }).click();
	assert.deepEqual(await called(page, 'saveMessages'), [
		[undefined, { text: 'seq":9', matchCase: false, regex: false }],
	]);
});

test('the rows stay where they are when the panel changes between columns and tabs', async () => {
	const page = await harness.open('?rows=20000');
	await page.locator(line(19_998)).click();
	await page.locator(list).hover();
	await page.mouse.wheel(0, -22_000);
	await page.getByRole('button', { name: 'Jump to newest' }).waitFor();
	await page.locator(line(18_990)).waitFor();
	await page.setViewportSize({ width: 500, height: 800 });
	await page.getByRole('tab', { name: 'Messages' }).waitFor();
	await page.locator(line(18_990)).waitFor();
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.getByRole('tab', { name: 'Messages' }).waitFor({ state: 'detached' });
	await page.locator(line(18_990)).waitFor();
});
