import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import type { Mark } from '../../../src/model/checks/mark';
import { harness } from '../harness/harness';

const list = 'mw-log mw-virtual-list';
const line = (position: number) => `${list} [data-position="${position}"]`;

/** A log of 60 messages, the marked ones of which are given by line. */
async function openMarked(marks: Record<number, Mark[]>): Promise<Page> {
	const page = await harness.open('?rows=60');
	await page.locator(line(59)).waitFor();
	await page.evaluate((marks) => {
		for (const [seq, checkMarks] of Object.entries(marks)) window.harness.store.change(Number(seq), { checkMarks });
		window.harness.grow(0);
	}, marks);
	return page;
}

const replayed: Mark = { kind: 'replayed', reason: 'Nonce seen 12 s ago: 8f' };
const gap: Mark = { kind: 'gap', reason: 'Sequence 17 after 12: 4 missing' };

test('a marked message has an icon, its reason and all reasons in its tooltip', async () => {
	const page = await openMarked({ 55: [gap, replayed], 57: [gap] });
	const row = page.locator(line(55));
	// The most serious one is shown.
	await row.getByText('Nonce seen 12 s ago: 8f (+1)', { exact: true }).waitFor();
	const title = 'Replayed: Nonce seen 12 s ago: 8f\nGap: Sequence 17 after 12: 4 missing';
	assert.equal(await row.locator('.mark-cell').getAttribute('title'), title);
	await row.locator('.way').getByTitle('Replayed: Nonce seen').waitFor();
	await row.click();
	const detail = page.locator('mw-detail');
	await detail.getByText('Sequence 17 after 12: 4 missing', { exact: true }).waitFor();
	assert.deepEqual(
		await detail
			.locator('dt')
			.filter({ hasText: /Replayed|Gap/ })
			.allTextContents(),
		['Replayed', 'Gap'],
	);
});

test('the counts filter the log, and the filter says so', async () => {
	const page = await openMarked({ 20: [gap], 55: [gap, replayed], 57: [gap] });
	await page.getByRole('button', { name: '3 gaps' }).waitFor();
	await page.getByRole('button', { name: '1 replayed' }).click();
	await page.locator('mw-filter-bar').getByText('Replayed', { exact: true }).waitFor();
	await page.getByText('59 hidden by the filter').waitFor();
	assert.equal(await page.locator(`${list} .line`).count(), 1);
	await page.getByRole('button', { name: '3 gaps' }).click();
	await page.getByText('57 hidden by the filter').waitFor();
	// The same count again, or the button of the filter, shows all.
	await page.getByRole('button', { name: '3 gaps' }).click();
	await page.getByText('hidden by the filter').waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'More Log Actions…' }).click();
	await page.getByRole('menuitem', { name: 'Show Only Marked' }).click();
	await page.getByText('57 hidden by the filter').waitFor();
	await page.getByRole('button', { name: 'Show Messages Without Marks' }).click();
	await page.locator(line(58)).waitFor();
});

test('F8 goes from mark to mark, and says when there is none', async () => {
	const page = await openMarked({ 20: [gap], 57: [gap] });
	await page.locator(list).focus();
	const shown = (seq: number) => page.getByRole('heading', { name: `Message ${seq}`, exact: true }).waitFor();
	await page.keyboard.press('Shift+F8');
	await shown(57);
	await page.keyboard.press('Shift+F8');
	await shown(20);
	await page.keyboard.press('Shift+F8');
	await page.getByText('No earlier marked messages').waitFor();
	await page.keyboard.press('F8');
	await shown(57);
	// It is still there when the panel is opened again.
	await page.reload();
	await shown(57);
});

test('a reason is text, whatever a peer has written', async () => {
	const reason = 'Nonce <img src=x onerror=alert(1)>\u202e\u001b[31m was seen 1 s ago';
	const page = await openMarked({ 57: [{ kind: 'replayed', reason }] });
	await page.locator(line(57)).locator('.mark-cell').getByText('<img src=x onerror=alert(1)>⟨202E⟩␛[31m').waitFor();
	assert.deepEqual(await page.evaluate(() => window.harness.violations), []);
});

test('a check is made from the fields of a message, and refused at the field that is wrong', async () => {
	const page = await harness.open('?rows=5');
	const seq = await page.evaluate(() =>
		window.harness.arrive('farm/command', '{"mode":"eco","meta":{"nonce":"8f","seq":7},"at":"2026-01-31T12:00:00Z"}'),
	);
	await page.locator(line(seq)).click();
	await page.locator('mw-payload').getByRole('button', { name: 'Check for Replays and Gaps…' }).click();
	const form = page.locator('mw-actions form');
	const value = (label: string) => form.getByLabel(label, { exact: true }).inputValue();
	await form.getByLabel('Nonce', { exact: true }).waitFor();
	assert.deepEqual(
		[await value('Topic'), await value('Nonce'), await value('Timestamp'), await value('Sequence')],
		['farm/command', 'meta.nonce', 'at', 'meta.seq'],
	);
	const offered = await form
		.locator('mw-field datalist')
		.nth(1)
		.locator('option')
		.evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
	assert.deepEqual(offered, ['mode', 'meta.nonce', 'meta.seq', 'at', 'header QoS', 'header trace-id']);
	await form.getByLabel('Sequence', { exact: true }).fill('');
	await page.keyboard.press('Enter');
	await form.waitFor({ state: 'detached' });
	await page.getByText('Messages are checked from now on').waitFor();
	const calls = await page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'addCheck'));
	assert.deepEqual(calls[0]?.args, [{ target: 'farm/command', nonce: 'meta.nonce', timestamp: 'at' }]);
	// The menu has it as well, for received messages only.
	await page.locator(line(seq)).click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Check for Replays and Gaps…' }).waitFor();
});
