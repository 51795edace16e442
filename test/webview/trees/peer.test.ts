import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness, shot } from '../harness/harness';

const open = (query = '', size?: { width: number; height: number }) =>
	harness.open(`?protocol=post&rows=20&topics=5&subscriptions=0${query}`, size);
const tree = 'mw-browse-tree mw-virtual-list';
const node = (page: Page, name: string) => page.locator(`${tree} [role="treeitem"]`).filter({ hasText: name });
const called = (page: Page, name: string) =>
	page.evaluate((name) => window.harness.calls.filter((call) => call.name === name).map((call) => call.args), name);

test('browses the peer by click and key, with icons, descriptions and properties; observed targets are on a second tab', async () => {
	const page = await open();
	await node(page, 'Main office').getByText('3 boxes').waitFor();
	assert.match((await node(page, 'Main office').getAttribute('title')) ?? '', /Office Main office/);
	await page.locator(`${tree} .note`).getByText('Without a key only open offices are listed.').waitFor();
	await node(page, 'Main office').click();
	await node(page, 'box-0').waitFor();
	assert.match((await node(page, 'box-0').getAttribute('title')) ?? '', /12 waiting\nKeepers: 2/);
	await node(page, 'box-1').locator('.warn .icon').waitFor();
	await page.locator(tree).focus();
	await page.keyboard.press('ArrowLeft');
	await node(page, 'box-0').waitFor({ state: 'detached' });
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('Enter');
	await page.locator('mw-filter-bar').getByText('box-0').waitFor();
	await page.getByRole('tab', { name: 'From messages: boxes' }).click();
	await page.locator('mw-topics [role="treeitem"]').first().waitFor();
	await page.getByRole('tab', { name: 'Offices and boxes' }).press('ArrowLeft');
	await node(page, 'box-0').waitFor();
	await shot(page, 'peer');
});

test('a refresh keeps expansion and selection, and a failure is a row that tries again', async () => {
	const page = await open();
	await node(page, 'Main office').click();
	await node(page, 'box-2').click();
	await page.evaluate(() => window.harness.moreBoxes());
	await node(page, 'box-3').waitFor();
	assert.equal(await node(page, 'box-2').getAttribute('aria-selected'), 'true');
	await page.evaluate(() => window.harness.failBrowsing(true));
	await page.locator(`${tree} .failed`).first().getByText('The office does not answer.').waitFor();
	assert.equal(await node(page, 'box-3').count(), 1, 'the known nodes stay');
	await page.evaluate(() => window.harness.failBrowsing(false));
	await page.locator(`${tree} .failed`).first().waitFor({ state: 'detached' });
	await node(page, 'Closed office').click();
	await page.locator(`${tree} .failed`).getByText('The closed office tells nothing.').waitFor();
	const before = (await called(page, 'browse')).filter(([of]) => of === 'closed').length;
	await page.locator(`${tree} .failed`).click();
	await page.waitForFunction(
		(before) =>
			window.harness.calls.filter(({ name, args }) => name === 'browse' && args[0] === 'closed').length > before,
		before,
	);
});

test('loads 2,500 children in pages', async () => {
	const page = await open();
	await node(page, 'Archive').click();
	await node(page, 'old-0000').waitFor();
	await page.locator(tree).press('End');
	await page.locator(`${tree} .rest`).getByText('1,000 of 2,500 are listed').waitFor();
	await page.locator(`${tree} .rest`).click();
	await page.locator(tree).press('End');
	await page.locator(`${tree} .rest`).getByText('2,000 of 2,500').waitFor();
	await page.getByLabel('Find', { exact: true }).fill('old-1999');
	await node(page, 'old-1999').waitFor();
	assert.equal(await page.locator(`${tree} [role="treeitem"]`).count(), 2);
});

