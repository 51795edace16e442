import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { accessibilityTree } from '../harness/accessibility';
import { harness } from '../harness/harness';

/** Only ends a wait that would never end. Milliseconds. */
const limit = 30_000;

/** Waits until a line of the accessibility tree matches and returns it. */
async function announced(page: Page, pattern: RegExp): Promise<string> {
	const end = Date.now() + limit;
	for (;;) {
		const tree = await accessibilityTree(page);
		const line = tree.find((one) => pattern.test(one));
		if (line) return line.trim();
		if (Date.now() > end) throw new Error(`${pattern} is not announced:\n${tree.join('\n')}`);
	}
}

/** What a screen reader says of the control that has the focus. */
const focused = (page: Page) => announced(page, /^\s*(?!RootWebArea).*\(.*focused/);

/** Presses a key until the focus is on a control that is announced like this; fails after twenty. */
async function moveTo(page: Page, key: string, pattern: RegExp): Promise<void> {
	for (let at = 0; at < 20 && !pattern.test(await focused(page)); at++) await page.keyboard.press(key);
	assert.match(await focused(page), pattern);
}

/** The landmark that the focus is in. */
const landmark = (page: Page) =>
	page.evaluate(() => {
		const panel = document.querySelector('mw-panel')?.shadowRoot;
		return panel?.querySelector('[data-part]:focus-within')?.getAttribute('aria-label') ?? undefined;
	});

test('F6 and Shift+F6 go from part to part and leave the panel at its ends', async () => {
	const page = await harness.open('?rows=50');
	await page.locator('mw-log [role="row"]').nth(3).click();
	await page.locator('mw-header h1').click();
	const forth: (string | undefined)[] = [];
	for (let at = 0; at < 5; at++) {
		await page.keyboard.press('F6');
		forth.push(await landmark(page));
	}
	assert.deepEqual(forth, ['Connection', 'Topics', 'Messages', 'Detail', 'Compose']);
	const reachesEditor = (key: string) =>
		page.evaluate((key) => {
			const event = new KeyboardEvent('keydown', {
				key: 'F6',
				shiftKey: key !== 'F6',
				bubbles: true,
				composed: true,
				cancelable: true,
			});
			let focused: Element | null = document.activeElement;
			while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
			let reached = false;
			window.addEventListener('keydown', () => (reached = true), { once: true });
			focused?.dispatchEvent(event);
			return reached && !event.defaultPrevented;
		}, key);
	assert.equal(await reachesEditor('F6'), true, 'after the last part the editor gets the key');
	await page.keyboard.press('Shift+F6');
	assert.equal(await landmark(page), 'Detail');
	for (let at = 0; at < 3; at++) await page.keyboard.press('Shift+F6');
	assert.equal(await landmark(page), 'Connection');
	assert.equal(await reachesEditor('Shift+F6'), true, 'before the first part as well');
});

test('the main job by keyboard alone, as a screen reader hears it: subscribe, find a message, read it, send one', async () => {
	const page = await harness.open('?rows=200&subscriptions=0');
	await announced(page, /^\s*region "Connection"/);
	const { keyboard } = page;

	// Subscribe.
	await keyboard.press('F6');
	for (let at = 0; at < 20 && !/"Subscribe"/.test(await focused(page)); at++) await keyboard.press('Tab');
	assert.match(await focused(page), /^button "Subscribe"/);
	await keyboard.press('Enter');
	assert.match(await focused(page), /^(textbox|combobox) "Topic filter"/);
	await keyboard.type('plant-84/#');
	await keyboard.press('Enter');
	await announced(page, /^\s*listitem/);
	assert.match(await announced(page, /button "plant-84\/#"/), /button/);

	// Find a message: the filter by text, then the list.
	await keyboard.press('F6');
	await keyboard.press('F6');
	assert.equal(await landmark(page), 'Messages');
	await moveTo(page, 'Shift+Tab', /^textbox "Filter by text"/);
	await keyboard.type('"seq":184');
	await announced(page, /hidden by the filter/);
	await keyboard.press('Shift+F6');
	await keyboard.press('F6');
	assert.match(await focused(page), /^grid "Messages"/);
	await keyboard.press('End');
	await keyboard.press('Enter');

	// Read it.
	await announced(page, /heading "Message 184"/);
	await announced(page, /^\s*region "Detail"/);
	await keyboard.press('F6');
	assert.equal(await landmark(page), 'Detail');
	assert.match((await accessibilityTree(page)).join('\n'), /"temp"[\s\S]*23\.4/);

	// Send one.
	await keyboard.press('F6');
	assert.match(await focused(page), /^combobox "topic"/);
	await keyboard.type('plant-84/set');
	await keyboard.press('Escape');
	await moveTo(page, 'Tab', /^textbox "Payload"/);
	await keyboard.type('open');
	await announced(page, /textbox "Payload" = open/);
	await moveTo(page, 'Tab', /^button "Publish"/);
	await keyboard.press('Enter');
	await announced(page, /Handed to the socket/);
	const sent = await page.evaluate(() =>
		window.harness.calls.flatMap(({ name, args }) => {
			const draft = args[0] as { target: string; payload: Uint8Array };
			return name === 'send' ? [[draft.target, new TextDecoder().decode(draft.payload)]] : [];
		}),
	);
	assert.deepEqual(sent, [['plant-84/set', 'open']]);
	const sections = (await accessibilityTree(page)).filter((line) => /^\s*(main|region) /.test(line));
	assert.deepEqual(
		sections.map((line) => line.trim()),
		['region "Connection"', 'main ""', 'region "Topics"', 'region "Messages"', 'region "Detail"', 'region "Compose"'],
	);
});
