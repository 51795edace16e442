import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const payload = (page: Page) => page.getByRole('textbox', { name: 'Payload' });
const box = (page: Page, part: string) =>
	page.locator(part).evaluate((element) => {
		const { top, bottom, left, right } = element.getBoundingClientRect();
		return { top, bottom, left, right, height: bottom - top };
	});
const drafts = (page: Page, name: string) =>
	page.evaluate(
		(name) =>
			window.harness.calls.flatMap((call) => {
				if (call.name !== name) return [];
				const { payload, values } = call.args[0] as { payload: Uint8Array; values: object };
				return [{ values, payload: [...payload] }];
			}),
		name,
	);

test('in a low window the composer takes at most a third, also with its options open', async () => {
	const page = await harness.open('?rows=100', { width: 1000, height: 620 });
	await page.locator('mw-compose').getByText('More options').click();
	await page.getByLabel('Message expiry').waitFor();
	assert.ok((await box(page, 'mw-compose')).height <= 207);
	await page.locator('mw-send-bar').getByRole('button', { name: 'Publish' }).click({ trial: true });
	await page.getByRole('button', { name: 'Compose', exact: true }).click();
	await page.locator('mw-compose').waitFor({ state: 'detached' });
});

test('in a narrow panel the fields follow below the payload', async () => {
	const page = await harness.open('?rows=10', { width: 380, height: 760 });
	await page.getByRole('tab', { name: 'Compose' }).click();
	const fields = await box(page, 'mw-compose mw-fields');
	const editor = await box(page, 'mw-payload-editor');
	assert.ok(fields.top >= editor.bottom, 'below');
	assert.ok(fields.left === editor.left && fields.right <= 380, 'and in its column');
});

test('an error in JSON is one sentence, and its place moves the caret', async () => {
	const page = await harness.open('?rows=0');
	await page.getByRole('combobox', { name: 'topic', exact: true }).fill('t');
	await payload(page).fill('{\n "a":1,}');
	assert.equal(await page.getByText('Invalid JSON').count(), 0, 'not while it is typed');
	await page.getByRole('button', { name: 'Publish', exact: true }).click();
	const error = page.locator('mw-payload-editor [role="alert"]');
	await error.waitFor();
	assert.match(
		((await error.textContent()) ?? '').replace(/\s+/g, ' '),
		/^Invalid JSON at line 2, column 8: a key in double quotes is expected\. ?Treat as Text$/,
	);
	assert.equal(
		((await page.locator('mw-receipt').textContent()) ?? '').trim(),
		'',
		'nothing is repeated in the receipt',
	);
	await page.getByRole('button', { name: 'line 2, column 8' }).click();
	assert.equal(await payload(page).evaluate((area: HTMLTextAreaElement) => area.selectionStart), 9);
	await page.getByRole('button', { name: 'Treat as Text' }).click();
	await page.getByRole('button', { name: 'Publish', exact: true }).click();
	await page.locator('mw-receipt').getByText('Handed to the socket').waitFor();
});

test('the send button says the verb, and a request without a payload has no editor and sends none', async () => {
	const page = await harness.open('?rows=0&protocol=coap');
	const operation = page.getByLabel('Operation');
	await operation.selectOption({ label: 'POST' });
	await payload(page).fill('hello');
	await operation.selectOption({ label: 'GET' });
	await payload(page).waitFor({ state: 'detached' });
	await page.getByRole('combobox', { name: 'resource' }).fill('temp');
	await page.getByRole('button', { name: 'Send GET' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'send'));
	assert.deepEqual((await drafts(page, 'send'))[0]?.payload, []);
	await operation.selectOption({ label: 'POST' });
	assert.equal(await payload(page).inputValue(), 'hello', 'the text is kept for verbs that have a payload');
});

test('XMPP is written as text only', async () => {
	const page = await harness.open('?rows=0&protocol=xmpp');
	await page.getByRole('button', { name: 'Send Message' }).waitFor();
	assert.deepEqual(await page.locator('mw-payload-editor [role="tab"]').allTextContents(), ['Text', 'File…']);
});

test('a WebSocket message that is not UTF-8 is sent as binary, and text again as text', async () => {
	const page = await harness.open('?rows=0&protocol=websocket&state=plain');
	await page.getByRole('tab', { name: 'Hex' }).click();
	for (const text of ['ff 00', '68 69']) {
		await payload(page).fill(text);
		await payload(page).press('Control+Enter');
		await page.locator('mw-receipt').getByText('Handed to the socket').waitFor();
	}
	assert.deepEqual(await drafts(page, 'send'), [
		{ values: { type: 'binary' }, payload: [0xff, 0] },
		{ values: {}, payload: [0x68, 0x69] },
	]);
});

test('the options have a row and a grid of their own, and a wrong one is unfolded and focused', async () => {
	const page = await harness.open('?rows=0');
	await page.getByRole('combobox', { name: 'topic', exact: true }).fill('t');
	const more = page.locator('mw-compose').getByRole('button', { name: /options/ });
	await more.click();
	const expiry = page.getByLabel('Message expiry');
	await expiry.fill('-5');
	const button = await more.boundingBox();
	const first = await page.getByLabel('Content type').boundingBox();
	assert.ok(button && first && first.y > button.y + button.height, 'all options are below the button');
	await more.click();
	await expiry.waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Publish', exact: true }).click();
	await expiry.waitFor();
	assert.equal(await expiry.evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input), true);
	assert.deepEqual(await drafts(page, 'send'), []);
});

test('the menu of the send button sends a file at once', async () => {
	const page = await harness.open('?rows=0');
	await page.getByRole('combobox', { name: 'topic', exact: true }).fill('t');
	await page.getByRole('button', { name: 'More ways to send' }).click();
	await page.getByRole('menuitem', { name: 'Send with File…' }).click();
	await page.locator('mw-receipt').getByText('Handed to the socket').waitFor();
	assert.equal(await page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'sendFile').length), 1);
});
