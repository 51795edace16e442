import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const form = (page: Page) => page.locator('mw-actions form');
const reason = (page: Page) => form(page).getByLabel(/Reason/);
const hasFocus = (page: Page) =>
	reason(page).evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input);

/** The panel with the form of the action that empties a box. */
async function open(): Promise<Page> {
	const page = await harness.open('?protocol=post&rows=20&topics=5&subscriptions=0');
	const node = (name: string) => page.locator('mw-browse-tree [role="treeitem"]').filter({ hasText: name });
	await node('Main office').click();
	await node('box-0').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Empty…' }).click();
	await form(page).waitFor();
	return page;
}

test('a refused form stays open with everything typed, and the focus is in the field that was refused', async () => {
	const page = await open();
	await form(page).getByText('Also what is held').click();
	for (const [text, said] of [
		['none', 'This is no reason.'],
		['late', 'The office is closed. 423 Locked'],
	] as const) {
		await reason(page).fill(text);
		await reason(page).press('Enter');
		await form(page).getByText(said).waitFor();
		assert.equal(await reason(page).inputValue(), text);
		assert.equal(await form(page).getByRole('checkbox').isChecked(), true, 'the other field keeps its value');
	}
	await reason(page).fill('none');
	await form(page).getByText('The office is closed.').waitFor({ state: 'detached' });
	await reason(page).press('Enter');
	await form(page).getByText('This is no reason.').waitFor();
	assert.ok(await hasFocus(page));
	await reason(page).fill('moved');
	await form(page).getByText('This is no reason.').waitFor({ state: 'detached' });
	await reason(page).press('Enter');
	await page.locator('mw-actions').getByText('Emptied 12 letters from box-0.').waitFor();
	assert.equal(await form(page).count(), 0);
});

test('a question that the user declines leaves the form as it was', async () => {
	const page = await open();
	await reason(page).fill('doubt');
	await reason(page).press('Enter');
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'act'));
	await form(page).locator('vscode-button:not([disabled])').first().waitFor();
	assert.equal(await reason(page).inputValue(), 'doubt');
	assert.equal(await form(page).getByRole('alert').count(), 0);
});

test('an action of the sidebar opens its form here, on its node', async () => {
	const page = await harness.open('?protocol=post&rows=20&topics=5&subscriptions=0');
	await page.locator('mw-browse-tree').waitFor();
	await page.evaluate(() =>
		window.harness.start({ kind: 'action', action: 'empty', node: { id: 'box:lone', name: 'lone' } }),
	);
	await form(page).getByRole('heading', { name: 'Empty: lone' }).waitFor();
	await reason(page).fill('moved');
	await reason(page).press('Enter');
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'act'));
	const [call] = await page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'act'));
	assert.deepEqual((call?.args[0] as { node?: string } | undefined)?.node, 'box:lone');
});

test('two opposite actions are one entry, and what was started can be shown', async () => {
	const page = await harness.open('?protocol=post&rows=20&topics=5&subscriptions=0');
	const menu = async () => {
		await page.getByRole('button', { name: 'Actions', exact: true }).first().click();
		await page.getByRole('menuitem', { name: 'Ping' }).waitFor();
		return (await page.locator('mw-header [role="menuitem"]').allInnerTexts()).map((text) => text.trim());
	};
	assert.deepEqual(await menu(), ['Show Routes', 'Ping', 'Open All Boxes']);
	await page.getByRole('menuitem', { name: 'Open All Boxes' }).click();
	await page.locator('mw-actions').getByRole('button', { name: 'Show' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'subscribe'));
	await page.locator('mw-actions').getByText('Done.').waitFor({ state: 'detached' });
	assert.deepEqual(await menu(), ['Show Routes', 'Ping', 'Close All Boxes']);
});
