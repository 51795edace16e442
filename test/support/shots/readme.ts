import { connectAndOpen } from '../editor/panel-page';
import { farm, onStage, shoot, themes } from './stage';

/** The farm of the playground at work, as media/screenshot-<theme>.png. */
export async function readmePictures({ mqtt, ws, coap }: { mqtt: number; ws: number; coap: number }): Promise<void> {
	for (const { name, theme } of themes)
		await onStage(
			{
				theme,
				viewport: { width: 1600, height: 1000 },
				connections: [
					farm(mqtt),
					{ id: 'ticker', name: 'Ticker', protocol: 'websocket', url: `ws://127.0.0.1:${ws}/ticker` },
					{ id: 'greenhouse', name: 'Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${coap}` },
					{ id: 'plant', name: 'Plant', protocol: 'mqtt', url: 'mqtts://plant.example.com', production: true },
				],
			},
			async (editor) => {
				for (const name of ['Ticker', 'Greenhouse']) {
					await editor.row(name).waitFor();
					await editor.rowButton(name, 'Connect');
					await editor.row(new RegExp(`^${name}.*open ·`)).waitFor();
				}
				const panel = await connectAndOpen(editor, 'Farm');
				await panel.topics.filter({ hasText: 'farm' }).first().click();
				await editor.page.keyboard.press('ArrowRight');
				await panel.topics.filter({ hasText: 'greenhouse-1' }).first().click();
				await editor.page.keyboard.press('ArrowRight');
				// Time for a few messages on every topic, so that the chart has points.
				await editor.page.waitForTimeout(12_000);
				await panel.frame.locator('mw-compose select').last().selectOption({ label: '1 – at least once' });
				await panel.send('farm/greenhouse-1/vent/set', '{ "mode": "open" }');
				await panel.receipt.getByText('Acknowledged').waitFor();
				await panel.topics.filter({ hasText: 'climate' }).first().click();
				await panel.log.filter({ hasText: 'climate' }).nth(3).click();
				await editor.page.waitForTimeout(2000);
				await shoot(editor, `media/screenshot-${name}.png`);
			},
		);
}
