import { connectAsync } from 'mqtt';
import type { Editor } from '../editor/editor';
import { connectAndOpen, type PanelPage } from '../editor/panel-page';
import { farm, onStage, shoot, themes } from './stage';

const fields = ['field-3', 'field-7', 'field-12', 'field-18'];

/** Commands with nonces, one of them twice, an old one, and sensors that lose and repeat a reading. */
export async function publish(port: number): Promise<void> {
	const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
	const pause = () => new Promise((resolve) => setTimeout(resolve, 40));
	const send = async (target: string, body: object) => {
		await client.publishAsync(target, JSON.stringify(body), { qos: 1 });
		await pause();
	};
	const command = (field: string, mode: string, nonce: string, at = new Date()) =>
		send(`agriculture/${field}/command`, { mode, nonce, at: at.toISOString() });
	const soil = (field: string, seq: number) =>
		send(`agriculture/${field}/soil`, { seq, moisture: Math.round(30 + 12 * Math.sin(seq / 3)), battery: 3.7 });
	for (let seq = 1; seq <= 22; seq++) {
		for (const field of fields) {
			if (field === 'field-7' && seq > 16 && seq < 20) continue;
			await soil(field, seq);
			if (field === 'field-18' && seq === 20) await soil(field, seq);
		}
		if (seq === 8) await command('field-7', 'boost', '8f14e45f-ea2e');
		if (seq === 16) await command('field-3', 'eco', 'c9f0f895-fb98');
		if (seq === 20) await command('field-7', 'boost', '8f14e45f-ea2e');
		if (seq === 21) await command('field-12', 'eco', '45c48cce-2e2d', new Date(Date.now() - 600_000));
	}
	await client.endAsync();
}

export const connection = (port: number) => ({
	...farm(port),
	subscriptions: [{ target: 'agriculture/#', qos: 1 }],
	checks: [
		{ target: 'agriculture/+/command', nonce: 'nonce', timestamp: 'at', window: '5m' },
		{ target: 'agriculture/+/soil', sequence: 'seq' },
	],
});

/** The log with marks, the replayed command in the detail. */
async function showReplay({ page }: Editor, panel: PanelPage, port: number): Promise<void> {
	// The composer is folded, for more of the log.
	await panel.frame.getByRole('button', { name: 'Compose', exact: true }).click();
	await publish(port);
	await panel.log.filter({ hasText: '"seq":22' }).nth(3).waitFor();
	await panel.log.filter({ hasText: 'Nonce seen' }).first().click();
	await panel.frame
		.locator('mw-detail')
		.getByText(/^Nonce seen/)
		.waitFor();
	// Up to the old command below it, and back.
	for (let at = 0; at < 7; at++) await page.keyboard.press('ArrowDown');
	for (let at = 0; at < 7; at++) await page.keyboard.press('ArrowUp');
}

/** As docs/pictures/marks-<theme>.png. */
export async function marksPictures(port: number): Promise<void> {
	for (const { name, theme } of themes)
		await onStage(
			{ theme, connections: [connection(port)], viewport: { width: 1400, height: 960 } },
			async (editor) => {
				const panel = await connectAndOpen(editor, 'Farm');
				await showReplay(editor, panel, port);
				await shoot(editor, `docs/pictures/marks-${name}.png`);
			},
		);
}
