import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/run/eventually';
import { harness } from '../harness/harness';

const stored = { id: 'x', name: 'n', protocol: 'mqtt', url: 'mqtt://h' };
const openForm = (profile?: object, more = '') =>
	harness.open(`?page=form${profile ? `&profile=${encodeURIComponent(JSON.stringify(profile))}` : ''}${more}`);
const field = (page: Page, key: string) => page.locator(`mw-field[data-key="${key}"]`);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const calls = (page: Page, name: string) =>
	page.evaluate((wanted) => window.harness.calls.filter((call) => call.name === wanted).map(({ args }) => args), name);
/** The arguments of the first call. */
const called = (page: Page, name: string) =>
	eventually(name, async () => {
		const [first] = await calls(page, name);
		assert.ok(first);
		return first;
	});
const saved = async (page: Page) => (await called(page, 'save'))[0] as Record<string, unknown>;

test('protocol, URL and name come in the order in which they are known', async () => {
	const page = await openForm();
	await page.locator('#url').waitFor();
	const order = await page.locator('mw-general').evaluate((general) =>
		[...(general.shadowRoot?.querySelectorAll('input, select') ?? [])]
			.map(({ id }) => id)
			.filter(Boolean)
			.slice(0, 4),
	);
	assert.deepEqual(order, ['protocol', 'url', 'name', 'scope']);
});

test('a new connection is named after its host, uniquely, until a name is written', async () => {
	const page = await openForm();
	const name = page.locator('#name');
	await page.locator('#url').fill('mqtt://first.example');
	assert.equal(await name.inputValue(), 'first.example');
	await page.locator('#url').fill('broker.example:8883');
	assert.equal(await name.inputValue(), 'broker.example 2');
	await name.focus();
	assert.equal(
		await name.evaluate((input: HTMLInputElement) => (input.selectionEnd ?? 0) - (input.selectionStart ?? 0)),
		16,
	);
	await page.keyboard.type('Mine');
	await page.locator('#url').fill('mqtt://third.example');
	assert.equal(await name.inputValue(), 'Mine');
});

test('a missing scheme is assumed and shown, and is in the saved URL', async () => {
	const page = await openForm();
	await page.locator('#url').fill('127.0.0.1:1883');
	await page.getByText('mqtt:// is assumed.').waitFor();
	await page.locator('#name').focus();
	assert.equal(await page.locator('#url').inputValue(), 'mqtt://127.0.0.1:1883');
	await button(page, 'Save').click();
	assert.deepEqual(await saved(page), { name: 'Local MQTT', protocol: 'mqtt', url: 'mqtt://127.0.0.1:1883' });
});

test('a foreign scheme is converted with a word, and that of another protocol sets the protocol', async () => {
	const page = await openForm();
	await page.locator('#url').fill('ssl://broker.example:8883');
	await page.getByText('ssl:// was replaced by mqtts://.').waitFor();
	assert.equal(await page.locator('#url').inputValue(), 'mqtts://broker.example:8883');
	await page.locator('#url').fill('amqp://rabbit.example');
	const hint = page.getByText(/The protocol was set to AMQP/);
	await hint.waitFor();
	assert.equal(await hint.getAttribute('class'), 'help', 'it is no warning');
	await button(page, 'Save').click();
	assert.equal((await saved(page)).protocol, 'amqp');
});

test('the URL is judged when it is left, not while it is typed', async () => {
	const page = await openForm();
	const wrong = page.locator('mw-general [role=alert]');
	await page.locator('#url').pressSequentially('mqtt://h:7');
	await page.locator('#url').pressSequentially('00000');
	assert.equal(await wrong.count(), 0);
	await page.locator('#url').press('Tab');
	await wrong.filter({ hasText: 'not between 1 and 65535' }).waitFor();
});

test('an attempt to save goes to the first problem', async () => {
	const page = await openForm();
	await button(page, 'Save').click();
	await page.locator('footer').getByText('Enter a URL.').waitFor();
	assert.ok(await page.locator('#url').evaluate((input) => input.matches(':focus')));
});

