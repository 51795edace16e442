import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness, shot } from '../harness/harness';

const target = (page: Page) => page.getByRole('combobox', { name: 'topic', exact: true });
const payload = (page: Page) => page.locator('mw-payload-editor textarea');
const receipt = (page: Page) => page.locator('mw-receipt');
const format = (page: Page, name: string) => page.locator('mw-payload-editor').getByRole('tab', { name });

interface Sent {
	verb: string;
	target: string;
	values: object;
	payload: number[];
}
const sent = (page: Page): Promise<Sent[]> =>
	page.evaluate(() =>
		window.harness.calls
			.filter((call) => call.name === 'send' || call.name === 'repeat' || call.name === 'sendFile')
			.map((call) => {
				const draft = call.args[0] as { verb: string; target: string; values: object; payload: Uint8Array };
				return { ...draft, payload: [...draft.payload] };
			}),
	);

const receipts: [string, string, number, RegExp][] = [
	['a/b', 'good', 1, /^\s*Acknowledged in 3 ms\s*$/],
	['a/b', 'dim', 0, /Handed to the socket/],
	['nobody/here', 'warn', 1, /but there is no subscriber/],
	['not/allowed', 'bad', 1, /Refused by the broker.*PUBACK 135/s],
];
for (const [topic, style, qos, words] of receipts) {
	test(`sent to ${topic} at QoS ${qos}, the receipt is ${style}`, async () => {
		const page = await harness.open('?rows=10');
		await target(page).fill(topic);
		await page.locator('mw-compose select').first().selectOption({ index: qos });
		await payload(page).fill('{"on":true}');
		await payload(page).press('Control+Enter');
		await receipt(page).locator('[role="status"]').filter({ hasText: words }).locator(`.${style}`).first().waitFor();
		assert.deepEqual(await sent(page), [
			{ verb: 'publish', target: topic, values: { qos }, payload: [...Buffer.from('{"on":true}')] },
		]);
	});
}

const written: [string, string, number[]][] = [
	['Hex', 'ff 80 00', [0xff, 0x80, 0]],
	['Base64', 'gP8A', [0x80, 0xff, 0]],
	['Text', 'é not json {', [...Buffer.from('é not json {')]],
	['JSON', ' [1,  2]', [...Buffer.from(' [1,  2]')]],
];
for (const [name, text, bytes] of written) {
	test(`${name} is sent byte for byte`, async () => {
		const page = await harness.open('?rows=0');
		await target(page).fill('t');
		await format(page, name).click();
		await payload(page).fill(text);
		await page.getByText(`${bytes.length} bytes`).first().waitFor();
		await payload(page).press('Control+Enter');
		await receipt(page).getByText('Handed to the socket').waitFor();
		assert.deepEqual((await sent(page))[0]?.payload, bytes);
	});
}

const wrong: [string, string, string, string][] = [
	['JSON', 't', '{"a":1,}', 'a key in double quotes'],
	['Hex', 't', 'abc', 'odd'],
	['Base64', 't', 'A', 'middle of a byte'],
	['JSON', 'a/#', '1', 'is a wildcard'],
	['JSON', '', '1', 'The topic is empty.'],
];
for (const [name, topic, text, words] of wrong) {
	test(`${name} ${JSON.stringify(text)} to ${JSON.stringify(topic)} is not sent, and the reason is shown`, async () => {
		const page = await harness.open('?rows=0');
		await target(page).fill(topic);
		await format(page, name).click();
		await payload(page).fill(text);
		await payload(page).press('Control+Enter');
		await page.locator('mw-compose').getByText(words).first().waitFor();
		assert.deepEqual(await sent(page), []);
	});
}

test('sends plain text at once, recognizes and checks JSON, and keeps a format that the user has chosen', async () => {
	const page = await harness.open('?rows=0');
	const chosen = (name: string) => page.locator('mw-payload-editor [aria-selected="true"]').getByText(name).waitFor();
	await chosen('Text');
	await target(page).fill('t');
	await payload(page).fill('open');
	await payload(page).press('Control+Enter');
	await receipt(page).getByText('Handed to the socket').waitFor();
	await payload(page).fill('{"a":1,}');
	await chosen('JSON');
	await payload(page).press('Control+Enter');
	await page.getByRole('button', { name: 'Treat as Text' }).waitFor();
	await shot(page, 'recognized');
	assert.equal((await sent(page)).length, 1);
	await format(page, 'Text').click();
	await chosen('Text');
	await payload(page).press('Control+Enter');
	await page.waitForFunction(() => window.harness.calls.filter((call) => call.name === 'send').length === 2);
	// A chosen format is kept, also in the history.
	await payload(page).fill('[1]');
	await chosen('Text');
	await page.getByRole('button', { name: 'History' }).click();
	await page.locator('mw-history .sheet button').nth(1).click();
	await payload(page).fill('[1]');
	await chosen('JSON');
	assert.deepEqual(
		(await sent(page)).map(({ payload }) => Buffer.from(payload).toString()),
		['open', '{"a":1,}'],
	);
});

test('a protocol with text payloads never recognizes JSON', async () => {
	const page = await harness.open('?rows=0&protocol=xmpp');
	await page.getByRole('combobox', { name: 'address', exact: true }).fill('bob@example.org');
	await payload(page).fill('{"a":1,}');
	await payload(page).press('Control+Enter');
	await page.waitForFunction(() => window.harness.calls.some((call) => call.name === 'send'));
	await page.locator('mw-payload-editor [aria-selected="true"]').getByText('Text').waitFor();
});

