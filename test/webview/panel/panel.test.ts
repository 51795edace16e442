import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { harness, shot } from '../harness/harness';

const topicsList = 'mw-topics mw-virtual-list';
const topic = (page: Page, name: string) => page.locator(`${topicsList} [role="treeitem"]`).filter({ hasText: name });
const called = (page: Page, name: string) =>
	page.evaluate((name) => window.harness.calls.filter((call) => call.name === name).map((call) => call.args), name);

async function assertClean(page: Page) {
	assert.deepEqual(await page.evaluate(() => window.harness.violations), [], 'the security policy was not violated');
}

const stateCases: [string, string[]][] = [
	['open', ['Connected', 'TLSv1.3', 'Disconnect']],
	['unverified', ['Certificate not verified']],
	['plain', ['Not encrypted']],
	['unfinished', ['Connected, waiting for the rest of a message: 4 of 1,048,580 bytes', 'Disconnect']],
	['closed', ['Not connected', 'Connect']],
	['refused', ['The broker refused the user name or password.', 'CONNACK 135 Not authorized', 'Set the password']],
	['connecting', ['Connecting: securing the connection', 'Stop']],
	['retrying', ['Next attempt in', 'Nothing listens at localhost:1883.']],
];
for (const [state, words] of stateCases) {
	test(`describes the state "${state}"`, async () => {
		const page = await harness.open(`?rows=0&topics=0&state=${state}`);
		for (const word of words) await page.getByText(word).first().waitFor();
		await assertClean(page);
	});
}

test('marks production beside the name and the send button, also when the profile changes', async () => {
	const page = await harness.open('?rows=10&production');
	const marks = [page.locator('mw-header .production'), page.locator('mw-send-bar .production')];
	for (const mark of marks) await mark.getByText('Production').waitFor();
	await page.locator('mw-log [role="row"]').nth(2).click();
	await shot(page, 'production-dark');
	for (const theme of ['light', 'contrast']) {
		await page.evaluate((name) => window.harness.applyTheme(name), theme);
		await shot(page, `production-${theme}`);
	}
	const profile = { id: 'p1', name: 'Test broker', protocol: 'mqtt', url: 'mqtt://test.example' };
	await page.evaluate((profile) => window.harness.renamed(profile), profile);
	await page.locator('mw-header').getByText('Test broker', { exact: true }).waitFor();
	for (const mark of marks) assert.equal(await mark.count(), 0);
	assert.equal(await page.locator('mw-detail').count(), 1, 'the selected message is still shown');
	await page.evaluate((profile) => window.harness.renamed({ ...profile, production: true }), profile);
	for (const mark of marks) await mark.waitFor();
	await assertClean(page);
});

test('an empty panel offers the next step: connect, subscribe, wait', async () => {
	const page = await harness.open('?rows=0&topics=0&state=closed&subscriptions=0');
	await page.locator('mw-log').getByText('Connect', { exact: true }).click();
	await page.locator('mw-log').getByText('Subscribe # – all topics (can be a lot)').click();
	await page.getByText('Connected. Waiting for messages…').waitFor();
	assert.deepEqual(await called(page, 'subscribe'), [[{ target: '#' }]]);
});

test('distinguishes granted, reduced and refused subscriptions; adds one with its options and removes it', async () => {
	const page = await harness.open('?rows=10');
	await page.locator('mw-subscriptions .reduced').getByText('QoS 1 granted, 2 asked').waitFor();
	await page.locator('mw-subscriptions .refused').getByText('– refused').waitFor();
	await page.locator('mw-subscriptions .refused button.name').click();
	await page.getByRole('menuitem', { name: 'Try again' }).click();
	assert.equal((await called(page, 'subscribe')).length, 1, 'the refused one is requested again');
	await page.evaluate(() => {
		window.harness.calls.length = 0;
	});
	await page.locator('mw-subscriptions').getByText('Subscribe', { exact: true }).click();
	await page.getByLabel('Topic filter').fill('a/#/b');
	await page.getByText('"#" can only be the last level').waitFor();
	await page.getByLabel('Topic filter').fill('a/#');
	await page.locator('mw-subscriptions select').first().selectOption({ index: 2 });
	await page.getByLabel('Topic filter').press('Enter');
	await page.locator('mw-subscriptions').getByText('a/#').waitFor();
	assert.deepEqual(await called(page, 'subscribe'), [[{ target: 'a/#', qos: 2 }]]);
	await page.getByRole('button', { name: 'Unsubscribe a/#' }).click();
	assert.deepEqual(await called(page, 'unsubscribe'), [[{ target: 'a/#', qos: 2 }]]);
});

