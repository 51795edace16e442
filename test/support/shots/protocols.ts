import type { Editor } from '../editor/editor';
import { connectAndOpen, panelPage } from '../editor/panel-page';
import { pki } from '../servers/pki';
import { passwords, startRabbitMq } from '../servers/rabbitmq';
import { startProsody } from '../servers/xmpp/prosody';
import { rawClient } from '../servers/xmpp/xmpp-client';
import { onStage, shoot, themes } from './stage';

async function inThemes(file: string, connection: object, scene: (editor: Editor) => Promise<void>): Promise<void> {
	for (const { name, theme } of themes)
		await onStage({ theme, connections: [connection] }, async (editor) => {
			await scene(editor);
			await shoot(editor, `docs/pictures/${file}-${name}.png`);
		});
}

/** A resource that is observed, and a PUT with its answer. */
export const coapPictures = (port: number) =>
	inThemes(
		'coap',
		{ id: 'c', name: 'Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${port}` },
		async (editor) => {
			const panel = await connectAndOpen(editor, 'Greenhouse');
			await panel.verb('PUT');
			await panel.send('device/mode', 'eco');
			await panel.receipt.getByText(/Answered|2\.04/).waitFor();
			await panel.log.filter({ hasText: '2.04' }).last().click();
		},
	);

/** A ticker that was subscribed to. */
export const websocketPictures = (port: number) =>
	inThemes(
		'websocket',
		{ id: 'w', name: 'Ticker', protocol: 'websocket', url: `ws://127.0.0.1:${port}/ticker` },
		async (editor) => {
			const panel = await connectAndOpen(editor, 'Ticker');
			const payload = panel.frame.locator('mw-payload-editor textarea');
			await payload.fill('{"type":"subscribe","symbol":"CORN"}');
			await payload.press('Control+Enter');
			await editor.page.waitForTimeout(5000);
			await panel.log.filter({ hasText: 'CORN' }).last().click();
		},
	);

/** Queues with counts, and messages of one that were peeked. */
export async function amqpPictures(): Promise<void> {
	const rabbit = await startRabbitMq();
	try {
		const declare = (name: string, more = {}) => rabbit.api('PUT', `/queues/%2F/${name}`, { durable: true, ...more });
		const publish = (key: string, payload: object) =>
			rabbit.api('POST', '/exchanges/%2F/orders/publish', {
				properties: { content_type: 'application/json', delivery_mode: 2, headers: { tenant: 'eu' } },
				routing_key: key,
				payload: JSON.stringify(payload),
				payload_encoding: 'string',
			});
		await rabbit.api('PUT', '/exchanges/%2F/orders', { type: 'topic', durable: true });
		for (const [name, key] of [
			['email', '*.created'],
			['invoices', 'eu.*'],
			['audit', '#'],
		] as const) {
			await declare(name);
			await rabbit.api('POST', `/bindings/%2F/e/orders/q/${name}`, { routing_key: key });
		}
		for (let order = 1; order <= 5; order++)
			await publish(order % 2 ? 'eu.created' : 'us.created', {
				order: 4810 + order,
				total: 12.5 * order,
				customer: `c-${order}`,
			});
		await inThemes(
			'amqp',
			{
				...{ id: 'a', name: 'Services', protocol: 'amqp', url: `amqp://127.0.0.1:${rabbit.port}` },
				...{ username: 'admin', secrets: ['password'], management: { url: rabbit.management } },
			},
			async (editor) => {
				await editor.row('Services').waitFor();
				await editor.rowButton('Services', 'Connect');
				await editor.answerHidden(passwords.admin);
				await editor.row(/^Services.*open ·/).waitFor();
				await editor.rowButton('Services', 'Open Panel');
				const panel = await panelPage(editor);
				await panel.nodes.filter({ hasText: 'Queues' }).first().click();
				await editor.page.keyboard.press('ArrowRight');
				await panel.nodes.filter({ hasText: 'email' }).first().click({ button: 'right' });
				await panel.frame.getByRole('menuitem', { name: 'Peek…' }).click();
				const form = panel.frame.locator('mw-actions form');
				await form.getByLabel('Messages').fill('5');
				await form.locator('vscode-button').first().click();
				await panel.log.filter({ hasText: '4814' }).first().waitFor();
				await panel.frame.locator('mw-actions').getByRole('button', { name: 'Dismiss' }).click();
				await panel.log.filter({ hasText: '4814' }).first().click();
				await editor.page.waitForTimeout(2000);
			},
		);
	} finally {
		await rabbit.stop();
	}
}

/** A room with a conversation. */
export async function xmppPictures(): Promise<void> {
	const server = await startProsody({ users: { alice: 'alice-1', bob: 'bob-1' } });
	try {
		const bob = await rawClient(server.port, 'bob', 'bob-1', 'phone');
		const room = 'barn@conference.localhost';
		const say = (text: string) => bob.send(`<message to='${room}' type='groupchat'><body>${text}</body></message>`);
		bob.send(`<presence to='${room}/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
		bob.send(
			`<iq id='c1' to='${room}' type='set'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>`,
		);
		say('The vent of greenhouse 1 is open again.');
		await inThemes(
			'xmpp',
			{
				...{
					id: 'x',
					name: 'Alice',
					protocol: 'xmpp',
					url: `xmpp://127.0.0.1:${server.port}`,
					username: 'alice@localhost',
				},
				...{ secrets: ['password'], tls: { ca: pki().ca } },
			},
			async (editor) => {
				await editor.row('Alice').waitFor();
				await editor.rowButton('Alice', 'Connect');
				await editor.answerHidden('alice-1');
				await editor.row(/^Alice.*open ·/).waitFor();
				await editor.rowButton('Alice', 'Open Panel');
				const panel = await panelPage(editor);
				await panel.frame
					.locator('mw-subscriptions button', { hasText: /Join|Subscribe/ })
					.first()
					.click();
				await panel.frame.locator('mw-subscriptions form').getByText('Room', { exact: true }).click();
				const input = panel.frame.locator('mw-subscriptions form input:not([type=radio])').first();
				await input.fill(room);
				await input.press('Enter');
				await editor.button('Join');
				await panel.frame.locator('mw-subscriptions .chip', { hasText: 'barn' }).waitFor();
				await panel.send(room, 'Thanks. I will look at bed 2 this afternoon.');
				say('Soil moisture there is at 31 %.');
				await editor.page.waitForTimeout(1500);
			},
		);
		bob.end();
	} finally {
		await server.stop();
	}
}
