import { join } from 'node:path';
import { root } from '../../../scripts/lib/editor.mjs';
import { startPlayground } from '../../../src/playground/playground';
import { openEditor } from './editor';
import { connectAndOpen, settingsWith } from './panel-page';

const themes = [
	{ name: 'dark', theme: 'Default Dark Modern' },
	{ name: 'light', theme: 'Default Light Modern' },
];

/** The panel at work, in each theme, as media/screenshot-<name>.png. */
const playground = await startPlayground({ mqttPort: 0, websocketPort: 0 });
const { mqtt, ws, coap } = playground.ports;
for (const { name, theme } of themes) {
	const editor = await openEditor({
		settings: { 'workbench.colorTheme': theme, 'workbench.preferredDarkColorTheme': theme },
		viewport: { width: 1600, height: 1000 },
		files: settingsWith(
			{
				id: 'farm',
				name: 'Farm',
				protocol: 'mqtt',
				url: `mqtt://127.0.0.1:${mqtt}`,
				subscriptions: [{ target: 'farm/#', qos: 1 }],
			},
			{ id: 'ticker', name: 'Ticker', protocol: 'websocket', url: `ws://127.0.0.1:${ws}/ticker` },
			{ id: 'greenhouse', name: 'Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${coap}` },
			{ id: 'plant', name: 'Plant', protocol: 'mqtt', url: 'mqtts://plant.example.com', production: true },
		),
	});
	try {
		await editor.sidebar();
		for (const name of ['Ticker', 'Greenhouse']) {
			await editor.row(name).waitFor();
			await editor.rowButton(name, 'Connect');
			await editor.row(new RegExp(`^${name}.*open ·`)).waitFor();
		}
		const panel = await connectAndOpen(editor, 'Farm');
		await editor
			.row(/^Farm.* [1-9][\d,]* msgs/)
			.locator('.monaco-tl-twistie')
			.click();
		// What is under a connection comes with its first messages.
		for (const name of [/^farm/, /^greenhouse-1/, /^sensors/]) {
			await editor.row(name).waitFor();
			await editor.row(name).locator('.monaco-tl-twistie').click();
		}
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
		await editor.page.mouse.move(800, 5);
		await editor.page.screenshot({ path: join(root, 'media', `screenshot-${name}.png`) });
	} finally {
		await editor.close();
	}
}
await playground.close();
process.exit(0);
