import type { Frame } from 'playwright-core';
import type { Editor } from '../editor/editor';
import { farm, onStage, shoot, themes } from './stage';

export interface ComparingPorts {
	mqtt: number;
	ws: number;
	nats: number;
}

/** The report of a comparison and the choice of a protocol, as docs/pictures/compare-<theme>.png and choose-<theme>.png. */
export async function comparingPictures({ mqtt, ws, nats }: ComparingPorts): Promise<void> {
	const connections = [
		farm(mqtt),
		{ id: 'echo', name: 'Echo', protocol: 'websocket', url: `ws://127.0.0.1:${ws}/echo` },
		{ id: 'events', name: 'Events', protocol: 'nats', url: `nats://127.0.0.1:${nats}` },
	];
	for (const { name, theme } of themes)
		await onStage({ theme, connections, viewport: { width: 1400, height: 900 } }, async (editor) => {
			await editor.row('Events').waitFor();
			for (let attempt = 0; attempt < 4; attempt++) {
				const report = await compare(editor, ['Farm', 'Echo', 'Events'], { Farm: 'test/soil', Events: 'test.soil' });
				if (!(await report.locator('main').textContent())?.includes('not measured')) break;
				// Other programs have delayed this machine too long.
				await editor.dismissNotifications();
				await editor.command('View: Close Editor');
			}
			await shoot(editor, `docs/pictures/compare-${name}.png`);
			await editor.dismissNotifications();
			await choose(editor, ['Small devices', 'Few bytes', 'Through a broker', 'At least once']);
			await shoot(editor, `docs/pictures/choose-${name}.png`);
		});
}

const list = (editor: Editor) => editor.page.locator('.quick-input-widget');
const row = (editor: Editor, text: string) =>
	list(editor).locator('.monaco-list-row').filter({ hasText: text }).first();
const accept = (editor: Editor) => list(editor).locator('.monaco-button', { hasText: 'OK' }).click();

async function compare(editor: Editor, names: readonly string[], targets: Record<string, string>): Promise<Frame> {
	await editor.command('Messaging: Compare Connections');
	for (const name of names) await row(editor, name).click();
	await accept(editor);
	for (const [name, target] of Object.entries(targets)) {
		await list(editor)
			.filter({ hasText: `Compare Connections: ${name}` })
			.waitFor();
		await editor.answer(target);
	}
	await row(editor, '64 KiB').waitFor();
	await accept(editor);
	await row(editor, 'At most once').click();
	await row(editor, 'Short').click();
	return editor.webview('h1:has-text("Comparison of connections")');
}

async function choose(editor: Editor, needs: readonly string[]): Promise<Frame> {
	await editor.command('Messaging: Choose a Protocol');
	for (const need of needs) await row(editor, need).click();
	await accept(editor);
	return editor.webview('h1:has-text("Choose a Protocol")');
}
