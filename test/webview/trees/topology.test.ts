import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness, shot } from '../harness/harness';

async function open(query = '', size?: { width: number; height: number }): Promise<Page> {
	const page = await harness.open(`?protocol=post&rows=20&topics=5&subscriptions=0${query}`, size);
	await page.locator('mw-header').waitFor();
	await page.evaluate(() => window.harness.start({ kind: 'action', action: 'routes' }));
	await page.locator('mw-topology .node').first().waitFor();
	return page;
}
const node = (page: Page, name: string) => page.locator('mw-topology .node').filter({ hasText: name });

test('a click selects a node here and in the tree, and its menu is that of the tree', async () => {
	const page = await open();
	assert.equal(
		await node(page, 'box-1').getAttribute('aria-label'),
		'Box box-1, 7 waiting · a letter box, from office (rule 1), to returns (dead letters)',
	);
	assert.equal(await page.locator('mw-topology .edge.dashed').count(), 2);
	await node(page, 'box-2').click();
	await page.locator('mw-browse-tree [role="treeitem"][aria-selected="true"]').getByText('box-2').waitFor();
	await page.locator('mw-topology .chosen-line').getByText('Keepers: 2').waitFor();
	await node(page, 'box-2').click({ button: 'right' });
	await page.locator('mw-topology').getByRole('menuitem', { name: 'Empty…' }).click();
	await page.locator('mw-actions form').getByRole('heading', { name: 'Empty: box-2' }).waitFor();
	await shot(page, 'topology');
});

test('arrow keys follow the lines, the menu key opens the menu, and Back returns to the log', async () => {
	const page = await open();
	await node(page, 'office').focus();
	await page.keyboard.press('ArrowRight');
	const focused = () =>
		page.evaluate(() =>
			document
				.querySelector('mw-panel')
				?.shadowRoot?.querySelector('mw-topology')
				?.shadowRoot?.activeElement?.getAttribute('data-node'),
		);
	assert.equal(await focused(), 'box:box-0');
	await page.keyboard.press('ArrowLeft');
	assert.equal(await focused(), 'office');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('Shift+F10');
	await page.locator('mw-topology').getByRole('menuitem', { name: 'Copy Name' }).waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Back to Log' }).click();
	await page.locator('mw-log').waitFor();
	assert.equal(await page.locator('mw-topology').count(), 0);
});

test('numbers are read again while it is visible and nothing jumps; a failure keeps the last picture', async () => {
	const page = await open();
	const before = await node(page, 'office').boundingBox();
	await page.evaluate(() => window.harness.failBrowsing(true));
	await page.locator('mw-topology').getByText('The office does not answer.').waitFor();
	assert.equal(await node(page, 'office').count(), 1);
	await page.evaluate(() => window.harness.failBrowsing(false));
	await page.locator('mw-topology mw-failure-note').waitFor({ state: 'detached' });
	assert.equal((await node(page, 'office').boundingBox())?.x, before?.x);
	await page.evaluate(() => window.harness.moreBoxes());
	await node(page, 'box-3').waitFor();
	await page.evaluate(() => window.harness.state('closed'));
	await page.locator('mw-topology').getByText('Connect to see what the peer has.').waitFor();
});

test('says what is not drawn, finds, zooms, and has the same as a table and as Mermaid', async () => {
	const page = await open();
	const view = page.locator('mw-topology');
	await view.getByLabel('Find').fill('huge');
	await view.getByText('1,204 objects and 3 lines not drawn').waitFor();
	assert.equal(await view.locator('.node').count(), 304);
	await view.getByRole('button', { name: 'Fit to View' }).click();
	const width = (await node(page, 'office').boundingBox())?.width ?? 0;
	await view.getByRole('button', { name: 'Zoom In' }).click();
	await page.waitForFunction((width) => {
		const root = document.querySelector('mw-panel')?.shadowRoot?.querySelector('mw-topology')?.shadowRoot;
		return (root?.querySelector('.node')?.getBoundingClientRect().width ?? 0) > width;
	}, width);
	await view.getByLabel('Find').fill('nothing');
	await view.getByText('Nothing matches.').waitFor();
	await view.getByLabel('Find').fill('');
	await view.getByRole('tab', { name: 'Table' }).click();
	await view
		.getByRole('row', { name: /^box-1/ })
		.getByText('dead letters')
		.waitFor();
	await view.getByRole('button', { name: 'Copy as Mermaid' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'copy'));
	const [text] = await page.evaluate(() =>
		window.harness.calls.filter(({ name }) => name === 'copy').map(({ args }) => args[0]),
	);
	assert.match(String(text), /^flowchart LR\n {2}n0\(\["office/);
	await view.getByRole('button', { name: 'Open Routes as Document' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'act'));
});

for (const theme of ['dark', 'light', 'contrast'])
	test(`draws the topology in the theme "${theme}", also in a narrow panel, and within the security policy`, async () => {
		const page = await open(`&theme=${theme}`, { width: 380, height: 700 });
		await shot(page, `topology-narrow-${theme}`);
		assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 380);
		assert.deepEqual(await page.evaluate(() => window.harness.violations), []);
	});