test('the search reports its reach, searches everything on request, and its results can be expanded', async () => {
	const page = await open();
	const find = page.getByLabel('Find', { exact: true });
	const foot = page.locator('mw-browse-tree .extent');
	await node(page, 'Main office').waitFor();
	assert.equal(await foot.count(), 0);
	await find.fill('OLD-2400');
	await page.getByText('No listed item matches.').waitFor();
	await foot.getByText('Searched the 6 listed; 5 lists are not read to the end.').waitFor();
	await shot(page, 'find');
	await foot.getByText('Search there too').click();
	await node(page, 'old-2400').waitFor();
	await foot.getByText('Searched all 2,509. 1 list could not be read.').waitFor();
	await find.fill('main');
	await find.press('ArrowDown');
	await page.locator(tree).press('ArrowRight');
	await node(page, 'box-0').waitFor();
	await find.fill('');
	await foot.waitFor({ state: 'detached' });
	await find.fill('box');
	await find.press('Enter');
	await node(page, 'box-2').waitFor();
});

test('the menu of a node has modes of receiving with their effect, compose, filter, copy and actions', async () => {
	const page = await open();
	await node(page, 'Main office').click();
	await node(page, 'box-0').click({ button: 'right' });
	const items = page.locator('mw-browse-tree [role="menuitem"]');
	await items.and(page.getByTitle('Nothing changes for others.')).waitFor();
	await items.filter({ hasText: 'Take…' }).locator('.icon[aria-label="Asks first"]').waitFor();
	await shot(page, 'peer-menu');
	assert.deepEqual(
		(await items.allInnerTexts()).map((text) => text.trim()),
		['Copy', 'Post Here', 'Show Only Its Letters', 'Copy Name', 'Pin', 'Count', 'Take…', 'Empty…'],
		'what removes something is last, in a group of its own',
	);
	assert.equal(await page.locator('mw-browse-tree [role="separator"]').count(), 2);
	await items.filter({ hasText: 'Take…' }).click();
	assert.deepEqual(await called(page, 'subscribe'), [[{ target: 'box-0', mode: 'take' }]]);
	await node(page, 'box-0').click({ button: 'right' });
	await items.getByText('Post Here').click();
	assert.equal(await page.getByRole('combobox', { name: 'box', exact: true }).inputValue(), 'box-0');
	assert.equal(await page.getByLabel('Operation').inputValue(), 'Replace');
	await node(page, 'box-0').click({ button: 'right' });
	await items.getByText('Copy Name').click();
	assert.deepEqual(await called(page, 'copy'), [['box-0']]);
	await node(page, 'lone').click({ button: 'right' });
	await items.and(page.getByTitle('Nothing changes for others.')).waitFor();
	assert.equal(await items.filter({ hasText: 'Take…' }).count(), 0, 'only modes that fit');
});

test('an action shows its form, effect and result; a required field is checked; cancelling is silent', async () => {
	const page = await open();
	await node(page, 'Main office').click();
	await node(page, 'box-0').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Empty…' }).click();
	const form = page.locator('mw-actions form');
	await form.getByText('The letters in it are gone.').waitFor();
	await shot(page, 'peer-action');
	await form.getByText('Empty', { exact: true }).last().click();
	await form.getByText('Reason is required.').first().waitFor();
	await form.locator('input').first().fill('moved');
	await form.locator('input').first().press('Enter');
	await page.locator('mw-actions').getByText('Emptied 12 letters from box-0.').waitFor();
	await page.locator('mw-actions').getByText('Held').waitFor();
	const [[request] = []] = (await called(page, 'act')) as { action: string; node: string; values: object }[][];
	assert.deepEqual(
		[request?.action, request?.node, request?.values],
		['empty', 'box:box-0', { reason: 'moved', force: false }],
	);
	await node(page, 'box-0').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Count' }).click();
	await page.waitForFunction(() => window.harness.calls.filter(({ name }) => name === 'act').length === 2);
	await page.locator('mw-actions').getByText('Emptied 12').waitFor({ state: 'detached' });
	assert.equal(await page.getByText('Nothing was done.').count(), 0);
});

