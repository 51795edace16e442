import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { descriptions } from '../../../src/protocols/descriptions';
import { harness, shot } from '../harness/harness';

const openForm = (profile?: object, more = '') =>
	harness.open(`?page=form${profile ? `&profile=${encodeURIComponent(JSON.stringify(profile))}` : ''}${more}`);
const field = (page: Page, key: string) => page.locator(`mw-field[data-key="${key}"]`);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const saved = async (page: Page) => {
	await page.waitForFunction(() => window.harness.calls.some((call) => call.name === 'save'));
	return page.evaluate(
		() => window.harness.calls.find((call) => call.name === 'save')?.args as [Record<string, unknown>, string, boolean],
	);
};

for (const description of descriptions) {
	for (const scheme of description.schemes) {
		test(`${description.label} over ${scheme.scheme}: draws every field of the description, and saves an untouched profile unchanged`, async () => {
			const profile = { id: 'x', name: 'n', protocol: description.id, url: `${scheme.scheme}://host.example` };
			const page = await openForm(profile);
			await page.getByRole('heading', { name: 'Edit connection' }).waitFor();
			for (const more of await page.getByText('More options').all()) await more.click({ trial: true });
			while ((await page.getByText('More options').count()) > 0) await page.getByText('More options').first().click();
			for (const group of description.profile) {
				const when = group.when;
				const fact = when?.key === '@tls' ? scheme.tls : when?.key === '@scheme' ? scheme.scheme : undefined;
				const shown = !when || (fact !== undefined && when.is.includes(fact));
				for (const one of group.fields) {
					if (one.when) continue;
					assert.equal(await field(page, one.key).count(), shown ? 1 : 0, `${one.key} over ${scheme.scheme}`);
				}
			}
			await button(page, 'Save').click();
			assert.deepEqual(await saved(page), [profile, 'workspace', false]);
			assert.deepEqual(await page.evaluate(() => window.harness.violations), []);
		});
	}
}

for (const { id } of descriptions)
	test(`${id}: a checkbox marks a connection as production and removes the mark`, async () => {
		const profile = {
			id: 'x',
			name: 'n',
			protocol: id,
			url: `${descriptions.find((one) => one.id === id)?.schemes[0]?.scheme}://h`,
		};
		for (const production of [undefined, true] as const) {
			const page = await openForm({ ...profile, ...(production && { production }) });
			const mark = page.locator('.production');
			const box = page.getByRole('checkbox', { name: 'Production' });
			await box.waitFor();
			assert.equal(await mark.count(), production ? 1 : 0);
			await box.click();
			await mark.waitFor({ state: production ? 'detached' : 'visible' });
			await button(page, 'Save').click();
			assert.deepEqual((await saved(page))[0], { ...profile, ...(production ? {} : { production: true }) });
		}
	});

test('writes only values that differ from the default, nests dotted keys, and keeps unknown members', async () => {
	const page = await openForm({
		id: 'x',
		name: 'n',
		protocol: 'mqtt',
		url: 'mqtts://h',
		tls: { ca: '/old.pem', future: [1] },
		unknown: { a: null },
	});
	await field(page, 'keepalive').waitFor({ state: 'detached' });
	await field(page, 'tls.ca').getByText('Browse…').click();
	await field(page, 'cleanStart').locator('vscode-checkbox').click();
	await field(page, 'tls.verify').locator('vscode-checkbox').click();
	await field(page, 'tls.verify').getByText('accepts any certificate').waitFor();
	await field(page, 'connectTimeout').locator('input').fill('20');
	await field(page, 'mqttVersion').locator('select').selectOption({ label: '5' });
	await field(page, 'mqttVersion').locator('select').selectOption({ index: 0 });
	await button(page, 'Save and connect').click();
	assert.deepEqual(await saved(page), [
		{
			id: 'x',
			name: 'n',
			protocol: 'mqtt',
			url: 'mqtts://h',
			// biome-ignore lint/suspicious/noTemplateCurlyInString: the editor's own variable.
			tls: { ca: '${workspaceFolder}/certs/ca.pem', future: [1], verify: false },
			unknown: { a: null },
			cleanStart: false,
			connectTimeout: 20,
		},
		'workspace',
		true,
	]);
});

const wrong: [string, string, string][] = [
	['#url', 'ftp://host', 'MQTT URLs start with mqtt://, mqtts://, ws://, or wss://.'],
	['#url', 'mqtt://h:70000', 'The port of the URL is not between 1 and 65535.'],
	['#url', 'mqtt://', 'The URL is not valid: the URL has no host.'],
	['#url', 'mqtt://[fe80::1%]', 'The URL is not valid'],
	['#name', ' ', 'Enter a name.'],
	['mw-field[data-key="connectTimeout"] input', '0', 'must be from 1 to 300 s'],
	['mw-field[data-key="connectTimeout"] input', 'soon', 'must be a number'],
];
for (const [selector, value, words] of wrong) {
	test(`${selector} = ${JSON.stringify(value)} is refused with a reason and not saved`, async () => {
		const page = await openForm({ id: 'x', name: 'n', protocol: 'mqtt', url: 'mqtt://h' });
		await page.locator(selector).fill(value);
		await button(page, 'Save').click();
		await page.locator('footer').getByText(words).waitFor();
		assert.deepEqual(await page.evaluate(() => window.harness.calls), []);
	});
}

test('credentials are removed from the URL while it is typed, and the password is nowhere in the profile', async () => {
	const page = await openForm();
	await page.locator('#name').fill('n');
	await page.locator('#url').fill('mqtt://me%40home:canary-1@host:1883/x');
	await page.getByText('The password was moved from the URL to its own field').waitFor();
	assert.equal(await page.locator('#url').inputValue(), 'mqtt://host:1883/x');
	assert.equal(await field(page, 'username').locator('input').inputValue(), 'me@home');
	await button(page, 'Save').click();
	const [profile] = await saved(page);
	assert.deepEqual(profile, {
		name: 'n',
		protocol: 'mqtt',
		url: 'mqtt://host:1883/x',
		username: 'me@home',
	});
});

test('changing the protocol keeps name, host and user', async () => {
	const page = await openForm({
		id: 'x',
		name: 'n',
		protocol: 'mqtt',
		url: 'mqtts://h:8883/p',
		username: 'u',
		keepalive: 5,
		mine: 1,
	});
	await page.locator('#protocol').selectOption({ label: 'WebSocket' });
	await page.locator('#url').waitFor();
	await button(page, 'Save').click();
	const [profile] = await saved(page);
	assert.deepEqual(profile, {
		id: 'x',
		name: 'n',
		protocol: 'websocket',
		url: 'wss://h:8883/p',
		username: 'u',
		mine: 1,
	});
});

test('a connection test shows the failed step, its reason and the remedy', async () => {
	const page = await openForm({ id: 'x', name: 'n', protocol: 'mqtt', url: 'mqtts://h' });
	await button(page, 'Test connection').click();
	await page.getByText('The connection works.').waitFor();
	await page.evaluate(() => window.harness.fail());
	await button(page, 'Test connection').click();
	await page.getByText('certificate is signed by itself').waitFor();
	await page.getByText('DEPTH_ZERO_SELF_SIGNED_CERT').waitFor();
	await page.getByText('Choose its CA certificate').waitFor();
	await shot(page, 'form-test');
});
