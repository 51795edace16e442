import type { Editor } from '../editor/editor';
import { connectAndOpen, type PanelPage } from '../editor/panel-page';
import { onStage, shoot, themes } from './stage';

async function inThemes(
	file: string,
	connection: { id: string; name: string; protocol: string; url: string; subscriptions: object[] },
	scene: (panel: PanelPage, editor: Editor) => Promise<void>,
): Promise<void> {
	for (const { name, theme } of themes)
		await onStage({ theme, connections: [connection] }, async (editor) => {
			await scene(await connectAndOpen(editor, connection.name), editor);
			await shoot(editor, `docs/pictures/${file}-${name}.png`);
		});
}

async function expand(panel: PanelPage, editor: Editor, ...names: string[]): Promise<void> {
	for (const name of names) {
		await panel.nodes.filter({ hasText: name }).first().click();
		await editor.page.keyboard.press('ArrowRight');
		await editor.page.waitForTimeout(500);
	}
}

/** Topics with their partitions, and the newest orders with their keys. */
export const kafkaPictures = (port: number) =>
	inThemes(
		'kafka',
		{
			...{ id: 'k', name: 'Events', protocol: 'kafka', url: `kafka://127.0.0.1:${port}` },
			subscriptions: [{ target: 'orders' }],
		},
		async (panel, editor) => {
			await panel.log.nth(5).waitFor();
			await expand(panel, editor, 'Consumer groups', 'Topics', 'orders');
			await panel.log.last().click();
			await editor.page.waitForTimeout(1500);
		},
	);

/** Streams, and messages of subjects. */
export const natsPictures = (port: number) =>
	inThemes(
		'nats',
		{
			...{ id: 'n', name: 'Services', protocol: 'nats', url: `nats://127.0.0.1:${port}` },
			subscriptions: [{ target: 'orders.>' }, { target: 'farm.>' }],
		},
		async (panel, editor) => {
			await panel.verb('Send Request');
			await panel.send('users.get', '{"id":17}');
			await panel.receipt.getByText(/Answered/).waitFor();
			await editor.page.waitForTimeout(6000);
			await panel.log.filter({ hasText: 'Ada' }).first().click();
			await editor.page.waitForTimeout(1500);
		},
	);

/** Messages of a queue that are browsed. */
export const amqp1Pictures = (port: number) =>
	inThemes(
		'amqp1',
		{
			...{ id: 'w', name: 'Warehouse', protocol: 'amqp1', url: `amqp://127.0.0.1:${port}` },
			subscriptions: [{ target: 'orders' }, { target: 'news' }],
		},
		async (panel, editor) => {
			await panel.log.filter({ hasText: 'EUR' }).nth(3).waitFor();
			await editor.page.waitForTimeout(4000);
			await panel.log.filter({ hasText: 'EUR' }).last().click();
			await editor.page.waitForTimeout(1500);
		},
	);

/** Events of two namespaces, and one with an attachment. */
export const socketioPictures = (port: number) =>
	inThemes(
		'socketio',
		{
			...{ id: 's', name: 'Rooms', protocol: 'socketio', url: `http://127.0.0.1:${port}` },
			subscriptions: [{ target: '/chat' }],
		},
		async (panel, editor) => {
			await editor.page.waitForTimeout(9000);
			await panel.log.filter({ hasText: 'picture' }).first().click();
			await editor.page.waitForTimeout(1500);
		},
	);