test('completes a topic, sends a message and finds it in the history by keyboard alone', async () => {
	const page = await harness.open('?rows=0&topics=2000');
	await target(page).focus();
	await page.keyboard.type('plant-01/dev-00');
	await page.getByRole('option', { name: 'plant-01/dev-000' }).waitFor();
	await shot(page, 'complete');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	assert.equal(await target(page).inputValue(), 'plant-01/dev-001');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.type('1');
	await page.keyboard.press('Control+Enter');
	await receipt(page).getByText('Handed to the socket').waitFor();
	await target(page).fill('other');
	await page.getByRole('button', { name: 'History' }).focus();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Enter');
	assert.equal(await target(page).inputValue(), 'plant-01/dev-001');
});

test('property pairs keep their order and duplicates, and only properties that are set are sent', async () => {
	const page = await harness.open('?rows=0');
	await target(page).fill('t');
	await page.locator('mw-compose').getByText('More options').click();
	const pairs = page.locator('mw-compose mw-pairs');
	for (const [at, name, value] of [
		[1, 'b', '1'],
		[2, 'a', '2'],
		[3, 'b', '3'],
	] as const) {
		await pairs.getByText('Add').click();
		await pairs.getByLabel(`User properties: name ${at}`).fill(name);
		await pairs.getByLabel(`User properties: value ${at}`).fill(value);
	}
	await payload(page).press('Control+Enter');
	await receipt(page).getByText('Handed to the socket').waitFor();
	assert.deepEqual((await sent(page))[0]?.values, {
		userProperties: [
			['b', '1'],
			['a', '2'],
			['b', '3'],
		],
	});
});

test('copies a received message into the form byte for byte and sends it again', async () => {
	const page = await harness.open('?rows=0&topics=0');
	const seq = await page.evaluate(() => window.harness.arriveBytes('bin/x', [0xff, 0, 0x0d, 0x0a, 0x80]));
	await page.locator(`mw-log [data-position="${seq}"]`).click();
	await page.getByText('Publish again').click();
	assert.equal(await target(page).inputValue(), 'bin/x');
	await target(page).press('Control+Enter');
	await receipt(page).getByText('Handed to the socket').waitFor();
	assert.deepEqual((await sent(page))[0]?.payload, [0xff, 0, 0x0d, 0x0a, 0x80]);
});

test('sends a file by its token; lists a repeat and stops it', async () => {
	const page = await harness.open('?rows=0');
	await target(page).fill('t');
	await format(page, 'File').click();
	await page.getByText('photo.jpg').waitFor();
	await target(page).press('Control+Enter');
	await receipt(page).getByText('Handed to the socket').waitFor();
	assert.equal(await page.evaluate(() => window.harness.calls.find((call) => call.name === 'sendFile')?.args[1]), 't1');
	await page.getByText('Write instead').click();
	await page.getByRole('button', { name: 'More ways to send' }).click();
	await page.getByRole('menuitem', { name: 'Repeat…' }).click();
	await page.getByLabel('Milliseconds between repeats').fill('250');
	await page.getByText('Repeat', { exact: true }).click();
	await page.locator('mw-ongoing').getByText('every 250 ms').waitFor();
	await page.locator('mw-ongoing').getByText('Stop').click();
	await page.locator('mw-ongoing').getByText('every 250 ms').waitFor({ state: 'detached' });
});

test('draws the form of another protocol: two verbs, no target', async () => {
	const page = await harness.open('?rows=0&protocol=websocket&state=plain');
	assert.equal(await target(page).count(), 0);
	await format(page, 'Text').click();
	await payload(page).fill('hello');
	await payload(page).press('Control+Enter');
	await receipt(page).getByText('Handed to the socket').waitFor();
	await page.getByLabel('Operation').selectOption({ label: 'Ping' });
	await payload(page).press('Control+Enter');
	await page.waitForFunction(() => window.harness.calls.filter((call) => call.name === 'send').length === 2);
	assert.deepEqual(
		(await sent(page)).map(({ verb, target }) => [verb, target]),
		[
			['send', ''],
			['ping', ''],
		],
	);
});

for (const [button, method] of [
	['Save as Message File…', 'draftFile'],
	['Copy as Code…', 'copyDraft'],
] as const)
	test(`"${button}" hands the draft to the editor and sends nothing`, async () => {
		const page = await harness.open('?rows=0');
		await target(page).fill('a/b');
		await format(page, 'Text').click();
		await payload(page).fill('hi');
		await page.getByRole('button', { name: 'More ways to send' }).click();
		await page.getByRole('menuitem', { name: button }).click();
		const drafts = await page.evaluate(
			(name) =>
				window.harness.calls
					.filter((call) => call.name === name)
					.map((call) => {
						const draft = call.args[0] as { target: string; payload: Uint8Array };
						return [draft.target, ...draft.payload];
					}),
			method,
		);
		assert.deepEqual(drafts, [['a/b', 104, 105]]);
		assert.deepEqual(await sent(page), []);
	});

test('a long operation leaves half of the line to the target', async () => {
	const page = await harness.open('?rows=0&protocol=socketio', { width: 340, height: 760 });
	await page.getByRole('tab', { name: 'Compose' }).click();
	await page.getByLabel('Operation').selectOption({ label: 'Emit with Acknowledgement' });
	const box = await page.locator('mw-target-input').boundingBox();
	assert.ok(box && box.width > 140, `${box?.width}`);
});
