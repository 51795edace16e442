import type { Editor } from '../editor/editor';
import { connectAndOpen, panelPage } from '../editor/panel-page';
import { eventually } from '../run/eventually';
import { farm, onStage, shoot, themes } from './stage';

const header = (panel: { frame: import('playwright-core').Frame }) => panel.frame.locator('mw-header');

/** Records the farm for a while and stops. */
async function record(editor: Editor): Promise<void> {
	const panel = await connectAndOpen(editor, 'Farm');
	await header(panel).getByRole('button', { name: 'Start Recording' }).click();
	await editor.pick('From Now On');
	const input = editor.page.locator('.quick-input-widget .quick-input-box input');
	// The dialog does not take the key while it reads the folder.
	await eventually('the recording', async () => {
		if (await input.isVisible()) await input.press('Enter');
		await header(panel).getByRole('button', { name: 'Stop Recording' }).waitFor({ timeout: 3000 });
	});
	// Enough messages of each topic for a chart.
	await editor.page.waitForTimeout(25_000);
	await header(panel).getByRole('button', { name: 'Stop Recording' }).click();
	await editor.button('Open Recording');
}

/** A recording of the farm beside its form of a replay, and the question before it. */
export async function recordingPictures({ mqtt, kafka }: { mqtt: number; kafka: number }): Promise<void> {
	for (const { name, theme } of themes)
		await onStage(
			{
				theme,
				viewport: { width: 1400, height: 960 },
				connections: [
					farm(mqtt),
					{ id: 'test', name: 'Test Broker', protocol: 'mqtt', url: `mqtt://127.0.0.1:${mqtt}` },
					{ id: 'events', name: 'Events', protocol: 'kafka', url: `kafka://127.0.0.1:${kafka}` },
				],
			},
			async (editor) => {
				await record(editor);
				const panel = await panelPage(editor, 'Farm-');
				for (const topic of ['farm', 'greenhouse-1']) {
					await panel.topics.filter({ hasText: topic }).first().click();
					await editor.page.keyboard.press('ArrowRight');
				}
				await panel.topics.filter({ hasText: 'climate' }).first().click();
				await panel.log.filter({ hasText: 'climate' }).nth(5).click();
				await panel.detail.getByRole('heading', { name: 'Chart' }).waitFor();
				await shoot(editor, `docs/pictures/recording-${name}.png`);
				await panel.frame.locator('vscode-button', { hasText: 'Replay…' }).first().click();
				const form = panel.frame.locator('mw-actions form');
				await form.locator('select').first().selectOption({ label: 'Events (Kafka)' });
				await form.getByText('Add').first().click();
				await form.locator('mw-pairs input').nth(0).fill('farm/#');
				await form.locator('mw-pairs input').nth(1).fill('orders');
				await form.locator('vscode-button').first().click();
				await editor.page.locator('.monaco-dialog-box').waitFor();
				await shoot(editor, `docs/pictures/replay-${name}.png`);
				await editor.button('Cancel');
			},
		);
}
