import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { clock } from '../../../webview/base/words';
import { harness } from '../harness/harness';
import { madeRow } from '../harness/store';

const list = 'mw-log mw-virtual-list';
const line = (position: number) => `${list} [data-position="${position}"]`;

interface Drawn {
	position: number;
	text: string;
	top: number;
}

/** The rows that are fully visible, from the top. */
function drawn(page: Page): Promise<Drawn[]> {
	return page.locator(list).evaluate((element) => {
		const box = element.getBoundingClientRect();
		return [...element.querySelectorAll<HTMLElement>('[data-position]')]
			.map((row) => ({
				position: Number(row.dataset.position),
				text: row.textContent ?? '',
				box: row.getBoundingClientRect(),
			}))
			.filter((row) => row.box.top >= box.top - 1 && row.box.bottom <= box.bottom + 1)
			.map((row) => ({ position: row.position, text: row.text, top: row.box.top }));
	});
}

function assertRows(rows: Drawn[]) {
	assert.ok(rows.length > 5, `${rows.length} rows are drawn`);
	for (const { position, text } of rows) {
		const made = madeRow(position);
		for (const part of made.target === '' ? [made.preview] : [made.target, made.preview]) {
			assert.ok(text.includes(part), `row ${position} says ${JSON.stringify(text)}`);
		}
	}
}

test('a flood costs one page for each status, and its newest rows are drawn', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator(line(999)).waitFor();
	const asked = await page.evaluate(async () => {
		const { store, calls, grow } = window.harness;
		const read = store.page.bind(store);
		// The log grows while a page is on its way, by far more than a page.
		store.page = (...args) => {
			store.grow(10_000);
			return read(...args);
		};
		const before = calls.length;
		for (let status = 0; status < 10; status++) {
			grow(10_000);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		return calls.slice(before).filter(({ name }) => name === 'page').length;
	});
	assert.ok(asked >= 2 && asked <= 10, `${asked} pages for ten statuses`);
	const rows = await drawn(page);
	assertRows(rows);
});

test('follows the newest of a million rows, and draws every other position correctly', async () => {
	const page = await harness.open('?rows=1000000');
	await page.locator(line(999_999)).waitFor();
	assertRows(await drawn(page));
	for (const part of [0, 0.25, 0.5, 0.777, 1]) {
		await page.locator(list).evaluate((element, part) => {
			element.scrollTop = part * (element.scrollHeight - element.clientHeight);
		}, part);
		const near = Math.min(999_990, Math.max(3, Math.round(part * 1_000_000)));
		await page.waitForFunction(
			([list, near]) => {
				const rows = [...document.querySelectorAll('mw-panel')].flatMap((panel) => [
					...(panel.shadowRoot?.querySelector('mw-log')?.shadowRoot?.querySelectorAll<HTMLElement>('[data-position]') ??
						[]),
				]);
				return list && rows.some((row) => Math.abs(Number(row.dataset.position) - Number(near)) < 40);
			},
			[list, near] as const,
		);
		const rows = await drawn(page);
		assertRows(rows);
		assert.deepEqual(
			rows.map((row) => row.position),
			rows.map((_, index) => (rows[0]?.position ?? 0) + index),
		);
	}
	const nodes = await page.locator(`${list} [role="row"]`).count();
	assert.ok(nodes < 60, `only visible rows are in the page, not ${nodes}`);
});

test('positions are exact for fifty million rows, which are taller than the browser can draw', async () => {
	const page = await harness.open('?rows=50000000');
	await page.locator(line(49_999_999)).waitFor();
	await page.locator(list).focus();
	await page.keyboard.press('Home');
	await page.locator(line(0)).waitFor();
	assertRows(await drawn(page));
	await page.locator(list).hover();
	await page.mouse.wheel(0, 220);
	await page.waitForFunction(() => true);
	await page.locator(line(10)).waitFor();
	assert.equal((await drawn(page))[0]?.position, 10, 'a turn of the wheel moves ten rows in a list of any length');
	await page.locator(list).evaluate((element) => {
		element.scrollTop = (element.scrollHeight - element.clientHeight) / 2;
	});
	await page.locator(`${list} [data-position^="2499"], ${list} [data-position^="2500"]`).first().waitFor();
	assertRows(await drawn(page));
	await page.locator(list).focus();
	await page.keyboard.press('End');
	await page.locator(line(49_999_999)).waitFor();
});

test('rows do not move while the user has scrolled away, messages arrive and old ones are removed', async () => {
	const page = await harness.open('?rows=100000');
	await page.locator(line(99_999)).waitFor();
	await page.locator(list).hover();
	await page.mouse.wheel(0, -22_007);
	await page.getByText('Jump to newest').waitFor();
	await page.locator(line(98_990)).waitFor();
	const before = await drawn(page);
	await page.evaluate(() => window.harness.grow(1_000, 500));
	await page.getByRole('button', { name: '1,000 new messages' }).waitFor();
	await page.getByText('500 removed').waitFor();
	assert.deepEqual(await drawn(page), before);
	await page.evaluate(() => window.harness.grow(50_000, 90_000));
	await page.getByRole('button', { name: '51,000 new messages' }).waitFor();
	assert.deepEqual(await drawn(page), before);
	await page.getByRole('button', { name: '51,000 new messages' }).click();
	await page.locator(line(150_999)).waitFor();
	await page.evaluate(() => window.harness.grow(5_000));
	await page.locator(line(155_999)).waitFor();
	assertRows(await drawn(page));
});

