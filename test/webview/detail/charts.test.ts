import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness, shot } from '../harness/harness';

const calls = (page: Page, name: string) =>
	page.evaluate((name) => window.harness.calls.filter((call) => call.name === name).map((call) => call.args), name);
const pinned = (page: Page) => page.locator('mw-charts .field');

/** Selects a row of the log and pins one of its numbers. */
async function pin(page: Page, position: number, number: string) {
	await page.locator(`mw-log [data-position="${position}"]`).click();
	await page.getByLabel('Number to draw').selectOption(number);
	await page.locator('mw-chart').getByRole('button', { name: 'Pin to Chart' }).click();
}

test('pins numbers of several topics into one chart, which a reload keeps and new messages continue', async () => {
	const page = await harness.open('?rows=1000');
	await pin(page, 998, 'temp');
	await pin(page, 997, 'temp');
	await pin(page, 997, 'seq');
	assert.equal(await pinned(page).count(), 3);
	await page.locator('mw-charts mw-plot canvas').waitFor();
	await pinned(page).nth(0).getByText('plant-98/dev-986').waitFor();
	await pinned(page).nth(0).getByText('min').waitFor();
	await shot(page, 'charts-dark');
	await page.waitForFunction(() => localStorage.getItem('saved:mqtt')?.includes('"charts":{"fields":[{'));
	await page.reload();
	await pinned(page).nth(2).getByText('max').waitFor();
	await page.evaluate(() => window.harness.arrive('plant-98/dev-986', '{"temp":-777.25}'));
	await pinned(page).nth(0).getByText('-777.25', { exact: true }).waitFor();
	await pinned(page).nth(0).getByText('min -777.25').waitFor();
	const queries = await calls(page, 'series');
	assert.ok(queries.length < 20, `${queries.length} queries`);
	assert.deepEqual(await page.evaluate(() => window.harness.violations), []);
});

test('a single number is said in words, and the second one starts the line', async () => {
	const page = await harness.open('?rows=0&topics=0');
	const seq = await page.evaluate(() => window.harness.arrive('one', '{"v":21.5}'));
	await page.locator(`mw-log [data-position="${seq}"]`).click();
	await page.getByText('1 point – the chart starts with the next message').waitFor();
	assert.equal(await page.locator('mw-chart canvas').count(), 0);
	await page.getByRole('button', { name: 'Pin to Chart' }).click();
	await page.getByText('The chart starts with the second number.').waitFor();
	await page.evaluate(() => window.harness.arrive('one', '{"v":22.5}'));
	await page.locator('mw-chart canvas').waitFor();
	await page.locator('mw-charts canvas').waitFor();
	await page.locator('mw-chart').getByText('2 points').waitFor();
});

test('the keyboard and the pointer show the value at a time, and lead to its message', async () => {
	const page = await harness.open('?rows=1000');
	await pin(page, 998, 'seq');
	const plot = page.locator('mw-charts').getByRole('slider', { name: 'Time in the chart' });
	await page.locator('mw-charts canvas').waitFor();
	await plot.focus();
	await page.keyboard.press('Home');
	await pinned(page).nth(0).getByText('1000', { exact: true }).waitFor();
	assert.match(
		(await plot.getAttribute('aria-valuetext')) ?? '',
		/^\d\d:\d\d:\d\d\.\d{3}: seq plant-98\/dev-986 1000$/,
	);
	await page.keyboard.press('ArrowRight');
	await pinned(page).nth(0).getByText('1001', { exact: true }).waitFor();
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Message 801' }).waitFor();
	await plot.focus();
	await page.keyboard.press('Escape');
	await pinned(page).nth(0).getByText('min 1000').waitFor();
	await plot.hover({ position: { x: 150, y: 40 } });
	await page.locator('mw-charts .time').waitFor();
});

