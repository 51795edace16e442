import assert from 'node:assert/strict';
import test from 'node:test';
import { harness } from '../harness/harness';

const room = 'barn@conference.example.org';
const node = 'pubsub.example.org/news';

test('a subscription ends by the word of its mode: a room is left', async () => {
	const page = await harness.open('?rows=0&protocol=xmpp&subscriptions=0');
	await page.evaluate(
		([one = '', other = '']) =>
			window.harness.subscribed([
				{ id: '1', subscription: { target: one, mode: 'room' }, state: 'active' },
				{ id: '2', subscription: { target: other, mode: 'pubsub' }, state: 'active' },
			]),
		[room, node],
	);
	await page.getByRole('button', { name: `Unsubscribe ${node}`, exact: true }).waitFor();
	await page.getByRole('button', { name: room, exact: true }).click();
	await page.getByRole('menuitem', { name: 'Leave Room' }).click();
	await page.getByRole('button', { name: `Leave Room ${room}` }).waitFor({ state: 'detached' });
	const left = await page.evaluate(() => window.harness.calls.filter(({ name }) => name === 'unsubscribe'));
	assert.deepEqual(
		left.map(({ args }) => args),
		[[{ target: room, mode: 'room' }]],
	);
});

test('a message has the type that fits its receiver unless another one is chosen', async () => {
	const page = await harness.open('?rows=0&protocol=xmpp&subscriptions=0');
	const target = page.getByRole('combobox', { name: 'address', exact: true });
	await target.fill(room);
	await page.locator('mw-payload-editor textarea').fill('moo');
	await page.locator('mw-payload-editor textarea').press('Control+Enter');
	await page.getByLabel('Type', { exact: true }).selectOption('chat');
	await page.locator('mw-payload-editor textarea').press('Control+Enter');
	await page.waitForFunction(() => window.harness.calls.filter(({ name }) => name === 'send').length === 2);
	const sent = await page.evaluate(() =>
		window.harness.calls
			.filter(({ name }) => name === 'send')
			.map(({ args }) => (args[0] as { values: object }).values),
	);
	assert.deepEqual(sent, [{}, { type: 'chat' }]);
});

test('what waits for the user has its answers on its row, and in its menu', async () => {
	const page = await harness.open('?rows=0&protocol=post&subscriptions=0');
	await page.evaluate(() => window.harness.parcel('from Carol'));
	const row = page.locator('mw-browse-tree [role=treeitem]', { hasText: 'from Carol' });
	await row.waitFor();
	const buttons = row.locator('button.inline');
	assert.deepEqual(await buttons.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))), [
		'Sign',
		'Refuse',
	]);
	await row.getByRole('button', { name: 'Sign' }).click();
	await page.getByText('Signed.').waitFor();
	const acts = await page.evaluate(() =>
		window.harness.calls
			.filter(({ name }) => name === 'act')
			.map(({ args }) => args[0] as { action: string; node: string }),
	);
	assert.deepEqual(
		acts.map(({ action, node }) => [action, node]),
		[['sign', 'parcel']],
	);
	await row.click({ button: 'right' });
	for (const name of ['Sign', 'Refuse']) await page.getByRole('menuitem', { name }).waitFor();
	const others = page.locator('mw-browse-tree [role=treeitem]', { hasText: 'lone' });
	assert.equal(await others.locator('button.inline').count(), 0);
});
