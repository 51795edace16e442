import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import type { Row } from '../../../src/model/contracts/message';
import { harness } from '../harness/harness';

const size = { width: 1200, height: 900 };
const chat = 'mw-log mw-chat';
const row = (position: number) => `${chat} [data-position="${position}"]`;

async function opened(query: string): Promise<Page> {
	const page = await harness.open(query, size);
	await page.getByRole('button', { name: 'Chat', exact: true }).click();
	await page.locator(chat).waitFor();
	return page;
}

/** Lets messages arrive: target, text and what else their rows have. */
const say = (page: Page, messages: [target: string, text: string, more?: Partial<Row>][]) =>
	page.evaluate((messages) => {
		for (const [target, text, more] of messages) {
			const seq = window.harness.arrive(target, text);
			window.harness.store.change(seq, more ?? {});
		}
		// The page reads the changed rows with the next message.
		window.harness.arrive('bob@localhost', 'end');
	}, messages);

test('a table is shown as a chat where messages are a conversation, and the choice is kept', async () => {
	const other = await harness.open('?rows=5', size);
	await other.locator('mw-log mw-virtual-list').waitFor();
	assert.equal(await other.getByRole('button', { name: 'Chat', exact: true }).count(), 0);
	const page = await opened('?rows=5&protocol=websocket');
	assert.equal(await page.locator('mw-log .head').count(), 0);
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'save'));
	await page.reload();
	await page.locator(row(4)).waitFor();
	await page.getByRole('button', { name: 'Chat', exact: true }).click();
	await page.locator('mw-log mw-virtual-list').waitFor();
});

test('shows who said what, to whom and with which proof', async () => {
	const page = await opened('?rows=0&protocol=xmpp');
	const room = 'barn@conference.localhost';
	await say(page, [
		[room, 'Hello', { sender: 'alice' }],
		[room, 'two\nlines \u202e', { sender: 'alice' }],
		[room, '<presence/>', { sender: 'bob' }],
		[room, 'Thanks', { flags: 1, receipt: { proof: 'acknowledged', text: 'acknowledged in 4 ms', ms: 4 } }],
		['', 'lost', { flags: 6 }],
	]);
	await page.locator(row(5)).waitFor();
	const classes = await page
		.locator(`${chat} [data-position]`)
		.evaluateAll((rows) => rows.map((one) => one.className.trim()));
	assert.deepEqual(classes, ['turn in', 'turn in', 'aside', 'turn out', 'aside failed', 'turn in']);
	assert.equal(await page.locator(`${row(0)} .who`).textContent(), `alice${room}`);
	assert.equal(await page.locator(`${row(1)} .who`).count(), 0, 'the name is not repeated');
	assert.equal(await page.locator(`${row(1)} .bubble`).innerText(), 'two\nlines \u27e8202E\u27e9');
	assert.equal(await page.locator(`${row(3)} .who`).textContent(), `to ${room}`);
	assert.equal(await page.locator(row(3)).getByRole('img', { name: 'acknowledged in 4 ms' }).count(), 1);
	const [left, right] = await Promise.all([0, 3].map((at) => page.locator(`${row(at)} .bubble`).boundingBox()));
	assert.ok(left && right && left.x + left.width < right.x, 'received on the left, sent on the right');
	assert.equal(await page.locator(`${chat} .day`).count(), 1);
});

test('shows the whole text of short messages, and opens the detail for the rest', async () => {
	const page = await opened('?rows=0&protocol=xmpp');
	await say(page, [
		['bob@localhost', 'word '.repeat(500), { preview: `${'word '.repeat(39)}…` }],
		['bob@localhost', 'long '.repeat(2000)],
	]);
	await page.locator(`${row(1)} button`, { hasText: 'Show all' }).waitFor();
	assert.equal((await page.locator(`${row(0)} .bubble`).innerText()).trim().length, 2499);
	assert.equal(await page.locator(`${row(0)} button`).count(), 0);
	await page.locator(`${row(1)} button`).click();
	await page.locator('mw-detail mw-payload').waitFor();
	assert.equal(await page.locator(row(1)).getAttribute('aria-selected'), 'true');
});

test('follows the newest until the user scrolls up, and loads older messages of a million', async () => {
	const page = await opened('?rows=1000000&protocol=websocket');
	await page.locator(row(999_999)).waitFor();
	const count = await page.locator(`${chat} [data-position]`).count();
	assert.ok(count < 100, `${count} rows are drawn`);
	await page.locator(chat).hover();
	for (let wheel = 0; wheel < 12; wheel++) {
		const top = await page.locator(`${chat} [data-position]`).first().getAttribute('data-position');
		await page.mouse.wheel(0, -700);
		await page.waitForFunction((top) => {
			const log = document.querySelector('mw-panel')?.shadowRoot?.querySelector('mw-log')?.shadowRoot;
			const chat = log?.querySelector('mw-chat');
			const first = chat?.querySelector<HTMLElement>('[data-position]')?.dataset.position;
			return Number(first) < Number(top) || (chat?.scrollTop ?? 0) > 0;
		}, top);
	}
	const first = Number(await page.locator(`${chat} [data-position]`).first().getAttribute('data-position'));
	assert.ok(first < 999_900, `the first row is ${first}`);
	assert.ok((await page.locator(`${chat} [data-position]`).count()) <= 240);
	// What is visible stays where it is while messages arrive.
	const visible = () =>
		page.locator(chat).evaluate((element) => {
			const edge = element.getBoundingClientRect().top;
			const rows = [...element.querySelectorAll<HTMLElement>('[data-position]')];
			const row = rows.find((one) => one.getBoundingClientRect().bottom > edge);
			return [row?.dataset.position, Math.round((row?.getBoundingClientRect().top ?? 0) - edge)];
		});
	const before = await visible();
	await page.evaluate(() => window.harness.arrive('messages', 'one more'));
	const button = page.getByRole('button', { name: /^1 new message/ });
	await button.waitFor();
	assert.deepEqual(await visible(), before);
	await button.click();
	await page.locator(row(1_000_000)).waitFor();
	const bottom = await page.locator(chat).evaluate((one) => one.scrollHeight - one.clientHeight - one.scrollTop);
	assert.ok(bottom < 2, `${bottom} px below`);
});

test('the keyboard moves through the messages and opens the detail', async () => {
	const page = await opened('?rows=1000&protocol=websocket');
	await page.locator(row(999)).waitFor();
	await page.locator(chat).focus();
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowUp');
	assert.equal(await page.locator(row(998)).getAttribute('aria-selected'), 'true');
	assert.equal(await page.locator(chat).getAttribute('aria-activedescendant'), 'row-998');
	await page.locator('mw-detail mw-payload').waitFor();
	await page.keyboard.press('Home');
	await page.locator(`${row(0)}[aria-selected="true"]`).waitFor();
	const box = await page.locator(row(0)).boundingBox();
	const list = await page.locator(chat).boundingBox();
	assert.ok(box && list && box.y >= list.y && box.y + box.height <= list.y + list.height);
	await page.keyboard.press('ArrowDown');
	await page.locator(`${row(1)}[aria-selected="true"]`).waitFor();
});
