import assert from 'node:assert/strict';
import test from 'node:test';
import type { Page } from 'playwright-core';
import { descriptions } from '../../../src/protocols/descriptions';
import { assertAccessible } from '../harness/accessibility';
import { harness } from '../harness/harness';
import { themes } from '../harness/themes';

/** States of the pages that have different parts, and the steps to them. */
const scenes: [string, string, (page: Page) => Promise<unknown>][] = [
	[
		'the panel with a message, its chart, the subscribe form and a refused draft',
		'?rows=200&state=plain',
		async (page) => {
			await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
			await page.getByRole('combobox', { name: 'topic', exact: true }).fill('a/b');
			await page.locator('mw-payload-editor textarea').fill('{"a":1,}');
			await page.locator('mw-compose').getByText('More options').click();
			await page.locator('mw-log [role="row"]').nth(3).click();
			await page.locator('mw-detail mw-chart').waitFor();
			await page.getByText('a key in double quotes is expected').waitFor();
		},
	],
	[
		'the panel of a peer with actions, while the connection is lost',
		'?protocol=post&rows=50&state=retrying',
		async (page) => {
			await page.locator('mw-send-bar vscode-button').first().click();
			await page.getByText('A box is needed.').waitFor();
		},
	],
	[
		'an empty panel after a refusal',
		'?rows=0&topics=0&state=refused&subscriptions=0',
		(page) => page.getByText('CONNACK 135').waitFor(),
	],
	[
		'the menu of the send button',
		'?rows=0',
		async (page) => {
			await page.getByRole('button', { name: 'More ways to send' }).click();
			await page.getByRole('menuitem', { name: 'Repeat…' }).waitFor();
		},
	],
	[
		'the form with an error in a field and a choice of the protocol',
		'?page=form',
		async (page) => {
			await page.getByText('More options').first().click();
			await page.locator('mw-field[data-key="keepalive"] input').fill('-1');
			await page.getByRole('button', { name: 'Save', exact: true }).click();
			await page.getByText('must be from').first().waitFor();
			await page.locator('#url').fill('wss://h');
			await page.getByRole('radiogroup', { name: 'Protocol of the URL' }).waitFor();
		},
	],
	[
		'the topology',
		'?protocol=post&rows=20&topics=5&subscriptions=0',
		async (page) => {
			await page.evaluate(() => window.harness.start({ kind: 'action', action: 'routes' }));
			await page.locator('mw-topology .node').first().click();
		},
	],
	[
		'pinned charts beside the find bar and rows that are selected without the focus',
		'?rows=1000',
		async (page) => {
			for (const position of [998, 997]) {
				await page.locator(`mw-log [data-position="${position}"]`).click();
				await page.getByLabel('Number to draw').selectOption('temp');
				await page.locator('mw-chart').getByRole('button', { name: 'Pin to Chart' }).click();
			}
			await page.locator('mw-charts mw-plot canvas').waitFor();
			await page.keyboard.press('Control+f');
			await page.locator('mw-find-bar input').fill('temp');
			await page.locator('mw-log mark').first().waitFor();
		},
	],
	[
		'a record with further payloads that waits for its outcome',
		'?protocol=records&rows=5',
		async (page) => {
			const seq = await page.evaluate(() =>
				window.harness.arriveRecord('a', '{"a":1}', { key: 'k', attached: ['x'] }, { open: true, text: 'waiting' }),
			);
			await page.locator(`mw-log [data-position="${seq}"]`).click();
			await page.locator('mw-payload mw-lines').nth(2).waitFor();
			await page.getByLabel('Key: notation').selectOption('hex');
			await page.locator('mw-bytes-list').getByRole('button', { name: 'Add' }).click();
		},
	],
	[
		'a chat',
		'?rows=5&protocol=websocket',
		async (page) => {
			await page.getByRole('button', { name: 'Chat', exact: true }).click();
			await page.locator('mw-chat [data-position]').first().waitFor();
		},
	],
	[
		'a log that does not follow the newest message',
		'?rows=500',
		async (page) => {
			await page.locator('mw-log mw-virtual-list').hover();
			await page.mouse.wheel(0, -2000);
			await page.getByRole('button', { name: /Jump to newest|new message/ }).waitFor();
		},
	],
	[
		'the checks of a connection, one of which is wrong',
		'?page=form',
		async (page) => {
			await page.getByRole('button', { name: 'Add check' }).click();
			await page.getByLabel('Window', { exact: true }).fill('30');
			await page.getByLabel('Window', { exact: true }).press('Tab');
			await page.locator('#url').focus();
			await page.getByText('needs a unit').waitFor();
		},
	],
	[
		'the form of an action',
		'?protocol=post&rows=5',
		async (page) => {
			await page.evaluate(() =>
				window.harness.start({ kind: 'action', action: 'empty', node: { id: 'box-0', name: 'box-0' } }),
			);
			await page.locator('mw-actions form').waitFor();
		},
	],
];
for (const [what, query, steps] of scenes)
	test(`${what} has no axe violation in any theme`, async () => {
		const page = await harness.open(query);
		await steps(page);
		for (const theme of Object.keys(themes)) {
			await page.evaluate((name) => window.harness.applyTheme(name), theme);
			await assertAccessible(page, `${what} in ${theme}`);
		}
	});