test('a typed password is handed over in a call of its own, and is nowhere else', async () => {
	const page = await openForm(stored);
	const input = field(page, 'password').locator('input');
	await input.fill('canary-1');
	assert.equal(await input.getAttribute('type'), 'password');
	await button(page, 'Show Password').click();
	assert.equal(await input.getAttribute('type'), 'text');
	await button(page, 'Hide Password').click();
	await page.locator('#name').fill('other');
	await button(page, 'Test connection').click();
	await page.getByText('The connection works.').waitFor();
	await button(page, 'Save').click();
	await called(page, 'save');
	assert.deepEqual(await page.evaluate(() => window.harness.secrets), [
		[{ password: 'canary-1' }, []],
		[{ password: 'canary-1' }, []],
	]);
	await eventually('the draft', async () => assert.ok((await page.evaluate(() => window.harness.drafts.length)) > 0));
	const others = await page.evaluate(() =>
		JSON.stringify([window.harness.calls, window.harness.states, window.harness.drafts]),
	);
	assert.doesNotMatch(others, /canary/);
	assert.doesNotMatch(await page.content(), /canary/);
});

test('a stored password is kept, changed or removed', async () => {
	const page = await openForm(stored, '&stored=password');
	const password = field(page, 'password');
	await password.getByText('Stored on this machine').waitFor();
	assert.equal(await password.locator('input').count(), 0);
	const handedOver = async () => {
		const before = await page.evaluate(() => window.harness.secrets.length);
		await button(page, 'Save').click();
		return eventually('a call', async () => {
			const all = await page.evaluate(() => window.harness.secrets);
			assert.ok(all.length > before);
			return all.at(-1);
		});
	};
	assert.deepEqual(await handedOver(), [{}, []]);
	await button(page, 'Remove Password').click();
	await password.getByText('Removed when you save').waitFor();
	assert.deepEqual(await handedOver(), [{}, ['password']]);
	await button(page, 'Do not remove Password').click();
	await button(page, 'Change Password').click();
	await page.keyboard.type('new');
	assert.deepEqual(await handedOver(), [{ password: 'new' }, []]);
	await button(page, 'Keep stored Password').click();
	assert.deepEqual(await handedOver(), [{}, []]);
});

test('a password in the URL moves to its field', async () => {
	const page = await openForm();
	await page.locator('#url').fill('me:canary-2@broker.example');
	await page.getByText('The password was moved from the URL to its own field').waitFor();
	assert.equal(await page.locator('#url').inputValue(), 'mqtt://broker.example');
	assert.equal(await field(page, 'password').locator('input').inputValue(), 'canary-2');
	assert.equal(await field(page, 'username').locator('input').inputValue(), 'me');
});

test('a result is about the present values: each edit and each test removes the earlier one', async () => {
	const page = await openForm(stored);
	await page.evaluate(() => window.harness.fail());
	const failed = page.getByText('certificate is signed by itself');
	const edits = [
		() => page.locator('#url').fill('mqtt://other'),
		() => page.locator('#scope').selectOption('user'),
		() => field(page, 'password').locator('input').fill('x'),
		() => field(page, 'username').locator('input').fill('x'),
	];
	for (const edit of edits) {
		await button(page, 'Test connection').click();
		await failed.waitFor();
		await edit();
		await failed.waitFor({ state: 'detached' });
	}
	await button(page, 'Test connection').click();
	await failed.waitFor();
	await page.locator('#url').fill('');
	await button(page, 'Test connection').click();
	await page.locator('footer').getByText('Enter a URL.').waitFor();
	assert.equal(await failed.count(), 0);
});

test('Cancel says whether there is something to lose, and an unsaved profile is kept by the host', async () => {
	const cancelled = async (page: Page) => {
		await button(page, 'Cancel').click();
		return (await called(page, 'cancel'))[0];
	};
	const untouched = await openForm(stored);
	await untouched.locator('#url').waitFor();
	assert.equal(await cancelled(untouched), false);
	const chosen = await openForm();
	await chosen.locator('#protocol').selectOption({ label: 'WebSocket' });
	assert.equal(await cancelled(chosen), false);
	const typed = await openForm(stored);
	await field(typed, 'password').locator('input').fill('x');
	assert.equal(await cancelled(typed), true);
	const edited = await openForm(stored);
	await edited.locator('#url').fill('mqtt://other');
	await eventually('the draft', async () =>
		assert.deepEqual(await edited.evaluate(() => window.harness.drafts.at(-1)), [
			{ ...stored, url: 'mqtt://other' },
			'workspace',
		]),
	);
	assert.equal(await cancelled(edited), true);
});

