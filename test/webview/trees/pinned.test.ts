import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/run/eventually';
import { harness } from '../harness/harness';

const pins = (page: Page) => page.locator('mw-pinned-topics [role="treeitem"]');
const topic = (page: Page, text: string) =>
	page.locator('mw-topics [role="treeitem"]').filter({ hasText: text }).first();
/** Name and value of each. */
const texts = (page: Page) =>
	pins(page).evaluateAll((rows) =>
		rows.map((row) => [...row.querySelectorAll('.name, .value')].map((part) => part.textContent).join(' ')),
	);

async function arrive(page: Page, target: string, text: string) {
	await page.evaluate(([target, text]) => window.harness.arrive(target as string, text as string), [target, text]);
	await page.evaluate(() => window.harness.grow(0));
}

test('topics are pinned by button and menu, with their latest value, and are there the next time', async () => {
	const page = await harness.open('?rows=0&topics=0');
	await arrive(page, 'farm/1/temp', '21');
	await arrive(page, 'farm/2/temp', '22');
	assert.equal(await page.locator('mw-pinned-topics').isVisible(), false);
	await topic(page, '1/temp').hover();
	await topic(page, '1/temp').getByRole('button', { name: 'Pin' }).click();
	await page.getByText('Pinned topics').waitFor();
	await topic(page, '2/temp').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
	await eventually('both', async () => assert.deepEqual(await texts(page), ['1/temp 21', '2/temp 22']));
	await pins(page).first().click();
	await page.locator('mw-detail .target').getByText('farm/1/temp').waitFor();
	await page.reload();
	await eventually('before a message', async () =>
		assert.deepEqual(await texts(page), ['1/temp no message yet', '2/temp no message yet']),
	);
	await arrive(page, 'farm/2/temp', '23');
	await eventually('a message', async () => assert.equal((await texts(page))[1], '2/temp 23'));
});

test('the pinned topics are used by keyboard', async () => {
	const page = await harness.open('?rows=0&topics=0');
	for (const name of ['a', 'b', 'c']) await arrive(page, name, '1');
	for (const name of ['a', 'b', 'c']) {
		await topic(page, name).hover();
		await topic(page, name).getByRole('button', { name: 'Pin' }).click();
	}
	const list = page.locator('mw-pinned-topics mw-virtual-list');
	await list.focus();
	await page.keyboard.press('Home');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await page.locator('mw-detail .target').getByText('b', { exact: true }).waitFor();
	await page.keyboard.press('Delete');
	await eventually('two are left', async () => assert.equal(await pins(page).count(), 2));
	await page.keyboard.press('Shift+F10');
	await page.getByRole('menuitem', { name: 'Unpin' }).click();
	await eventually('one is left', async () => assert.match((await texts(page)).join(), /^a/));
	await pins(page).first().hover();
	await pins(page).first().getByRole('button', { name: 'Unpin' }).click();
	await page.locator('mw-pinned-topics').waitFor({ state: 'hidden' });
});

test('a node of the peer with messages is pinned from its menu', async () => {
	const page = await harness.open('?protocol=post&rows=0&topics=0');
	await page.locator('mw-browse-tree [role="treeitem"]').filter({ hasText: 'lone' }).click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
	await page.getByText('Pinned boxes').waitFor();
	assert.deepEqual(await texts(page), ['lone no letter yet']);
});
