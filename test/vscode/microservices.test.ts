import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../../scripts/lib/editor.mjs';
import { portsOf, withPorts } from '../../scripts/lib/sample.mjs';
import type { PlaygroundServer } from '../../src/model/contracts/playground';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { messagePage } from '../support/editor/message-page';
import { connectAndOpen, panelPage } from '../support/editor/panel-page';
import { freePort } from '../support/net/listen';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { deepText } from '../support/texts/deep-text';

/** The sample folder with every server of the playground: a user signs up, and five protocols have a part in it. */
test('Microservices: an event, a command and a request in one message file, next to the farm', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'microservices-'));
	const playground = await startPlayground({ port: 0, folder });
	t.after(async () => {
		await playground.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const servers = playground.servers as PlaygroundServer[];
	const at = (id: string) => servers.findIndex((server) => server.id === id);
	for (const id of ['rabbitmq', 'nats'])
		await eventually(id, () => assert.equal(servers[at(id)]?.state, 'open', servers[at(id)]?.text), 120_000);
	// As on a machine without an XMPP server.
	const missing = { ...(servers[at('prosody')] as PlaygroundServer), port: await freePort() };
	servers[at('prosody')] = { ...missing, state: 'missing', text: 'Prosody is not installed. Install it with "…".' };
	const settings = readFileSync(join(root, 'sample', '.vscode', 'settings.json'), 'utf8');
	const editor = await openEditor({
		copy: join(root, 'sample'),
		files: { '.vscode/settings.json': withPorts(settings, portsOf(servers)) },
		viewport: { width: 1500, height: 1300 },
		settings: { 'editor.minimap.enabled': false },
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const file = messagePage(editor);

	await step('all requests of the file pass', async () => {
		await editor.openFile('microservices.messages');
		await file.lens('Send All', 0);
		await eventually('five results', async () => {
			const notes = (await file.notes()).filter((note) => /^[✓✗]/.test(note));
			assert.equal(notes.filter((note) => note.startsWith('✓')).length, 5, notes.join('\n'));
		});
		assert.match((await file.notes()).join('\n'), /partition \d.*offset \d+[\s\S]*confirmed[\s\S]*answered/);
	});

	await step('the event is in the topic of Kafka', async () => {
		const panel = await connectOrShow('Events');
		await panel.filter('', '"Ada"');
		await panel.log.filter({ hasText: 'UserCreated' }).last().click();
		await eventually('the event', async () => {
			const detail = await deepText(panel.detail);
			assert.match(detail, /UserCreated/);
			assert.match(detail, /17/);
		});
	});

	await step('the command is in the queue of RabbitMQ', async () => {
		const panel = await connectOrShow('Mail queue');
		await panel.nodes.filter({ hasText: 'Queues' }).first().click();
		await eventually('one message', async () =>
			assert.match((await panel.nodes.allInnerTexts()).join('\n'), /email[\s\S]*\b1\b/),
		);
	});

	await step('the answer over NATS and the farm are in their panels', async () => {
		const services = await connectOrShow('Services');
		await services.log
			.filter({ hasText: /orders\./ })
			.first()
			.waitFor();
		const farm = await connectOrShow('Farm');
		await farm.filter('vent/state');
		await farm.log.filter({ hasText: 'vent/state' }).first().waitFor();
		const greenhouse = await connectOrShow('Greenhouse');
		await greenhouse.log.filter({ hasText: 'sensors/temp' }).first().waitFor();
	});

	await step('what is missing says how to get it, in the list of servers and when it is connected to', async () => {
		await editor.command('Messaging: Show Playground Servers');
		const row = (text: RegExp) => editor.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
		await row(/Prosody.*not installed/).waitFor();
		await row(/RabbitMQ.*port/).waitFor();
		await editor.shot('playground-servers');
		await editor.page.keyboard.press('Escape');
		await editor.sidebar();
		// The playground has stored the password of its account.
		await editor.row(/^Chat(?!.*not stored)/).waitFor();
		// The row changes after the answer only.
		await Promise.all([editor.rowButton('Chat', 'Connect'), editor.button('Connect Anyway')]);
		await eventually('the failure', async () =>
			assert.match((await editor.notifications()).join('\n'), /Chat: Nothing accepts.*Prosody is not installed/),
		);
	});

	/** The run has connected it; its panel is not open yet. */
	async function connectOrShow(name: string) {
		await editor.sidebar();
		if ((await editor.row(new RegExp(`^${name}.*open ·`)).count()) === 0) return connectAndOpen(editor, name);
		await editor.rowButton(new RegExp(`^${name}`), 'Open Panel');
		return panelPage(editor, name);
	}
});