test('a paused log neither moves nor loses messages', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator(line(999)).waitFor();
	await page.getByRole('button', { name: 'Pause' }).click();
	const before = await drawn(page);
	await page.evaluate(() => window.harness.grow(300));
	await page.getByRole('button', { name: '300 new messages' }).waitFor();
	assert.deepEqual(await drawn(page), before);
	await page.getByRole('button', { name: 'Pause' }).click();
	await page.locator(line(1_299)).waitFor();
});

test('filters by text, target, pattern and direction, and counts the hidden messages', async () => {
	const page = await harness.open('?rows=1000000');
	await page.locator(line(999_999)).waitFor();
	const counters = page.locator('mw-counters');
	await page.getByLabel('Filter by text').fill('NEEDLE');
	await counters.getByText('998,900 hidden by the filter').waitFor();
	assert.ok((await drawn(page)).every((row) => row.text.includes('needle')));
	await page.getByRole('button', { name: 'Match case' }).click();
	await page.getByText(/No messages match the filter \(999,000 hidden\)/).waitFor();
	await page.getByText('Clear Filter').last().click();
	await page.locator(line(999_999)).waitFor();
	await page.getByLabel('Filter by topic').fill('plant-07/#');
	await page.waitForFunction(() =>
		window.harness.calls.some((call) => JSON.stringify(call.args).includes('"pattern","value":"plant-07/#"')),
	);
	await page.locator(list).getByText('plant-07/').first().waitFor();
	assert.ok((await drawn(page)).every((row) => row.text.includes('plant-07/')));
	await page.getByRole('button', { name: 'Clear Filter' }).click();
	await counters.getByText('hidden by the filter').waitFor({ state: 'detached' });
	assert.equal(await page.getByLabel('Filter by topic').inputValue(), '');
	await page.getByRole('button', { name: 'Received' }).click();
	await page.getByRole('button', { name: 'Notes' }).click();
	await page.waitForFunction(() =>
		JSON.stringify(window.harness.calls.filter((call) => call.name === 'view').at(-1)?.args).includes(
			'"directions":["out"]',
		),
	);
});

test('reaches the log, moves through rows and reads a message by keyboard alone', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator(line(999)).waitFor();
	const focused = () =>
		page.evaluate(() => {
			let element = document.activeElement;
			while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
			return element?.getAttribute('aria-label') ?? '';
		});
	for (let presses = 0; presses < 40 && (await focused()) !== 'Messages'; presses++) await page.keyboard.press('Tab');
	assert.equal(await focused(), 'Messages');
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowUp');
	await page.getByRole('heading', { name: 'Message 998' }).waitFor();
	const grid = page.locator(list);
	assert.equal(await grid.getAttribute('aria-rowcount'), '1001', 'the rows and the head');
	const active = (await grid.getAttribute('aria-activedescendant')) ?? '';
	assert.match((await page.locator(`${list} [id="${active}"]`).textContent()) ?? '', /"seq":998/);
	assert.equal(await page.locator(line(998)).getAttribute('aria-rowindex'), '1000');
	await page.keyboard.press('PageUp');
	await page.keyboard.press('Home');
	await page.getByRole('heading', { name: 'Message 0', exact: true }).waitFor();
	await page.locator('mw-lines').getByText('"seq"').waitFor();
});

test('a hidden page requests nothing, and one page of rows when it is shown again', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator(line(999)).waitFor();
	const hide = (hidden: boolean) =>
		page.evaluate((hidden) => {
			Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
			document.dispatchEvent(new Event('visibilitychange'));
		}, hidden);
	await hide(true);
	const asked = () =>
		page.evaluate(() => window.harness.calls.filter((call) => /page|tree|detail/.test(call.name)).length);
	await page.waitForTimeout(100);
	const before = await asked();
	for (let turn = 0; turn < 5; turn++) await page.evaluate(() => window.harness.grow(10));
	await page.waitForTimeout(200);
	assert.equal(await asked(), before);
	await hide(false);
	await page.locator(line(1_049)).waitFor();
});

test('reports that a message was removed from the log', async () => {
	const page = await harness.open('?rows=1000');
	await page.locator(line(998)).click();
	await page.getByRole('heading', { name: 'Message 998' }).waitFor();
	await page.evaluate(() => {
		// Removed between the click and the request: the page still shows the row.
		window.harness.store.evict(998);
	});
	await page.locator(line(990)).click();
	await page.getByText('This message is no longer in the log').waitFor();
});

test('times are in the local time zone, to the millisecond', () => {
	assert.match(clock(Date.UTC(2026, 0, 2, 3, 4, 5, 7)), /^\d\d:\d\d:05\.007$/);
});
