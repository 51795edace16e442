import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import type { LogFilter } from '../../../src/model/contracts/message';
import { harness } from '../harness/harness';
import { start } from '../harness/store';

/** 60,000 messages, one per millisecond: 600 intervals of 100 ms at most. */
const rows = 60_000;
const brush = 'mw-timeline [role="slider"]';
const filters = (page: Page) =>
	page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'view').map(({ args }) => args[1])) as Promise<
		LogFilter[]
	>;
const lastFilter = async (page: Page) => (await filters(page)).at(-1) ?? {};

async function opened(query = `?rows=${rows}`): Promise<Page> {
	const page = await harness.open(query, { width: 1300, height: 800 });
	await page.locator(`${brush}`).waitFor();
	return page;
}

/** Waits until the engine is asked for another view. */
async function filtered(page: Page, action: () => Promise<unknown>): Promise<LogFilter> {
	const before = (await filters(page)).length;
	await action();
	await page.waitForFunction(
		(before) => window.harness.calls.filter(({ name }) => name === 'view').length > before,
		before,
	);
	return lastFilter(page);
}

test('dragging over the timeline filters the log by time, and the chip shows all times again', async () => {
	const page = await opened();
	const box = await page.locator(brush).boundingBox();
	assert.ok(box);
	const y = box.y + box.height / 2;
	const filter = await filtered(page, async () => {
		await page.mouse.move(box.x + box.width * 0.25, y);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
		await page.mouse.up();
	});
	const { from = 0, to = 0 } = filter;
	assert.ok(Math.abs(from - start - rows / 4) < 1000, `from ${from - start}`);
	assert.ok(Math.abs(to - start - rows / 2) < 1000, `to ${to - start}`);
	const last = page.locator('mw-log [role="grid"] [aria-rowindex]').last();
	await page.locator('mw-counters', { hasText: 'hidden by the filter' }).waitFor();
	assert.match((await last.textContent()) ?? '', new RegExp(`"seq":${to - start - 1},|Reconnected`));
	const all = await filtered(page, () => page.getByRole('button', { name: 'Show All Times' }).click());
	assert.deepEqual(all, {});
	assert.equal(await page.locator('mw-timeline .chosen').count(), 0);
});

test('a press without movement selects one interval', async () => {
	const page = await opened();
	const { from = 0, to = 0 } = await filtered(page, () => page.locator(brush).click());
	assert.ok(to - from > 0 && to - from <= 1000, `${to - from} ms`);
	assert.ok(Math.abs(from - start - rows / 2) < 1000);
});

test('the keyboard reads the timeline and selects a time', async () => {
	const page = await opened();
	const slider = page.locator(brush);
	await page.getByRole('button', { name: 'More Log Actions…' }).focus();
	await page.keyboard.press('Tab');
	const focused = await page.evaluate(() => {
		let element = document.activeElement;
		while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
		return element?.getAttribute('role');
	});
	assert.equal(focused, 'slider');
	const last = Number(await slider.getAttribute('aria-valuemax'));
	assert.equal(Number(await slider.getAttribute('aria-valuenow')), last);
	await page.keyboard.press('Home');
	assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /received/);
	await page.keyboard.press('ArrowRight');
	assert.equal(await slider.getAttribute('aria-valuenow'), '1');
	const filter = await filtered(page, async () => {
		await page.keyboard.press('Shift+ArrowRight');
		await page.keyboard.press('Shift+ArrowRight');
	});
	const step = (filter.to ?? 0) - (filter.from ?? 0);
	const words = (await slider.getAttribute('aria-valuetext')) ?? '';
	assert.ok(step > 0, words);
	// Three intervals, from the second on.
	assert.equal(((filter.from ?? 0) - Math.floor(start / (step / 3)) * (step / 3)) / (step / 3), 1);
	assert.deepEqual(await filtered(page, () => page.keyboard.press('Escape')), {});
});

test('the timeline can be closed, stays closed, and is asked for only while it is shown', async () => {
	const page = await opened();
	const toggle = page.getByRole('button', { name: 'Timeline', exact: true });
	assert.equal(await toggle.getAttribute('aria-pressed'), 'true');
	await toggle.click();
	await page.locator('mw-timeline').waitFor({ state: 'detached' });
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'save'));
	await page.reload();
	await page.locator('mw-log [role="grid"]').waitFor();
	await page.evaluate(() => window.harness.arrive('a/b', 'new'));
	await page.getByText('a/b').first().waitFor();
	assert.equal(await page.locator('mw-timeline').count(), 0);
	assert.equal(await page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'timeline').length), 0);
});

test('there is no timeline without messages, and it appears with the first', async () => {
	const page = await harness.open('?rows=0', { width: 1300, height: 800 });
	await page.locator('mw-log [role="grid"]').waitFor();
	assert.equal(await page.locator('mw-timeline').count(), 0);
	await page.evaluate(() => window.harness.arrive('a/b', 'first'));
	const words = page.locator('mw-timeline svg');
	await words.waitFor();
	assert.match((await words.getAttribute('aria-label')) ?? '', /^1 message received, 0 sent, 0 failed, /);
});

test('failures have a color of their own', async () => {
	const page = await opened('?rows=100');
	assert.equal((await page.locator('mw-timeline .failed').getAttribute('d')) ?? '', '');
	const notes = await page.evaluate(() => {
		const { store } = window.harness;
		store.add({ time: store.row(store.next - 1).time, flags: 6, target: '', size: 4, preview: 'lost', binary: false });
		window.harness.arrive('a/b', 'after');
		return store.next;
	});
	assert.ok(notes > 100);
	await page.waitForFunction(() =>
		document
			.querySelector('mw-panel')
			?.shadowRoot?.querySelector('mw-log')
			?.shadowRoot?.querySelector('mw-timeline')
			?.shadowRoot?.querySelector('.failed')
			?.getAttribute('d'),
	);
});
