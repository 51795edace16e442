import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const list = 'mw-log mw-virtual-list';
const last = (page: Page) => page.locator(`${list} [role="row"]`).last();

async function publish(page: Page, target: string): Promise<void> {
	await page.getByRole('combobox', { name: 'topic', exact: true }).fill(target);
	await page.locator('mw-payload-editor textarea').fill('{"x":1}');
	await page.locator('mw-payload-editor textarea').press('Control+Enter');
	await last(page).getByText(target).waitFor();
}

test('a long topic shows its start and its end', async () => {
	const page = await harness.open('?rows=10');
	const topic = 'europe/netherlands/westland/greenhouse-1/section-7/soil/bed-2/moisture';
	await page.evaluate((topic) => window.harness.arrive(topic, '1'), topic);
	const cell = last(page).locator('.target');
	await cell.getByText('moisture').waitFor();
	assert.equal(await cell.textContent(), topic);
	assert.equal(await cell.getAttribute('title'), topic);
	const parts = await cell
		.locator('.middle > *')
		.evaluateAll((parts) =>
			parts.map((part) => ({ cut: part.scrollWidth > part.clientWidth, width: part.clientWidth })),
		);
	assert.deepEqual(
		parts.map(({ cut }) => cut),
		[true, false],
		'only the first part is cut',
	);
	assert.ok(parts.every(({ width }) => width > 20));
});

test('a receipt has an icon with its words, and a failure keeps its text in a narrow log', async () => {
	const page = await harness.open('?rows=10', { width: 1280, height: 800 });
	await publish(page, 'fine');
	await last(page)
		.getByRole('img', { name: /^handed to the socket$/ })
		.waitFor();
	await last(page).locator('.receipt').getByText('handed to the socket').waitFor();
	await page.locator(`${list} [data-position="3"]`).click();
	await page.setViewportSize({ width: 1100, height: 800 });
	await page.getByRole('button', { name: /Jump to newest|new message/ }).click();
	await last(page)
		.getByRole('img', { name: /^handed to the socket$/ })
		.waitFor();
	await last(page).locator('.receipt').waitFor({ state: 'hidden' });
	await publish(page, 'not/allowed');
	await last(page).getByRole('img', { name: 'refused by the broker – PUBACK 135 Not authorized' }).waitFor();
	const text = last(page).locator('.receipt');
	await text.getByText('refused by the broker').waitFor();
	assert.ok(await text.evaluate((cell) => cell.scrollWidth <= cell.clientWidth), 'the text is not cut');
});

test('the columns have headers in the grid, and each cell names its column', async () => {
	const page = await harness.open('?rows=100');
	await last(page).waitFor();
	const headers = await page
		.locator('mw-log [role="columnheader"]')
		.evaluateAll((cells) =>
			cells.map((cell) => [
				cell.getAttribute('aria-colindex'),
				cell.textContent || cell.querySelector('[aria-label]')?.getAttribute('aria-label'),
			]),
		);
	assert.deepEqual(headers, [
		['1', 'Time'],
		['2', 'Direction and receipt'],
		['3', 'Topic'],
		['4', 'QoS'],
		['5', 'Retained'],
		['6', 'Size'],
		['7', 'Payload'],
	]);
	assert.equal(await page.locator(list).getAttribute('aria-owns'), 'log-head');
	const cells = await page
		.locator(`${list} [data-position="98"] [role="gridcell"]`)
		.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-colindex')));
	assert.deepEqual(cells, ['1', '2', '3', '4', '5', '6', '7']);
});

test('a list with a single target has no column for it until there is a second', async () => {
	const page = await harness.open('?protocol=websocket&rows=0&topics=0');
	await page.evaluate(() => window.harness.arrive('messages', 'one'));
	await last(page).getByText('one').waitFor();
	const header = page.getByRole('columnheader', { name: 'Group' });
	assert.equal(await header.count(), 0);
	await page.evaluate(() => window.harness.arrive('orders', 'two'));
	await header.waitFor();
	await last(page).locator('.target').getByText('orders').waitFor();
});

test('says who wrote a message, and when it was written instead of when it arrived', async () => {
	const page = await harness.open('?rows=10');
	await page.evaluate(() => {
		const seq = window.harness.arrive('room', 'hello');
		const { time } = window.harness.store.row(seq);
		window.harness.store.change(seq, { sender: 'alice\u202e', written: time - 3 * 24 * 3600_000 });
		window.harness.grow(0);
	});
	await last(page).locator('.sender').getByText('alice⟨202E⟩:').waitFor();
	assert.match((await last(page).locator('.time').textContent()) ?? '', /^12-30 \d\d:\d\d$/);
	assert.match(
		(await last(page).locator('.time').getAttribute('title')) ?? '',
		/^Written 2025-12-30 .*, received 2026-01-02 /,
	);
});

test('an answer links to its request', async () => {
	const page = await harness.open('?rows=1000');
	await page.evaluate(() => {
		const seq = window.harness.arrive('reply', 'yes');
		window.harness.store.change(seq, { answers: 5, roundTrip: 7 });
		window.harness.grow(0);
	});
	await last(page).getByRole('button', { name: 'answers #5' }).click();
	await page.locator(`${list} [data-position="5"][aria-selected="true"]`).waitFor();
	await page.getByRole('heading', { name: 'Message 5', exact: true }).waitFor();
});

test('right-to-left text starts at the left edge like the other rows', async () => {
	const page = await harness.open('?rows=10');
	await page.evaluate(() => window.harness.arrive('a', '\u05e9\u05dc\u05d5\u05dd'));
	const cell = last(page).locator('.preview');
	await cell.getByText('\u05e9').waitFor();
	assert.equal(await cell.evaluate((element) => getComputedStyle(element).textAlign), 'left');
});

test('notes of the connection are not counted as messages', async () => {
	const page = await harness.open('?rows=2000');
	const kept = page.locator('mw-counters').getByText('1,998 kept');
	await kept.waitFor();
	assert.match((await kept.getAttribute('title')) ?? '', /and 2 notes of the connection/);
	await page.getByLabel('Filter by text').fill('Reconnected');
	await page.locator('mw-counters').getByText('1,998 hidden by the filter').waitFor();
	await page.getByLabel('Filter by text').fill('nothing has this');
	await page.getByText('No messages match the filter (1,998 hidden).').waitFor();
});