test('an action of the connection starts from the header and has progress and a stop button', async () => {
	const page = await open();
	await page.getByRole('button', { name: 'Actions', exact: true }).first().click();
	await page.getByRole('menuitem', { name: 'Ping' }).click();
	await page.locator('mw-actions').getByText('3 of 10 pinged').waitFor();
	assert.equal(await page.locator('mw-actions [role="progressbar"]').getAttribute('aria-valuenow'), '30');
	await page.locator('mw-actions').getByText('Stop').click();
	await page.locator('mw-actions').getByText('Stopped after 3 of 10.').waitFor();
});

test('selects several messages by mouse and key, and applies an action to those that fit', async () => {
	const page = await open();
	const row = (at: number) => page.locator(`mw-log [data-position="${at}"]`);
	await row(5).click();
	await row(9).click({ modifiers: ['Shift'] });
	await page.locator('mw-log').getByText('5 letters selected').waitFor();
	await row(12).click({ modifiers: ['Control'] });
	assert.equal(await page.locator('mw-log [role="row"][aria-selected="true"]').count(), 6);
	await page.keyboard.press('Shift+ArrowDown');
	await page.locator('mw-log').getByText('2 letters selected').waitFor();
	await page.keyboard.press('ArrowUp');
	await row(5).click();
	await row(9).click({ modifiers: ['Shift'] });
	await row(6).click({ button: 'right' });
	// Message 7 was sent, so it cannot be returned. Open works with a single letter only.
	const item = page.getByRole('menuitem', { name: 'Return to Sender (4 of 5)' });
	await item.waitFor();
	assert.equal(await page.getByRole('menuitem', { name: 'Open Letter' }).count(), 0);
	await item.click();
	await page.locator('mw-actions').getByText('1 of 2 returned').waitFor();
	const [[request] = []] = (await called(page, 'act')) as { messages: number[] }[][];
	assert.deepEqual(request?.messages, [5, 6, 8, 9]);
	await row(3).click();
	await page.locator('mw-detail').getByText('Open Letter').waitFor();
	await page.locator('mw-log mw-virtual-list').press('Shift+F10');
	await page.getByRole('menuitem', { name: 'Show only this box' }).waitFor();
});

test('an empty list has a note, and a double click expands a node that a click only filters by', async () => {
	const page = await open();
	await node(page, 'Empty office').click();
	await page.locator(`${tree} .note`).getByText('Nothing is listed here.').waitFor();
	await node(page, 'Empty office').click();
	await node(page, 'crate').click();
	await page.locator('mw-filter-bar').getByText('crate').waitFor();
	assert.equal(await node(page, 'crate').getAttribute('aria-expanded'), 'false');
	await node(page, 'crate').dblclick();
	await page.locator(`${tree} .note`).getByText('Nothing is listed here.').waitFor();
});

for (const theme of ['dark', 'light', 'contrast'])
	test(`draws the browse tree in the theme "${theme}", also in a narrow panel`, async () => {
		const page = await open(`&theme=${theme}`);
		await node(page, 'Main office').click();
		await node(page, 'box-0').click({ button: 'right' });
		await page.getByRole('menuitem', { name: 'Empty…' }).waitFor();
		await shot(page, `peer-${theme}`);
		await page.keyboard.press('Escape');
		assert.deepEqual(await page.evaluate(() => window.harness.violations), []);
		const narrow = await open(`&theme=${theme}`, { width: 380, height: 700 });
		await narrow.getByRole('tab', { name: 'Offices and boxes' }).first().click();
		await node(narrow, 'Main office').click();
		await node(narrow, 'box-0').waitFor();
		await shot(narrow, `peer-narrow-${theme}`);
		assert.ok((await narrow.evaluate(() => document.documentElement.scrollWidth)) <= 380);
	});
