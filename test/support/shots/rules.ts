import { readFile } from 'node:fs/promises';
import type { PlaygroundServer } from '../../../src/model/contracts/playground';
import type { Editor } from '../editor/editor';
import { messagePage } from '../editor/message-page';
import { eventually } from '../run/eventually';
import { farm, onStage, shoot, themes } from './stage';

/** The sample about agriculture at work: its rules, and the result of a simulation. */
export async function rulePictures(servers: readonly PlaygroundServer[]): Promise<void> {
	const portOf = (wanted: string) => servers.find(({ id }) => id === wanted)?.port ?? 0;
	await eventually('RabbitMQ', () => {
		if (servers.find(({ id }) => id === 'rabbitmq')?.state !== 'open') throw new Error('It is not open.');
	});
	const text = await readFile('sample/agriculture.messages', 'utf8');
	for (const { name, theme } of themes)
		await onStage(
			{
				theme,
				viewport: { width: 1600, height: 1000 },
				connections: [
					{ ...farm(portOf('mqtt')), checks: [{ target: 'agriculture/+/command', nonce: 'nonce' }] },
					{ id: 'greenhouse', name: 'Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${portOf('coap')}` },
					{ id: 'mail', name: 'Mail queue', protocol: 'amqp', url: `amqp://localhost:${portOf('rabbitmq')}` },
				],
				files: { 'agriculture.messages': text.replace('# @for 60s', '# @for 20s') },
			},
			(editor) => atWork(editor, name),
		);
}

async function atWork(editor: Editor, theme: string): Promise<void> {
	const file = messagePage(editor);
	const { keyboard } = editor.page;
	await editor.openFile('agriculture.messages');
	const header = editor.page.locator('.part.sidebar .pane-header', { hasText: 'Rules' });
	await header.click();
	await editor.row('gateway').waitFor();
	// Room for the rows below a rule.
	const { x = 0, y = 0 } = (await header.boundingBox()) ?? {};
	await editor.page.mouse.move(x + 40, y);
	await editor.page.mouse.down();
	await editor.page.mouse.move(x + 40, y - 300, { steps: 5 });
	await editor.page.mouse.up();
	await file.lens('Run All Rules');
	await eventually('all rules run', async () => {
		if ((await editor.rows()).filter((row) => /^(gateway|alarms|watch) ?0$/.test(row)).length < 3)
			throw new Error((await editor.rows()).join());
	});
	await file.lens('Start 50 Clients');
	await editor.page.waitForTimeout(5000);
	await keyboard.press('Control+End');
	// The lenses of lines that were out of sight are drawn a moment later.
	await editor.page.waitForTimeout(2000);
	await file.lens('Send');
	await editor.row(/^gateway ?1\b/).waitFor();
	await editor.row('gateway').locator('.monaco-tl-twistie').click();
	await shoot(editor, `docs/pictures/rules-${theme}.png`);

	await eventually('the simulation has ended', async () => {
		if (!(await editor.tabs()).includes('agriculture result')) throw new Error((await editor.tabs()).join());
	});
	await editor.openFile('agriculture.messages');
	await keyboard.press('Control+Home');
	await shoot(editor, `docs/pictures/simulation-${theme}.png`);
}