test('a color is one of the theme, or the one that stands in the settings', async () => {
	const page = await openForm({ ...stored, color: 'tomato' });
	const color = (name: string) => page.getByRole('radio', { name, exact: true });
	await color('From the settings: tomato').waitFor();
	assert.ok(await color('From the settings: tomato').isChecked());
	await color('Green').check();
	await button(page, 'Save').click();
	assert.equal((await saved(page)).color, 'green');
	const plain = await openForm({ ...stored, color: 'green' });
	await plain.getByRole('radio', { name: 'No color' }).check();
	await button(plain, 'Save').click();
	assert.deepEqual(await saved(plain), stored);
});

test('a refused certificate is shown as a chain, copied, and trusted after a question of the host', async () => {
	const page = await openForm({ ...stored, url: 'mqtts://h' });
	await page.evaluate(() => window.harness.fail());
	await button(page, 'Test connection').click();
	const chain = page.locator('mw-certificate-chain li');
	await chain.first().waitFor();
	assert.deepEqual(
		(await chain.allInnerTexts()).map((text) => text.includes('not trusted here')),
		[false, true],
	);
	const fingerprint = `${'AB:'.repeat(31)}CD`;
	await button(page, 'Copy').click();
	assert.match(String((await called(page, 'copy'))[0]), new RegExp(fingerprint));
	await button(page, 'Trust This Certificate…').click();
	await page.getByText('The connection works.').waitFor();
	assert.equal((await calls(page, 'trustCertificate')).length, 1);
	assert.equal(await field(page, 'tls.pin').locator('input').inputValue(), fingerprint);
	await button(page, 'Save').click();
	assert.deepEqual((await saved(page)).tls, { pin: fingerprint });
});

test('checks of messages are written in the form, judged when they are left, and saved as they stand', async () => {
	const other = { sequence: 'seq', future: 1 };
	const page = await openForm({ ...stored, checks: [other] });
	await button(page, 'Add check').click();
	const added = page.getByRole('group', { name: 'Check 2' });
	const target = added.getByLabel('Topic', { exact: true });
	await target.waitFor();
	assert.ok(
		await target.evaluate((input: HTMLInputElement) => input.matches(':focus')),
		'the focus is in the new check',
	);
	await page.keyboard.type('commands/#');
	assert.equal(await added.getByRole('alert').count(), 0, 'nothing is judged while it is written');
	await button(page, 'Save').click();
	await page.locator('footer').getByText('Check 2: Name the field of a nonce').waitFor();
	await added.getByText('Name the field of a nonce').waitFor();
	await eventually('the focus', async () =>
		assert.ok(await added.getByLabel('Nonce', { exact: true }).evaluate((input) => input.matches(':focus'))),
	);
	await page.keyboard.type('n');
	const window = added.getByLabel('Window', { exact: true });
	await window.fill('30');
	await window.press('Tab');
	await added.getByText('"30" needs a unit, such as 30s or 30ms.').waitFor();
	await window.fill('30s');
	await button(page, 'Save').click();
	assert.deepEqual(await saved(page), {
		...stored,
		checks: [other, { target: 'commands/#', nonce: 'n', window: '30s' }],
	});
});

test('the last check that is removed leaves no list', async () => {
	const page = await openForm({ ...stored, checks: [{ nonce: 'n' }] });
	await page.getByRole('button', { name: 'Remove check 1' }).click();
	await page.getByRole('group', { name: 'Check 1' }).waitFor({ state: 'detached' });
	const add = page.getByRole('button', { name: 'Add check' });
	await eventually('the focus', async () =>
		assert.ok(await add.evaluate((element: HTMLElement) => element.matches(':focus'))),
	);
	await button(page, 'Save').click();
	assert.deepEqual(await saved(page), stored);
});
