import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness } from '../harness/harness';

const called = (page: Page, name: string) =>
	page.evaluate((name) => window.harness.calls.filter((call) => call.name === name).length, name);

test('while a retry is pending, header and composer offer to try at once', async () => {
	const page = await harness.open('?rows=10&state=retrying');
	await page.getByRole('combobox', { name: 'topic', exact: true }).fill('a/b');
	await page.getByRole('button', { name: 'Publish', exact: true }).click();
	await page.locator('mw-receipt').getByText('Not sent: the connection is being restored.').waitFor();
	assert.equal(await called(page, 'send'), 0);
	await page.locator('mw-receipt').getByRole('button', { name: 'Try Now' }).click();
	await page.getByText('Connected', { exact: true }).waitFor();
	await page.locator('mw-receipt').getByText('Not sent').waitFor({ state: 'detached' });
	await page.evaluate(() => window.harness.state('retrying'));
	await page.locator('mw-header').getByRole('button', { name: 'Try Now' }).click();
	await page.getByText('Connected', { exact: true }).waitFor();
	assert.equal(await called(page, 'connect'), 2);
	assert.equal(await page.locator('mw-header').getByRole('button', { name: 'Try Now' }).count(), 0);
});

test('an unencrypted connection is a warning, but not to this machine', async () => {
	const page = await harness.open('?rows=0&state=plain');
	await page.locator('mw-security .warn').getByText('Not encrypted').waitFor();
	for (const url of ['mqtt://localhost:1883', 'mqtt://127.0.0.1', 'mqtt://[::1]:1883']) {
		await page.evaluate((url) => window.harness.renamed({ id: 'p1', name: 'Here', protocol: 'mqtt', url }), url);
		await page.locator('mw-security').getByText('Local, not encrypted').waitFor();
		assert.equal(await page.locator('mw-security .warn').count(), 0);
	}
	await page.evaluate(() =>
		window.harness.renamed({ id: 'p1', name: 'Away', protocol: 'mqtt', url: 'mqtt://localhost.example.com' }),
	);
	await page.locator('mw-security .warn').getByText('Not encrypted').waitFor();
});

test('after a reload the empty log says that the window was reloaded, until the connection is used again', async () => {
	const page = await harness.open('?rows=0&topics=0&subscriptions=0&state=closed&ended');
	await page.getByText('The window was reloaded. The log of Plant broker ended with it.').waitFor();
	await page.getByRole('button', { name: 'Connect Again' }).click();
	await page.getByText('Connected', { exact: true }).waitFor();
	await page.locator('mw-header').getByRole('button', { name: 'Disconnect' }).click();
	await page.locator('mw-log').getByRole('button', { name: 'Connect', exact: true }).waitFor();
	assert.equal(await page.getByText('The window was reloaded').count(), 0);
});

test('a peer that speaks another protocol: one click switches, and the panel starts anew with that protocol', async () => {
	const page = await harness.open('?rows=3&state=foreign');
	await page.getByRole('button', { name: 'Switch to AMQP 0-9-1' }).click();
	await page.waitForFunction(() => window.harness.calls.some(({ name }) => name === 'switchProtocol'));
	assert.equal(await called(page, 'init'), 1);
	await page.evaluate(() =>
		window.harness.renamed({ id: 'p1', name: 'Barn', protocol: 'amqp', url: 'amqp://localhost' }),
	);
	await page.waitForFunction(() => window.harness.calls.filter(({ name }) => name === 'init').length === 2);
	await page.locator('mw-log').waitFor();
});

test('advice that names no command leads to the form of the connection', async () => {
	const page = await harness.open('?rows=0&state=advised');
	const note = page.locator('mw-failure-note');
	await note.getByText('Add its address.').waitFor();
	await note.getByRole('button', { name: 'Edit Connection' }).click();
	assert.equal(await called(page, 'editProfile'), 1);
});

test('the button of the subscribe form says what the chosen mode does', async () => {
	const page = await harness.open('?rows=0&protocol=post');
	await page.locator('mw-subscriptions').getByRole('button', { name: 'Receive', exact: true }).click();
	const form = page.locator('mw-subscribe-form');
	await form.getByRole('button', { name: 'Copy', exact: true }).waitFor();
	await form.getByRole('radio', { name: 'Take' }).check();
	await form.getByRole('button', { name: 'Take', exact: true }).waitFor();
});

test('the subscribe form has a visible label and gives the focus back', async () => {
	const page = await harness.open('?rows=0&subscriptions=0');
	await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
	await page.getByText('Topic filter', { exact: true }).waitFor();
	await page.keyboard.type('a/#');
	await page.keyboard.press('Escape');
	const focused = await page.locator('mw-subscriptions').evaluate((one) => one.shadowRoot?.activeElement?.textContent);
	assert.match(focused ?? '', /Subscribe/);
});
