import assert from 'node:assert/strict';
import test from 'node:test';
import { connectAsync } from 'mqtt';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { connectAndOpen, panelPage, settingsWith } from '../support/editor/panel-page';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { startMosquitto } from '../support/servers/mosquitto';
import { deepText } from '../support/texts/deep-text';

/** Each would show itself as an element, a request, a command link or an icon if it were taken for more than text. */
const hostile = [
	'<img src=x onerror=alert(1)>',
	'<script>window.taken=1</script>',
	'"><svg onload=alert(1)>',
	'<style>*{display:none}</style>',
	'[click](command:workbench.action.quit)',
	'$(bug) {{7*7}}',
	'__proto__',
	'constructor/prototype',
	'\u202egnp.exe',
	'\u001b[31mred\u001b[0m',
];

test('Hostile names and payloads', async (t) => {
	// Mosquitto turns away control characters in topics; this broker lets everything through that MQTT allows.
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const port = playground.ports.mqtt;
	const editor = await openEditor({
		files: settingsWith({
			id: 'h',
			name: 'Hostile <b>name</b> $(bug)',
			protocol: 'mqtt',
			url: `mqtt://127.0.0.1:${port}`,
			subscriptions: [{ target: 'evil/#', qos: 1 }],
		}),
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const panel = await connectAndOpen(editor, 'Hostile');
	const complaints = editor.complaints.length;
	const sender = await connectAsync({ host: '127.0.0.1', port });
	t.after(() => sender.endAsync(true));

	await step('are shown as the text that they are', async () => {
		for (const text of hostile) {
			await sender.publishAsync(`evil/${text}`.replace(/[+#]/g, ''), text, { qos: 1 });
			await sender.publishAsync('evil/json', JSON.stringify({ [text]: text }), { qos: 1 });
		}
		await panel.log.filter({ hasText: '<script>window.taken=1</script>' }).first().waitFor();
		for (const row of [hostile[0], hostile[4], '__proto__'] as string[]) {
			await panel.filter('', row);
			await panel.log.filter({ hasText: row }).last().click();
			await eventually('detail', async () => assert.ok((await deepText(panel.detail)).includes(row)));
		}
	});

	await step('also in the sidebar', async () => {
		const level = (depth: number, text: string) =>
			editor.page.locator(`.part.sidebar .monaco-list-row[aria-level="${depth}"]`, { hasText: text }).first();
		if (!(await level(2, 'evil').isVisible())) await level(1, 'Hostile').locator('.monaco-tl-twistie').click();
		await level(2, 'evil').locator('.monaco-tl-twistie').click();
		await level(3, '<img src=x onerror=alert(1)>').waitFor();
		await level(3, '<img src=x onerror=alert(1)>').hover();
		await level(3, '__proto__').waitFor();
		await editor.page.waitForTimeout(1000);
	});

	await step('none became an element or broke the policy', async () => {
		for (const frame of editor.page.frames()) {
			const taken = await frame
				.evaluate(() => {
					const found: string[] = [];
					const walk = (root: Document | ShadowRoot) => {
						for (const element of root.querySelectorAll('*')) {
							if (element.matches('img[src="x"], [onerror], [onload], a[href^="command:workbench.action.quit"]'))
								found.push(element.outerHTML.slice(0, 200));
							if (element.shadowRoot) walk(element.shadowRoot);
						}
					};
					walk(document);
					if ('taken' in window) found.push('a script ran');
					return found;
				})
				.catch(() => []);
			assert.deepEqual(taken, []);
		}
		assert.deepEqual(editor.complaints.slice(complaints), []);
	});
});

test('A password', async (t) => {
	const password = `canary-${Math.random().toString(36).slice(2)}`;
	const broker = await startMosquitto({ users: { me: password } });
	t.after(broker.stop);
	const editor = await openEditor({
		files: settingsWith({
			id: 's',
			name: 'Secret',
			protocol: 'mqtt',
			url: `mqtt://127.0.0.1:${broker.port}`,
			username: 'me',
			secrets: ['password'],
		}),
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);

	await step('that is missing on this machine is asked for, and a wrong one is refused once', async () => {
		await editor.sidebar();
		await editor.rowButton('Secret', 'Connect');
		await editor.answerHidden('wrong-password');
		await eventually('the refusal', async () => {
			assert.match((await editor.notifications()).join('\n'), /refused|not accept|wrong|password/i);
		});
		await editor.page.waitForTimeout(3000);
		assert.doesNotMatch((await editor.rows()).join('\n'), /attempt|retry/i);
	});

	await step('is entered again and opens the connection', async () => {
		await editor.dismissNotifications();
		await editor.rowMenu(/^Secret/, 'Enter Password');
		await editor.pick('Password');
		await editor.answerHidden(password);
		await eventually('stored', async () => assert.match((await editor.notifications()).join('\n'), /stored/));
		await editor.button('Connect');
		await editor.row(/^Secret.*open ·/).waitFor();
	});

	await step('is kept over a reload', async () => {
		await editor.reload();
		await editor.sidebar();
		await editor.rowButton('Secret', 'Connect');
		await editor.row(/^Secret.*open ·/).waitFor();
	});

	await step('is in no file of the editor, the browser or the workspace, and on no page', async () => {
		await editor.rowButton(/^Secret/, 'Open Panel');
		const panel = await panelPage(editor);
		assert.doesNotMatch(await panel.frame.content(), new RegExp(password));
		assert.deepEqual(await editor.filesContaining(password), []);
		assert.doesNotMatch(editor.serverLog(), new RegExp(password));
		// The search does find what is there.
		assert.ok((await editor.filesContaining(`mqtt://127.0.0.1:${broker.port}`)).length > 0);
	});
});
