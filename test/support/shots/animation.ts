import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import gifenc from 'gifenc';
import { PNG } from 'pngjs';
import { root } from '../../../scripts/lib/editor.mjs';
import { connectAndOpen } from '../editor/panel-page';
import { farm, onStage } from './stage';

/** Colors of the animation; an editor needs few. */
const colors = 128;

/** The main job as media/main-job.gif: connect, find a topic, read a message, send one. */
export async function animation({ mqtt }: { mqtt: number }): Promise<void> {
	const frames: { png: Buffer; ms: number }[] = [];
	await onStage(
		{
			viewport: { width: 1200, height: 720 },
			connections: [farm(mqtt)],
		},
		async (editor) => {
			const frame = async (ms: number) => frames.push({ png: await editor.page.screenshot(), ms });
			await editor.row('Farm').waitFor();
			await frame(1200);
			const panel = await connectAndOpen(editor, 'Farm');
			await panel.topics.filter({ hasText: 'farm' }).first().waitFor();
			for (let at = 0; at < 4; at++) {
				await frame(500);
				await editor.page.waitForTimeout(500);
			}
			await panel.topics.filter({ hasText: 'farm' }).first().click();
			await editor.page.keyboard.press('ArrowRight');
			await panel.topics.filter({ hasText: 'greenhouse-1' }).first().click();
			await frame(900);
			await editor.page.keyboard.press('ArrowRight');
			await panel.topics.filter({ hasText: 'climate' }).first().click();
			await frame(900);
			await panel.log.filter({ hasText: 'climate' }).last().click();
			await editor.page.waitForTimeout(800);
			await frame(1800);
			await panel.compose('farm/greenhouse-1/vent/set', '');
			const payload = panel.frame.locator('mw-payload-editor textarea');
			for (const text of ['o', 'ope', 'open']) {
				await payload.fill(text);
				await frame(text === 'open' ? 800 : 250);
			}
			await payload.press('Control+Enter');
			await panel.receipt.locator('*').first().waitFor();
			await editor.page.waitForTimeout(700);
			await frame(2600);
		},
	);
	const { GIFEncoder, quantize, applyPalette } = gifenc;
	const encoder = GIFEncoder();
	for (const { png, ms } of frames) {
		const { data, width, height } = PNG.sync.read(png);
		const palette = quantize(data, colors);
		encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay: ms });
	}
	encoder.finish();
	await writeFile(join(root, 'media', 'main-job.gif'), encoder.bytes());
	process.stdout.write(
		`media/main-job.gif, ${Math.round(encoder.bytes().length / 1024)} KB, ${frames.length} frames\n`,
	);
}