test('scales, shows a shorter time, enlarges and exports', async () => {
	const page = await harness.open('?rows=1000');
	await pin(page, 998, 'temp');
	await pin(page, 998, 'seq');
	const charts = page.locator('mw-charts');
	await charts.locator('canvas').waitFor();
	await charts.getByRole('button', { name: 'Scale Each Line from 0 to 100 %' }).click();
	await charts.getByLabel('Time that is shown').selectOption('10 s');
	await pinned(page).nth(1).getByText('min 1099').waitFor();
	await charts.getByRole('button', { name: 'Enlarge' }).click();
	await charts.getByRole('heading', { name: 'Chart' }).waitFor();
	const width = await charts.locator('mw-plot').evaluate((element) => element.clientWidth);
	assert.ok(width > 1200, `${width}`);
	await shot(page, 'charts-large');
	await page.keyboard.press('Escape');
	await charts.getByRole('button', { name: 'Enlarge' }).waitFor();
	await charts.getByRole('button', { name: 'More Actions' }).click();
	await page.getByRole('menuitem', { name: 'Save Numbers as CSV…' }).click();
	assert.deepEqual(await calls(page, 'saveNumbers'), [
		[
			[
				{ target: 'plant-98/dev-986', way: 'in', path: 'temp' },
				{ target: 'plant-98/dev-986', way: 'in', path: 'seq' },
			],
		],
	]);
	await charts.getByRole('button', { name: 'More Actions' }).click();
	await page.getByRole('menuitem', { name: 'Save Chart as PNG…' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'savePicture'));
	const start = await page.evaluate(() => {
		const png = window.harness.calls.find(({ name }) => name === 'savePicture')?.args[0] as Uint8Array;
		return [...png.slice(0, 4)];
	});
	assert.deepEqual(start, [0x89, 0x50, 0x4e, 0x47]);
	await pinned(page).nth(0).getByRole('button', { name: 'Remove temp plant-98/dev-986 from the chart' }).click();
	assert.equal(await pinned(page).count(), 1);
	await charts.getByRole('button', { name: 'More Actions' }).click();
	await page.getByRole('menuitem', { name: 'Remove All from Chart' }).click();
	await charts.waitFor({ state: 'detached' });
});

test('the sash above the chart changes its height by keyboard', async () => {
	const page = await harness.open('?rows=1000');
	await pin(page, 998, 'temp');
	const plot = page.locator('mw-charts mw-plot');
	await plot.locator('canvas').waitFor();
	const height = () => plot.evaluate((element) => element.clientHeight);
	const before = await height();
	await page.getByRole('separator', { name: 'Height of the chart' }).focus();
	await page.keyboard.press('ArrowUp');
	await page.waitForFunction((before) => {
		const charts = document.querySelector('mw-panel')?.shadowRoot?.querySelector('mw-charts');
		return (charts?.shadowRoot?.querySelector('mw-plot')?.clientHeight ?? 0) > before;
	}, before);
});

test('a thirteenth number is refused with the reason', async () => {
	const page = await harness.open('?rows=10');
	const names = Array.from({ length: 13 }, (_, at) => `n${at}`);
	const text = JSON.stringify(Object.fromEntries(names.map((name, at) => [name, at])));
	const seq = await page.evaluate((text) => window.harness.arrive('many', text), text);
	for (const name of names.slice(0, 12)) await pin(page, seq, name);
	await page.getByLabel('Number to draw').selectOption('n12');
	const button = page.locator('mw-chart').getByRole('button', { name: 'Pin to Chart' });
	assert.equal(await button.isDisabled(), true);
	assert.equal(await button.getAttribute('title'), 'The pinned chart has 12 fields. Remove one first.');
	assert.equal(await pinned(page).count(), 12);
});

test('in a narrow panel the chart is below the topics', async () => {
	const page = await harness.open('?rows=1000', { width: 360, height: 700 });
	await pin(page, 998, 'temp');
	await page.getByRole('tab', { name: 'Topics' }).click();
	await page.locator('mw-charts canvas').waitFor();
	const wider = await page.evaluate(() => document.documentElement.scrollWidth);
	assert.ok(wider <= 360, `nothing is wider than the column: ${wider}`);
});
