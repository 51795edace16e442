import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness, shot } from '../harness/harness';

const open = (query = '', size?: { width: number; height: number }) =>
	harness.open(`?protocol=post&rows=20&topics=5&subscriptions=0${query}`, size);
const called = (page: Page, name: string) =>
	page.evaluate((name) => window.harness.calls.filter((call) => call.name === name).map((call) => call.args), name);

test('the form offers modes of receiving with their effect and fields, and chips show the mode', async () => {
	const page = await open();
	const area = page.locator('mw-subscriptions');
	await area.getByText('Receive', { exact: true }).click();
	await area.getByRole('note').getByText('Nothing changes for others.').waitFor();
	await area.getByLabel('Take').check();
	await area.locator('[role="note"].warn').getByText('Letters are taken away').waitFor();
	await area.getByText('At most').waitFor();
	await page.getByRole('combobox', { name: 'Box', exact: true }).fill('all');
	await area.getByText('All boxes cannot be emptied.').waitFor();
	await area.getByRole('button', { name: 'Use the mode Copy instead' }).click();
	await area.getByText('All boxes cannot be emptied.').waitFor({ state: 'detached' });
	await area.getByLabel('Take').check();
	await page.getByRole('combobox', { name: 'Box', exact: true }).fill('box-0');
	await shot(page, 'peer-modes');
	await page.getByRole('combobox', { name: 'Box', exact: true }).press('Enter');
	await area.locator('.chip').getByText('box-0').waitFor();
	assert.deepEqual(await called(page, 'subscribe'), [[{ target: 'box-0', mode: 'take' }]]);
	await area.locator('.chip .icon[aria-label="Take"]').waitFor();
	await area.locator('.chip .name').click();
	assert.equal(await page.getByRole('menuitem', { name: 'Remember in Profile' }).count(), 0);
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Stop receiving Take box-0' }).click();
	assert.deepEqual(await called(page, 'unsubscribe'), [[{ target: 'box-0', mode: 'take' }]]);
});

test('an observed resource is fresh for its lifetime, then stale', async () => {
	const page = await open();
	await page.evaluate(() =>
		window.harness.subscribed([
			{ id: 's1', subscription: { target: 'a', mode: 'copy' }, state: 'active', freshUntil: Date.now() + 90_000 },
			{ id: 's2', subscription: { target: 'b', mode: 'copy' }, state: 'active', freshUntil: Date.now() - 1000 },
		]),
	);
	const chip = (name: string) =>
		page.locator('mw-subscriptions .chip').filter({ has: page.getByText(name, { exact: true }) });
	await chip('a')
		.getByText(/fresh for (8\d|90) s/)
		.waitFor();
	await chip('b').getByText('stale').waitFor();
});

test('a request shows its progress, can be stopped, and lists its answer', async () => {
	const page = await open();
	const target = page.getByRole('combobox', { name: 'box', exact: true });
	const payload = page.locator('mw-payload-editor textarea');
	const post = async () => {
		await target.fill('slow');
		await payload.fill('1');
		await payload.press('Control+Enter');
		await page.locator('mw-ongoing').getByText('block 3 of 10').waitFor();
	};
	await post();
	assert.equal(await page.locator('mw-ongoing [role="progressbar"]').getAttribute('aria-valuenow'), '30');
	await page.locator('mw-ongoing').getByText('Stop').click();
	await page.locator('mw-receipt').getByText('it may or may not have arrived').waitFor();
	await post();
	const seq = await page.evaluate(() => window.harness.answer('{"temp":21}'));
	const answer = page.locator('mw-compose mw-answers .answer');
	await answer.getByText('2.05').waitFor();
	await answer.getByText('11 B · 42 ms').waitFor();
	await page
		.locator(`mw-log [data-position="${seq}"]`)
		.getByText(`answers #${seq - 1} after 42 ms`)
		.waitFor();
	await shot(page, 'peer-answer');
	await answer.click();
	await page.getByRole('heading', { name: `Message ${seq}` }).waitFor();
	await page
		.locator('mw-detail')
		.getByRole('button', { name: `letter ${seq - 1}` })
		.click();
	await page.getByRole('heading', { name: `Message ${seq - 1}` }).waitFor();
	await page.locator('mw-detail mw-answers').getByText('{"temp":21}').waitFor();
});

test('a verb without a target has no input for one', async () => {
	const page = await open();
	assert.equal(await page.getByLabel('Operation').locator('option').count(), 8);
	await page.getByLabel('Operation').selectOption('Shout');
	await page.getByRole('combobox', { name: 'box', exact: true }).waitFor({ state: 'detached' });
});

test('the detail steps through the messages of a target, and follows the newest until another message is chosen', async () => {
	const page = await open();
	const title = (seq: number) => page.getByRole('heading', { name: `Message ${seq}`, exact: true }).waitFor();
	await page.locator('mw-log [data-position="5"]').click();
	await page.getByRole('button', { name: 'Next letter of this box' }).click();
	await title(6);
	await page.getByRole('button', { name: 'Previous letter of this box' }).click();
	await title(5);
	const follow = page.getByRole('button', { name: 'Follow the newest letter of this box' });
	await follow.click();
	await title(19);
	const newest = await page.evaluate(() => window.harness.arrive('a', '1'));
	await title(newest);
	assert.equal(await follow.getAttribute('aria-pressed'), 'true');
	await page.locator('mw-log [data-position="5"]').click();
	await title(5);
	assert.equal(await follow.getAttribute('aria-pressed'), 'false');
});

const day = 86_400_000;
const certificate = (days: number) => ({
	subject: 'a',
	issuer: 'b',
	validTo: Date.now() + (days + 0.5) * day,
	fingerprint: 'AB',
});
const secured: [string, object, RegExp][] = [
	['valid for long', { chain: [certificate(90)] }, /TLSv1\.3/],
	['expires soon', { chain: [certificate(12)] }, /Certificate expires in 12 days/],
	['another of the chain expires soon', { chain: [certificate(90), certificate(3)] }, /Certificate expires in 3 days/],
	['not checked', { verified: false, chain: [certificate(12)] }, /Certificate not verified/],
	['not encrypted', { encrypted: false }, /Not encrypted/],
];
for (const [name, more, words] of secured)
	test(`shows how a connection is secured: ${name}`, async () => {
		const page = await open();
		await page.evaluate(
			(more) =>
				window.harness.secured({
					encrypted: true,
					verified: true,
					version: 'TLSv1.3',
					cipher: 'AES',
					authentication: 'password',
					mechanisms: { offered: ['SCRAM-SHA-256', 'PLAIN'], used: 'SCRAM-SHA-256' },
					...more,
				}),
			more,
		);
		const badge = page.locator('mw-security button').filter({ hasText: words });
		await badge.waitFor();
		await badge.click();
		await page.locator('mw-security dd b').getByText('SCRAM-SHA-256').waitFor();
	});
