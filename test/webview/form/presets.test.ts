import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { descriptions } from '../../../src/protocols/descriptions';
import { eventually } from '../../support/run/eventually';
import { harness } from '../harness/harness';

const search = (page: Page) => page.getByRole('combobox', { name: 'Start with a server or service' });
const options = (page: Page) => page.locator('mw-presets').getByRole('option');
const url = (page: Page) => page.locator('#url');
const selection = (page: Page) =>
	url(page).evaluate((input: HTMLInputElement) =>
		input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0),
	);
const meant = (page: Page) => page.getByRole('radiogroup', { name: 'Protocol of the URL' });
const saved = (page: Page) =>
	eventually('saved', async () => {
		const call = await page.evaluate(() => window.harness.calls.find(({ name }) => name === 'save'));
		assert.ok(call);
		return call.args[0] as Record<string, unknown>;
	});

test('a new connection lists the presets of all protocols, and the search leaves those that have its words', async () => {
	const page = await harness.open('?page=form');
	await search(page).waitFor();
	const all = descriptions.flatMap(({ presets = [] }) => presets.map(({ label }) => label));
	assert.deepEqual(await options(page).allTextContents(), all);
	await search(page).fill('amazon 443');
	assert.deepEqual(await options(page).allTextContents(), ['AWS IoT Core, port 443']);
	await search(page).fill('no such thing');
	await page.getByText('Nothing matches.').waitFor();
	await search(page).press('Escape');
	assert.deepEqual(await options(page).allTextContents(), all);
});

test('the keyboard chooses a preset, which fills the form and leads to the part to replace', async () => {
	const page = await harness.open('?page=form');
	await search(page).waitFor();
	await eventually('the search has the focus', async () =>
		assert.equal(await search(page).evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one), true),
	);
	await page.keyboard.type('aws');
	await page.keyboard.press('ArrowDown');
	await page.getByText('For networks that only let HTTPS through').waitFor();
	await page.keyboard.press('Enter');
	await search(page).waitFor({ state: 'detached' });
	assert.equal(await selection(page), 'YOUR-ENDPOINT');
	assert.equal(await page.locator('#name').inputValue(), 'AWS IoT Core, port 443');
	await page.getByText('AWS IoT Core, port 443: For networks').waitFor();
	await url(page).fill('nats://demo.nats.io');
	await page.getByText('For networks').waitFor({ state: 'detached' });
	assert.equal(
		await page.locator('#name').inputValue(),
		'demo.nats.io',
		'the name of the preset was of the other protocol',
	);
	await url(page).fill('mqtts://YOUR-ENDPOINT:443');
	await page.locator('#name').fill('AWS IoT Core, port 443');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Replace YOUR-ENDPOINT in the URL.').first().waitFor();
	await url(page).fill('mqtts://abc-ats.iot.eu-central-1.amazonaws.com:443');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	assert.deepEqual(await saved(page), {
		...{ name: 'AWS IoT Core, port 443', protocol: 'mqtt' },
		...{ url: 'mqtts://abc-ats.iot.eu-central-1.amazonaws.com:443', tls: { alpn: ['x-amzn-mqtt-ca'] } },
	});
});

test('another preset replaces the first one, and an empty start is one step away', async () => {
	const page = await harness.open('?page=form');
	await options(page).filter({ hasText: 'AWS IoT Core, port 443' }).click();
	await page.getByRole('button', { name: 'Change' }).click();
	await page.locator('mw-presets').getByRole('option', { name: 'RabbitMQ', exact: true }).click();
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	assert.deepEqual(await saved(page), { name: 'RabbitMQ', protocol: 'amqp', url: 'amqp://localhost:5672' });
	await harness.open('?page=form');
	await page.getByRole('button', { name: 'Start empty' }).click();
	assert.equal(await url(page).evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one), true);
	assert.equal(await url(page).inputValue(), '');
	await harness.open('?page=form');
	await options(page).filter({ hasText: 'RabbitMQ' }).first().click();
	await page.getByRole('button', { name: 'Change' }).click();
	await page.getByRole('button', { name: 'Start empty' }).click();
	assert.equal(await url(page).inputValue(), '');
	await url(page).fill('amqp://rabbit.example');
	assert.equal(await page.locator('#name').inputValue(), 'rabbit.example', 'the name of the preset went with it');
	await harness.open('?page=form');
	await search(page).fill('mqtts://broker.example');
	assert.equal(await url(page).inputValue(), 'mqtts://broker.example', 'a URL in the search is taken for the URL');
});

test('a saved connection starts with its own values', async () => {
	const profile = encodeURIComponent(JSON.stringify({ id: 'x', name: 'n', protocol: 'mqtt', url: 'mqtt://h' }));
	const page = await harness.open(`?page=form&profile=${profile}`);
	await url(page).waitFor();
	assert.equal(await page.locator('mw-presets').count(), 0);
	await url(page).fill('ws://h');
	assert.equal(await meant(page).count(), 0, 'its protocol was chosen before');
});

test('a URL whose scheme several protocols share asks which one is meant', async () => {
	const page = await harness.open('?page=form');
	await url(page).fill('mqtt://h');
	assert.equal(await meant(page).count(), 0);
	await url(page).fill('wss://h.example/path');
	const choice = (name: string) => meant(page).getByRole('radio', { name, exact: true });
	assert.equal(await choice('MQTT').isChecked(), true);
	await choice('WebSocket').check();
	assert.equal(await url(page).inputValue(), 'wss://h.example/path');
	assert.equal(
		await page.locator('#protocol').evaluate((one: HTMLSelectElement) => one.selectedOptions[0]?.label),
		'WebSocket',
	);
	await choice('XMPP').check();
	assert.equal(await url(page).inputValue(), 'wss://h.example/path');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	assert.equal((await saved(page)).protocol, 'xmpp');
});

test('a foreign scheme that is another protocol’s own can be taken back', async () => {
	const page = await harness.open('?page=form');
	await url(page).fill('https://h.example:3000');
	assert.equal(await url(page).inputValue(), 'mqtts://h.example:3000');
	await meant(page).getByRole('radio', { name: 'Socket.IO' }).check();
	assert.equal(await url(page).inputValue(), 'https://h.example:3000');
});

test('a test that finds another protocol offers to switch, and tests again', async () => {
	const page = await harness.open('?page=form');
	await page.evaluate(() => window.harness.speaks('amqp'));
	await url(page).fill('mqtt://h.example:5672');
	await page.getByRole('button', { name: 'Test connection' }).click();
	await page.getByRole('button', { name: 'Switch to AMQP 0-9-1' }).click();
	await eventually('tested again', async () => {
		const tests = await page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'test'));
		assert.deepEqual(
			tests.map(({ args }) => (args[0] as { url: string }).url),
			['mqtt://h.example:5672', 'amqp://h.example:5672'],
		);
	});
});