test('expands, walks and filters a hundred thousand topics by keyboard, and filters the log by the selection', async () => {
	const page = await harness.open('?rows=10000&topics=100000');
	await topic(page, 'plant-00').click();
	const list = page.locator(topicsList);
	await list.focus();
	await page.keyboard.press('ArrowRight');
	await topic(page, 'dev-000').waitFor();
	assert.equal(await topic(page, 'plant-00').getAttribute('aria-expanded'), 'true');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('Enter');
	await page.locator('mw-filter-bar').getByText('plant-00/dev-000').waitFor();
	const view = (await called(page, 'view')).at(-1);
	assert.deepEqual(view, ['log', { target: { kind: 'below', value: 'plant-00/dev-000' } }]);
	await page.keyboard.press('End');
	await topic(page, 'plant-99').waitFor();
	assert.ok((await page.locator(`${topicsList} [role="treeitem"]`).count()) < 60);
	await page.getByLabel('Find topics').fill('plant-42/#');
	await topic(page, 'dev-010').waitFor();
	await page.getByLabel('Find topics').fill('dev-999');
	await topic(page, 'plant-99').or(topic(page, 'plant-09')).first().waitFor();
});

test('the menu of a topic copies, composes and clears, also by keyboard', async () => {
	const page = await harness.open('?rows=10&topics=2000');
	await topic(page, 'plant-01').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Copy Topic' }).waitFor();
	await page.keyboard.press('Enter');
	assert.deepEqual(await called(page, 'copy'), [['plant-01']]);
	await page.locator(topicsList).press('Shift+F10');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	assert.equal(await page.getByRole('combobox', { name: 'topic', exact: true }).inputValue(), 'plant-01');
	await topic(page, 'plant-01').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Clear retained' }).click();
	assert.deepEqual(await called(page, 'clearRetained'), [['plant-01']]);
});

test('shows a payload as JSON with folds, as hex, its changes, and a large one in parts', async () => {
	const page = await harness.open('?rows=1000');
	const row = page.locator('mw-log [data-position="998"]');
	await row.click();
	await page.locator('mw-lines .key').first().waitFor();
	await page.getByRole('button', { name: 'Fold line 1' }).click();
	await page.getByText('2 lines').waitFor();
	await page.getByRole('tab', { name: 'Hex' }).first().click();
	await page.locator('mw-lines').getByText('7b 22 73 65 71').waitFor();
	await page.locator('mw-log [data-position="997"]').click();
	await page.getByRole('heading', { name: 'Message 997' }).waitFor();
	await page.getByRole('button', { name: 'Changes since the previous message' }).click();
	await page.locator('mw-lines .added').getByText('"seq": 997').waitFor();
	await page.getByRole('button', { name: 'Changes since the previous message' }).click();
	const seq = await page.evaluate(() => window.harness.arrive('big/text', `start ${'x'.repeat(1_000_000)}`));
	await page.getByRole('button', { name: '1 new message' }).click();
	await page.locator(`mw-log [data-position="${seq}"]`).click();
	await page.getByText('Showing 262,144 of 1,000,006 bytes').waitFor();
	await page.getByText('Show more').click();
	await page.locator('mw-payload').getByText('Showing').waitFor({ state: 'detached' });
});

test('restores draft, filter, tree and layout after the page is reloaded', async () => {
	const page = await harness.open('?rows=10000&topics=5000');
	await page.getByRole('combobox', { name: 'topic', exact: true }).fill('my/draft');
	await page.locator('mw-payload-editor textarea').fill('{"kept": true}');
	await page.getByLabel('Filter by text').fill('12');
	await topic(page, 'plant-01').locator('.twisty').click();
	await topic(page, 'dev-000').waitFor();
	const split = page.getByRole('separator', { name: 'Width of the tree' });
	await split.focus();
	for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
	const width = await page.locator('mw-topics').evaluate((element) => element.clientWidth);
	await page.waitForTimeout(600);
	await page.reload();
	await topic(page, 'dev-000').waitFor();
	assert.equal(await page.getByRole('combobox', { name: 'topic', exact: true }).inputValue(), 'my/draft');
	assert.equal(await page.locator('mw-payload-editor textarea').inputValue(), '{"kept": true}');
	assert.equal(await page.getByLabel('Filter by text').inputValue(), '12');
	assert.equal(await page.locator('mw-topics').evaluate((element) => element.clientWidth), width);
	assert.deepEqual(await page.evaluate(() => window.harness.states), [{ profile: 'p1' }]);
});

