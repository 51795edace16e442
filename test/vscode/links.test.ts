import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'node:test';
import { generate } from 'mqtt-packet';
import { type Editor, openEditor } from '../support/editor/editor';
import { settingsWith } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';

/** Each would open a terminal, if it were taken for more than text. */
const name = '[Trust me](command:workbench.action.terminal.new)';
const reference = '[new.example.com](command:workbench.action.terminal.new) https://new.example.com';

/** What the editor has made of a text in notifications and hovers, beyond showing it. */
const links = (editor: Editor) =>
	editor.page
		.locator('.notification-list-item-message a, .monaco-hover a[href], .monaco-hover [data-href], .codicon-bug')
		.evaluateAll((all) => all.map((one) => one.outerHTML));

test('A server that names a link', async (t) => {
	// It has moved, says MQTT 5 with 0x9D, and names where to.
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () =>
			socket.end(
				generate(
					{ cmd: 'connack', reasonCode: 0x9d, sessionPresent: false, properties: { serverReference: reference } },
					{ protocolVersion: 5 },
				),
			),
		);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => server.close());
	const { port } = server.address() as { port: number };
	const editor = await openEditor({
		files: settingsWith({ id: 'l', name: `${name} $(bug)`, protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}` }),
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);

	await step('is shown as the text that it is, and so is the name of the connection', async () => {
		await editor.sidebar();
		await editor.rowButton('Trust me', 'Connect');
		await eventually('the refusal', async () => {
			const texts = (await editor.notifications()).join('\n').replaceAll('\u2060', '');
			for (const text of [name, '$(bug)', reference]) assert.ok(texts.includes(text), texts);
		});
		assert.deepEqual(await links(editor), []);
	});

	await step('also in the tooltip of its row', async () => {
		await editor.dismissNotifications();
		await editor.row('Trust me').hover();
		const hover = editor.page.locator('.monaco-hover', { hasText: 'Trust me' }).first();
		await hover.waitFor();
		assert.ok((await hover.innerText()).replaceAll('\u2060', '').includes('https://new.example.com'));
		assert.deepEqual(await links(editor), []);
	});
});
