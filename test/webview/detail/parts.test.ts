import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const headings = (page: Page) => page.locator('mw-detail .payload > h3').allTextContents();
const row = (page: Page, seq: number) => page.locator(`mw-log [data-position="${seq}"]`);
const names = (calls: { name: string; args: unknown[] }[], wanted: string) =>
	calls.filter(({ name }) => name === wanted).map(({ args }) => args);

async function record(page: Page): Promise<number> {
	const seq = await page.evaluate(() =>
		window.harness.arriveRecord('orders', '{"id":1}', {
			key: 'customer-1',
			attached: ['hello', { format: 'hex', text: 'ff d8' }],
		}),
	);
	await row(page, seq).click();
	await page.locator('mw-payload mw-lines').nth(3).waitFor();
	return seq;
}

test('each part is shown with a decoding, a copy and a file of its own, the key in front', async () => {
	const page = await harness.open('?rows=0&protocol=records');
	const seq = await record(page);
	assert.deepEqual(
		(await headings(page)).map((text) => text.replace(/\s+/g, ' ').trim()),
		['Key 10 bytes', 'Payload', 'Attachment 1 5 bytes', 'Attachment 2 2 bytes'],
	);
	const part = page.locator('mw-payload').nth(0);
	await part.getByText('customer-1').waitFor();
	await part.getByRole('tab', { name: 'Hex' }).click();
	await part.getByText('63 75 73 74').waitFor();
	await page.locator('mw-payload').nth(1).getByText('"id"').waitFor();
	await part.getByRole('button', { name: 'Save as file' }).click();
	await part.getByRole('button', { name: 'Open in editor' }).click();
	await page.locator('mw-payload').nth(2).getByRole('button', { name: 'Copy' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'copy'));
	const calls = await page.evaluate(() => window.harness.calls);
	assert.deepEqual(names(calls, 'savePayload'), [[seq, 'key']]);
	assert.deepEqual(names(calls, 'openInEditor'), [[seq, 'hex', 'key']]);
	assert.deepEqual(names(calls, 'copy'), [['hello']]);
});

test('the decoding that is chosen for a part holds for the part of other messages, not for their payloads', async () => {
	const page = await harness.open('?rows=0&protocol=records');
	await record(page);
	await page.locator('mw-payload').nth(0).getByRole('tab', { name: 'Hex' }).click();
	await record(page);
	const chosen = page.getByRole('tab', { selected: true });
	await page.locator('mw-payload').nth(0).getByText('63 75 73 74').waitFor();
	assert.deepEqual(
		await Promise.all([0, 1, 2].map((at) => page.locator('mw-payload').nth(at).locator(chosen).textContent())),
		['Hex', 'JSON', 'Text'],
	);
});

test('a row shows the key in its column, and whether there is none', async () => {
	const page = await harness.open('?rows=0&protocol=records', { width: 1600, height: 800 });
	const seqs = await page.evaluate(() =>
		[{ key: 'customer-1' }, { key: '' }, {}].map((values) => window.harness.arriveRecord('orders', 'x', values)),
	);
	await row(page, seqs[2] ?? 0).waitFor();
	const cells = await Promise.all(seqs.map((seq) => row(page, seq).locator('.part').innerText()));
	assert.deepEqual(cells, ['customer-1', '(empty)', '']);
	const [head, cell] = await Promise.all(
		[page.locator('mw-log .head .part'), row(page, seqs[0] ?? 0).locator('.part')].map((one) => one.boundingBox()),
	);
	assert.equal(head?.width, cell?.width);
});

test('a narrow log hides columns before the payload becomes unreadable', async () => {
	for (const width of [1400, 1000, 760, 560, 440]) {
		const page = await harness.open('?rows=0&protocol=records', { width, height: 800 });
		const seq = await page.evaluate(() => window.harness.arriveRecord('orders', '{"type":"Created"}', { key: 'k-1' }));
		const payload = await row(page, seq).locator('.preview').boundingBox();
		assert.ok(payload && payload.width >= 140 && payload.x + payload.width <= width, `${width}: ${payload?.width}`);
	}
});

test('where the log is narrow, the icon alone says that an outcome is missing', async () => {
	const page = await harness.open('?rows=0&protocol=records', { width: 1000, height: 800 });
	const [waiting, accepted] = await page.evaluate(() => [
		window.harness.arriveRecord('orders', 'x', { key: 'k' }, { open: true, text: 'waiting for an outcome' }),
		window.harness.arriveRecord('orders', 'x', { key: 'k' }, { open: false, text: 'accepted' }),
	]);
	await row(page, accepted ?? 1)
		.getByText('accepted')
		.waitFor();
	await row(page, waiting ?? 0)
		.getByTitle('waiting for an outcome')
		.waitFor();
	assert.equal(
		await row(page, waiting ?? 0)
			.getByText('waiting for an outcome')
			.isVisible(),
		false,
	);
});

test('the outcome of a message is shown in row and detail, and decides which actions are offered', async () => {
	const page = await harness.open('?rows=0&protocol=records', { width: 1600, height: 800 });
	const seq = await page.evaluate(() =>
		window.harness.arriveRecord('orders', 'x', { key: 'k' }, { open: true, text: 'waiting for an outcome' }),
	);
	await row(page, seq).getByText('waiting for an outcome').waitFor();
	await row(page, seq).click();
	const accept = page.locator('mw-detail').getByRole('button', { name: 'Accept' });
	await accept.waitFor();
	const before = await page.locator('mw-log .rows').boundingBox();
	await accept.click();
	await page.locator('mw-counters').getByText('Settled 1 message: accepted.').waitFor();
	assert.deepEqual(await page.locator('mw-log .rows').boundingBox(), before, 'the result does not move the log');
	await page.evaluate((seq) => window.harness.settle(seq, { open: false, text: 'accepted' }), seq);
	await page.locator('mw-detail [aria-disabled="true"]', { hasText: 'Accept' }).waitFor();
	await page.locator('mw-detail').getByText('accepted').waitFor();
	await row(page, seq).getByText('accepted').waitFor();
	const other = await page.evaluate(() => window.harness.arriveRecord('orders', 'y', {}));
	await row(page, other).click();
	await row(page, seq).click();
	await page.locator('mw-detail').getByText('accepted').waitFor();
	assert.equal(await accept.count(), 0, 'the action that was over is gone when the message is shown again');
});

test('times in the detail are on one line, however narrow the pane is beside or below the log', async () => {
	for (const width of [1600, 1120, 1000, 620]) {
		const page = await harness.open('?rows=30', { width, height: 800 });
		await row(page, 29).click();
		const time = page.locator('mw-detail dd.time');
		const size = page.locator('mw-detail dt', { hasText: 'Size' });
		await time.waitFor();
		assert.equal((await time.boundingBox())?.height, (await size.boundingBox())?.height, `${width}`);
		const overflow = await page.locator('mw-detail').evaluate((pane) => pane.scrollWidth - pane.clientWidth);
		assert.equal(overflow, 0, `${width}`);
	}
});