test('restores the position in the log and the message in the detail', async () => {
	const page = await harness.open('?rows=100000&topics=5');
	await page.locator('mw-log [data-position="99990"]').click();
	await page.locator('mw-log mw-virtual-list').hover();
	await page.mouse.wheel(0, -44_000);
	await page.getByText('Jump to newest').waitFor();
	const top = () =>
		page
			.locator('mw-log mw-virtual-list')
			.evaluate((element) => element.querySelector<HTMLElement>('[data-position]')?.dataset.position);
	await page.waitForTimeout(700);
	const before = await top();
	assert.ok(Number(before) < 98_500, `scrolled to ${before}`);
	await page.reload();
	await page.getByRole('heading', { name: 'Message 99,990' }).waitFor();
	await page.locator(`mw-log [data-position="${before}"]`).waitFor();
	assert.equal(await top(), before);
});

const brokenStates = [
	'null',
	'"text"',
	'{"version":1,"layout":7,"filter":{"text":5},"history":"no","draft":{"verb":1}}',
	'{"version":99}',
];
for (const broken of brokenStates) {
	test(`ignores a saved state of an unexpected shape: ${broken}`, async () => {
		const page = await harness.open('?rows=10&topics=5');
		await page.evaluate((broken) => localStorage.setItem('saved:mqtt', broken), broken);
		await page.reload();
		await page.locator('mw-log [data-position="9"]').waitFor();
	});
}

test('names and payloads with markup, escapes and direction marks stay text', async () => {
	const page = await harness.open('?hostile&rows=0&topics=0');
	await page.locator('mw-log [data-position="5"]').waitFor();
	for (const position of [0, 1, 2, 3, 4, 5]) {
		await page.locator(`mw-log [data-position="${position}"]`).click();
		await page.getByRole('heading', { name: `Message ${position}` }).waitFor();
	}
	await page.locator(topicsList).focus();
	for (let turn = 0; turn < 20; turn++) {
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('ArrowRight');
	}
	await page.locator('mw-topics').getByText('__proto__').first().waitFor();
	const found = await page.evaluate(() => {
		const all = (root: Document | ShadowRoot): Element[] =>
			[...root.querySelectorAll('*')].flatMap((element) => [
				element,
				...(element.shadowRoot ? all(element.shadowRoot) : []),
			]);
		const elements = all(document);
		const texts = elements.map((element) => (element.childElementCount === 0 ? (element.textContent ?? '') : ''));
		return {
			images: elements.filter((element) => element.localName === 'img').length,
			scripts: elements.filter((element) => element.localName === 'script').length,
			handlers: elements.filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length,
			raw: texts.filter((text) => text.includes('\u202e') || text.includes('\u001b')).length,
			title: document.title,
		};
	});
	assert.deepEqual(found, { images: 0, scripts: 2, handlers: 0, raw: 0, title: 'harness' });
	await assertClean(page);
	await shot(page, 'hostile');
});

test('a narrow panel has tabs, and a message opens the detail', async () => {
	const page = await harness.open('?rows=1000', { width: 380, height: 700 });
	await page.locator('mw-log [data-position="998"]').click();
	await page.getByRole('heading', { name: 'Message 998' }).waitFor();
	await page.getByRole('tab', { name: 'Topics' }).click();
	await topic(page, 'plant-01').click();
	await page.locator('mw-filter-bar').getByText('plant-01').waitFor();
	await page.getByRole('tab', { name: 'Compose' }).click();
	await page.getByRole('combobox', { name: 'topic', exact: true }).fill('a/b');
	const wider = await page.evaluate(() => document.documentElement.scrollWidth);
	assert.ok(wider <= 380, `nothing is wider than the column: ${wider}`);
});

for (const theme of ['dark', 'light', 'contrast']) {
	test(`draws the theme "${theme}" within the security policy`, async () => {
		const page = await harness.open(`?rows=1000&theme=${theme}`);
		await page.locator('mw-log [data-position="998"]').click();
		await page.locator('mw-chart canvas').waitFor();
		await shot(page, `panel-${theme}`);
		await assertClean(page);
	});
}

test('revealing a topic expands the tree, filters the log and fills the form', async () => {
	const page = await harness.open('?rows=1000&topics=5000');
	await topic(page, 'plant-03').waitFor();
	await page.evaluate(() => window.harness.reveal('plant-03/dev-007', true));
	await page.locator('mw-filter-bar').getByText('plant-03/dev-007').waitFor();
	await topic(page, 'dev-007').waitFor();
	assert.equal(await page.getByRole('combobox', { name: 'topic', exact: true }).inputValue(), 'plant-03/dev-007');
});
