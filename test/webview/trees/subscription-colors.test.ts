import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/run/eventually';
import { harness } from '../harness/harness';

const chips = (page: Page) => page.locator('mw-subscriptions .chip');
const edge = (page: Page, target: string) =>
	page.locator('mw-log .rows [role="row"]').filter({ hasText: target }).last().locator('.edge');
const backgrounds = (page: Page, selector: string) =>
	page.locator(selector).evaluateAll((found) => found.map((one) => getComputedStyle(one).backgroundColor));
const blue = 'rgb(55, 148, 255)';
const orange = 'rgb(238, 157, 40)';

test('with several subscriptions, chips and rows have their colors, and say whose they are', async () => {
	const page = await harness.open('?rows=0&topics=0');
	const arrive = (target: string) => page.evaluate((target) => window.harness.arrive(target, '1'), target);
	for (const target of ['plant-00/a', 'plant-01/b', 'other/c']) await arrive(target);
	await page.evaluate(() => window.harness.grow(0));
	await edge(page, 'plant-01/b').waitFor();
	assert.deepEqual(await backgrounds(page, 'mw-subscriptions .dot'), [blue, orange]);
	assert.equal(await edge(page, 'plant-00/a').getAttribute('title'), 'Subscribe: plant-00/#');
	assert.equal(await edge(page, 'plant-01/b').getAttribute('aria-label'), 'Subscribe: plant-01/#');
	assert.equal(await edge(page, 'other/c').count(), 0);
	// Both subscriptions bring it.
	await page.evaluate(() => {
		const one = (target: string) => ({ id: target, subscription: { target }, state: 'active' as const });
		window.harness.subscribed([one('#'), one('plant-00/#')]);
	});
	await eventually('both', async () =>
		assert.equal(await edge(page, 'plant-00/a').getAttribute('title'), 'Subscribe: #, plant-00/#'),
	);
	assert.equal(await edge(page, 'other/c').getAttribute('title'), 'Subscribe: #');
});

test('a single subscription needs no color', async () => {
	const page = await harness.open('?rows=20&subscriptions=1');
	await chips(page).first().waitFor();
	await page.locator('mw-log .rows [role="row"]').nth(3).waitFor();
	assert.equal(await page.locator('.dot, .edge').count(), 0);
});

test('another color is chosen from the menu of the chip, and is there the next time', async () => {
	const page = await harness.open('?rows=200');
	const choose = async (name: string) => {
		await chips(page).first().locator('button.name').click();
		await page.getByRole('menuitem', { name: 'Change Color…' }).click();
		await page.getByRole('menuitem', { name }).click();
	};
	await page.locator('mw-subscriptions .dot').first().waitFor();
	await choose('Orange');
	await eventually('orange', async () =>
		assert.deepEqual(await backgrounds(page, 'mw-subscriptions .dot'), [orange, orange]),
	);
	await page.reload();
	await eventually('orange again', async () =>
		assert.deepEqual(await backgrounds(page, 'mw-subscriptions .dot'), [orange, orange]),
	);
	await choose('No Color');
	await eventually('one', async () => assert.equal(await page.locator('mw-subscriptions .dot').count(), 1));
});
