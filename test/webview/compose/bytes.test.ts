import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const key = (page: Page) => page.getByRole('textbox', { name: 'Key', exact: true });
const notation = (page: Page, name = 'Key') => page.getByLabel(`${name}: notation`);
const attached = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const target = (page: Page) => page.getByRole('combobox', { name: 'topic', exact: true });

/** The values of the drafts that were sent. */
async function sent(page: Page, count: number): Promise<object[]> {
	const calls = () => window.harness.calls.filter(({ name }) => name === 'send');
	await page.waitForFunction(
		(count) => window.harness.calls.filter(({ name }) => name === 'send').length === count,
		count,
	);
	return page.evaluate(`(${calls})().map(({ args }) => args[0].values)`);
}

const send = (page: Page) => page.getByRole('button', { name: 'Publish', exact: true }).click();

test('a key is text or in another notation, may be empty, and may be missing', async () => {
	const page = await harness.open('?rows=0&protocol=records');
	await target(page).fill('t');
	await send(page);
	await key(page).fill('customer-1');
	assert.equal(await notation(page).inputValue(), 'text');
	await send(page);
	await notation(page).selectOption('hex');
	await key(page).fill('ff d8');
	await send(page);
	await key(page).fill('');
	assert.equal(await notation(page).inputValue(), '', 'a cleared key is none');
	assert.equal(await key(page).getAttribute('placeholder'), '', 'which the notation says once');
	await send(page);
	await notation(page).selectOption('text');
	assert.equal(await key(page).getAttribute('placeholder'), 'Empty');
	await send(page);
	assert.deepEqual(await sent(page, 5), [
		{},
		{ key: { format: 'text', text: 'customer-1' } },
		{ key: { format: 'hex', text: 'ff d8' } },
		{},
		{ key: { format: 'text', text: '' } },
	]);
});

test('a text that is not of its notation is refused at the field, and nothing is sent', async () => {
	const page = await harness.open('?rows=0&protocol=records');
	await target(page).fill('t');
	await notation(page).selectOption('hex');
	await key(page).fill('ff d');
	await send(page);
	await page.getByText('Key: the number of hexadecimal digits is odd.').waitFor();
	assert.equal(await key(page).evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input), true);
	await key(page).fill('ff d8');
	await send(page);
	assert.deepEqual(await sent(page, 1), [{ key: { format: 'hex', text: 'ff d8' } }]);
});

test('attachments are a list, and each can come from a file', async () => {
	const page = await harness.open('?rows=0&protocol=records');
	await target(page).fill('t');
	const add = page.locator('mw-bytes-list').getByRole('button', { name: 'Add' });
	await add.click();
	await attached(page, 'Attached 1').fill('a');
	await add.click();
	await page.getByRole('button', { name: 'Attached 2: From File…' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'pickBytes'));
	await page
		.locator('mw-bytes-list select')
		.nth(1)
		.locator('option[value="base64"]:checked')
		.waitFor({ state: 'attached' });
	await send(page);
	assert.deepEqual(await sent(page, 1), [
		{
			attached: [
				{ format: 'text', text: 'a' },
				{ format: 'base64', text: '/9g=' },
			],
		},
	]);
});

test('history, a reload and a message of the log bring keys back', async () => {
	const page = await harness.open('?rows=0&protocol=records');
	await target(page).fill('t');
	await notation(page).selectOption('base64');
	await key(page).fill('/9g=');
	await send(page);
	await sent(page, 1);
	await key(page).fill('AAA=');
	await page.waitForFunction(() => localStorage.getItem('saved:records')?.includes('AAA='));
	await page.reload();
	assert.deepEqual([await key(page).inputValue(), await notation(page).inputValue()], ['AAA=', 'base64']);
	await page.getByRole('button', { name: 'History' }).click();
	await page.locator('mw-history .sheet button').first().click();
	assert.equal(await key(page).inputValue(), '/9g=');
	const seq = await page.evaluate(() => window.harness.arriveRecord('orders', 'v', { key: 'k', attached: ['a'] }));
	await page.locator(`mw-log [data-position="${seq}"]`).click();
	await page.getByRole('button', { name: 'Publish again' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'draft'));
	await attached(page, 'Attached 1').waitFor();
	assert.deepEqual([await key(page).inputValue(), await target(page).inputValue()], ['k', 'orders']);
});
