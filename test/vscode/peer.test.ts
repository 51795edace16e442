import assert from 'node:assert/strict';
import test from 'node:test';
import { openEditor } from '../support/editor/editor';
import { panelPage, settingsWith } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { passwords, startRabbitMq } from '../support/servers/rabbitmq';
import { deepText } from '../support/texts/deep-text';

/** What a server has, in the sidebar and in the panel, and what is done to it: asked first, told afterwards. */
test('What a peer has', async (t) => {
	const rabbit = await startRabbitMq();
	t.after(rabbit.stop);
	for (const name of ['email', 'orders']) await rabbit.api('PUT', `/queues/%2F/${name}`, { durable: true });
	const put = (payload: string) =>
		rabbit.api('POST', '/exchanges/%2F/amq.default/publish', {
			...{ properties: {}, routing_key: 'email', payload, payload_encoding: 'string' },
		});
	/** Whatever the server's own counts, which it brings up to date every few seconds, say. */
	const waiting = async () => {
		const get = { count: 50, ackmode: 'ack_requeue_true', encoding: 'auto' };
		return ((await rabbit.api('POST', '/queues/%2F/email/get', get)) as unknown[]).length;
	};
	await put('Send welcome email');
	await put('Send another');
	const editor = await openEditor({
		files: settingsWith({
			...{ id: 's', name: 'Services', protocol: 'amqp', url: `amqp://127.0.0.1:${rabbit.port}` },
			...{ username: 'admin', secrets: ['password'], management: { url: rabbit.management } },
		}),
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const { page } = editor;
	const dialog = page.locator('.monaco-dialog-box');

	await step('the sidebar lists it, and opens it by a click', async () => {
		await editor.sidebar();
		await editor.rowButton('Services', 'Connect');
		await editor.answerHidden(passwords.admin);
		await editor.expand(/^Services.*open ·/);
		await editor.expand('Queues');
		await editor.row(/^email/).waitFor();
	});

	await step('what changes there changes here, and stays open', async () => {
		await editor.row(/^email.*2 ready/).waitFor();
		await put('Send a third');
		await editor.row(/^email.*3 ready/).waitFor();
		await rabbit.api('PUT', '/queues/%2F/new', { durable: true });
		await editor.row(/^new/).waitFor();
		await editor.row(/^orders/).waitFor();
	});

	await step('taking messages away is asked about with the numbers, and a no leaves them there', async () => {
		await editor.rowMenu(/^email/, 'Consume…');
		await dialog.getByText('Remove messages from the queue').waitFor();
		await editor.button('Cancel');
		await dialog.waitFor({ state: 'detached' });
		assert.equal(await waiting(), 3);
	});

	await step('an action with fields opens its form in the panel, does it, and tells what was done', async () => {
		await editor.rowMenu(/^email/, 'Peek…');
		const panel = await panelPage(editor);
		const form = panel.frame.locator('mw-actions form');
		await form.getByRole('heading', { name: 'Peek: email' }).waitFor();
		await form.getByText('Peek', { exact: true }).last().click();
		await eventually('the result', async () =>
			assert.match(await deepText(panel.frame.locator('mw-actions')), /Peeked 3/),
		);
		await panel.log.filter({ hasText: 'Send welcome email' }).first().waitFor();
		assert.equal(await waiting(), 3);
	});

	await step('the panel asks through the editor too', async () => {
		const panel = await panelPage(editor);
		const email = panel.nodes.filter({ hasText: 'email' }).first();
		const purge = async () => {
			await email.click({ button: 'right' });
			await panel.frame.locator('mw-browse-tree [role=menuitem]', { hasText: 'Purge' }).click();
			await dialog.getByText('Purge the queue').waitFor();
		};
		await panel.nodes.filter({ hasText: 'Queues' }).first().click();
		await purge();
		await editor.button('Cancel');
		await dialog.waitFor({ state: 'detached' });
		assert.equal(await waiting(), 3);
		await purge();
		await editor.button('Purge');
		await eventually('the result', async () =>
			assert.match(await deepText(panel.frame.locator('mw-actions')), /Purged 3 messages/),
		);
		assert.equal(await waiting(), 0);
	});

	await editor.shot('peer-amqp');
	await step('a tap is started from a menu; its chip says the way', async () => {
		await editor.expand(/^Exchanges/);
		await editor.rowMenu(/^amq\.topic/, 'Tap');
		await eventually('the tap', async () => assert.match((await editor.notifications()).join(), /Tap/));
		const panel = await panelPage(editor);
		await panel.frame.locator('mw-subscriptions .chip .icon[aria-label="Tap"]').waitFor();
	});

	await step('after disconnecting and connecting again, what was open is open', async () => {
		await editor.rowButton(/^Services/, 'Disconnect');
		await editor.row(/^email/).waitFor({ state: 'detached' });
		await editor.rowButton(/^Services/, 'Connect');
		await editor.row(/^email/).waitFor();
	});

	await step('nothing broke the security policy', async () => assert.deepEqual(editor.complaints, []));
});