test('a narrow panel has no axe violation in any of its tabs', async () => {
	const page = await harness.open('?rows=50&protocol=amqp', { width: 360, height: 700 });
	for (const tab of ['Exchanges and queues', 'Messages', 'Detail', 'Compose']) {
		await page.getByRole('tab', { name: tab }).first().click();
		await assertAccessible(page, `the tab ${tab}`);
	}
});

/** Fields whose control's accessible name differs from the label that is drawn above or beside it. */
const misnamed = (page: Page) =>
	page.evaluate(() => {
		const wrong: string[] = [];
		const visit = (root: ParentNode) => {
			for (const element of root.querySelectorAll('*')) {
				if (element.shadowRoot) visit(element.shadowRoot);
				if (element.localName !== 'mw-field' || !element.checkVisibility()) continue;
				const shadow = element.shadowRoot as ShadowRoot;
				const control = shadow.querySelector<HTMLInputElement>('input, textarea, select');
				const label = shadow.querySelector('label')?.textContent?.trim();
				if (!control) continue;
				if (control.labels?.[0]?.textContent?.trim() !== label || control.hasAttribute('aria-label'))
					wrong.push(`${label}: ${control.labels?.[0]?.textContent} ${control.getAttribute('aria-label')}`);
			}
		};
		visit(document);
		return wrong;
	});

for (const { id, label, verbs } of descriptions)
	test(`${label}: every field of the composer and of the form is named by its visible label`, async () => {
		let page = await harness.open(`?protocol=${id}&rows=0`);
		let named = 0;
		for (const verb of verbs) {
			if (verbs.length > 1) await page.getByLabel('Operation').selectOption({ label: verb.label });
			const more = page.locator('mw-compose').getByRole('button', { name: 'More options' });
			if ((await more.count()) > 0) await more.click();
			const main = verb.fields.filter((field) => !field.when && !['boolean', 'pairs', 'list'].includes(field.type));
			for (const field of main) {
				const name = `${field.label}${field.required ? ' (required)' : ''}`;
				assert.equal(
					await page.locator('mw-compose').getByLabel(name, { exact: true }).count(),
					1,
					`${verb.id}: ${name}`,
				);
				named++;
			}
			assert.deepEqual(await misnamed(page), []);
		}
		page = await harness.open(`?page=form&protocol=${id}`);
		while ((await page.getByText('More options').count()) > 0) await page.getByText('More options').first().click();
		assert.deepEqual(await misnamed(page), []);
		const textual = page.locator('mw-field').locator('input, textarea');
		assert.ok(named + (await textual.count()) > 2, 'there are fields to name');
	});

test('the error of a field is described to screen readers, and so is that of the payload', async () => {
	const page = await harness.open('?rows=0');
	await page.locator('mw-compose').getByText('More options').click();
	const expiry = page.getByLabel('Message expiry');
	await expiry.fill('-1');
	assert.equal(
		await expiry.getAttribute('aria-invalid'),
		null,
		'nothing is judged while it is typed for the first time',
	);
	await expiry.press('Tab');
	await page.locator('mw-compose .problem').waitFor();
	assert.equal(await expiry.getAttribute('aria-invalid'), 'true');
	const described = await expiry.evaluate((input) => {
		const root = input.getRootNode() as ShadowRoot;
		return root.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent;
	});
	assert.match(described ?? '', /must be from 0 to/);
	const payload = page.getByRole('textbox', { name: 'Payload' });
	await payload.fill('{"a":}');
	await payload.blur();
	await page.locator('#problem').waitFor();
	assert.deepEqual(
		[await payload.getAttribute('aria-invalid'), await payload.getAttribute('aria-describedby')],
		['true', 'problem'],
	);
});

test('a sash announces the size of its pane and its limits, and the keyboard moves it to both', async () => {
	const page = await harness.open('?rows=10');
	const sash = page.getByRole('separator', { name: 'Width of the tree' });
	const now = async () => Number(await sash.getAttribute('aria-valuenow'));
	assert.deepEqual(
		[await now(), await sash.getAttribute('aria-valuemin'), await sash.getAttribute('aria-valuemax')],
		[260, '140', '640'],
	);
	await sash.focus();
	await page.keyboard.press('ArrowRight');
	assert.equal(await now(), 276);
	await page.keyboard.press('Home');
	assert.equal(await now(), 140);
	await page.keyboard.press('End');
	assert.equal(await now(), 640);
	const width = await page.locator('mw-tree').evaluate((tree) => tree.clientWidth);
	assert.equal(width, 640);
});
