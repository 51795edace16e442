import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'jsonc-parser';
import { startPlayground } from '../../src/playground/playground';
import { openEditor } from '../support/editor/editor';
import { eventually } from '../support/run/eventually';
import { stepsIn } from '../support/run/steps';
import { deepText } from '../support/texts/deep-text';

const broken = `		// This one is from a newer version, and its comment matters.
		{ "id": "future", "name": "Future", "protocol": "carrier-pigeon", "url": "pigeon://loft", "altitude": 40 },
		{ "id": "hasty", "name": "Hasty", "protocol": "mqtt", "url": 17 },
		"not even an object"`;

const mine = (url: string) => ({ id: 'mine', name: 'Mine', protocol: 'mqtt', url, owner: 'me' });
const pigeon = { id: 'pigeon', name: 'Pigeon', protocol: 'carrier-pigeon', url: 'pigeon://loft', speed: 40 };

test('Profiles live in the settings', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const url = `mqtt://127.0.0.1:${playground.ports.mqtt}`;
	const editor = await openEditor({
		// A modal editor would cover the sidebar, and saving automatically leaves no unsaved changes.
		settings: {
			'files.autoSave': 'off',
			'workbench.editor.useModal': 'off',
			'editor.fontSize': 15,
			'messagingWorkbench.connections': [mine(url), pigeon],
		},
		files: {
			'.vscode/settings.json': `{
	// Kept by hand.
	"editor.fontSize": 13,
	"messagingWorkbench.connections": [
		{ "id": "first", "name": "First", "protocol": "mqtt", "url": "${url}", "owner": "ops" }, // trailing words
${broken}
	]
}
`,
		},
	});
	t.after(editor.close);
	const step = stepsIn(t, editor);
	const path = join(editor.folder, '.vscode', 'settings.json');
	const settings = () => readFile(path, 'utf8');
	type Entry = { id?: string; name?: string; url?: unknown; owner?: string };
	const entries = async (): Promise<Entry[]> => parse(await settings())['messagingWorkbench.connections'];
	const untouched = async () => {
		const text = await settings();
		for (const part of ['// Kept by hand.', '"editor.fontSize": 13', '// trailing words', broken]) {
			assert.ok(text.includes(part), `${part}\nis missing in\n${text}`);
		}
	};
	// The saved file is read once more when the editor notices it; a menu opened meanwhile loses its row.
	const settled = () => editor.page.waitForTimeout(3000);
	const names = async () => (await entries()).flatMap(({ name }) => (name === undefined ? [] : [name]));
	const form = () => editor.webview('h1:has-text("connection")');

	await step('the good ones are there, the broken ones are shown as such', async () => {
		await editor.sidebar();
		await editor.row(/^First/).waitFor();
		await editor.row(/^Hasty/).waitFor();
	});

	await step('the broken ones are diagnostics at their place', async () => {
		await editor.openFile('.vscode/settings.json');
		await eventually('diagnostics', async () => {
			const found = (await editor.probe.diagnostics()).filter(({ path }) => path.endsWith('.vscode/settings.json'));
			const lines = (await settings()).split('\n');
			for (const part of ['carrier-pigeon', 'Hasty', 'not even an object']) {
				const line = lines.findIndex((text) => text.includes(part));
				assert.ok(
					found.some((one) => one.line === line),
					`${part}: ${JSON.stringify(found)}`,
				);
			}
		});
	});

	await step('a connection is added by keyboard alone, and is open at once', async () => {
		await editor.command('Messaging: Add Connection');
		const page = await form();
		// The editor moves the focus into a new tab more than once while it opens; what is typed just then is lost.
		const type = (selector: string, text: string) =>
			eventually(`"${text}" in ${selector}`, async () => {
				await editor.page.keyboard.press('Control+a');
				await editor.page.keyboard.type(text);
				assert.equal(await page.locator(selector).inputValue(), text);
			});
		await page.locator('#url').focus();
		await type('#url', url);
		await editor.page.keyboard.press('Tab');
		await type('#name', 'Second');
		const save = page.locator('vscode-button', { hasText: 'Save and connect' });
		for (let tabs = 0; tabs < 60; tabs++) {
			await editor.page.keyboard.press('Tab');
			if (await save.evaluate((element) => element.matches(':focus-within'))) break;
		}
		await editor.page.keyboard.press('Enter');
		await editor.row(/^Second.*open ·/).waitFor();
		assert.deepEqual(await names(), ['First', 'Future', 'Hasty', 'Second']);
		await untouched();
	});

	await step('"Test connection" says how far it came', async () => {
		await editor.rowMenu(/^First/, 'Edit Connection');
		const page = await form();
		await page.locator('#url').fill('mqtt://127.0.0.1:1');
		await page.locator('vscode-button', { hasText: 'Test connection' }).click();
		await eventually('the report', async () => {
			assert.match(await deepText(page.locator('mw-test-report')), /TCP|refused/i);
		});
		await page.locator('#url').fill(url);
		await page.locator('vscode-button', { hasText: 'Test connection' }).click();
		await eventually('the report', async () => {
			assert.doesNotMatch(await deepText(page.locator('mw-test-report')), /refused/i);
			assert.match(await deepText(page.locator('mw-test-report')), /ms/);
		});
	});

	await step('an edit touches its own entry only, and keeps the members that nobody knows', async () => {
		const page = await form();
		await page.locator('#name').fill('First, renamed');
		await page.locator('vscode-button', { hasText: /^\s*Save\s*$/ }).click();
		await editor.row('First, renamed').waitFor();
		await settled();
		const [first] = await entries();
		assert.equal(first?.owner, 'ops');
		assert.equal(first?.id, 'first');
		await untouched();
	});

	await step('a copy has a name and an id of its own', async () => {
		await editor.rowMenu(/^First/, 'Duplicate Connection');
		await editor.row('First, renamed copy').waitFor();
		const list = await entries();
		assert.equal(new Set(list.map(({ id }) => id)).size, list.length);
		assert.deepEqual(await names(), ['First, renamed', 'Future', 'Hasty', 'Second', 'First, renamed copy']);
		await untouched();
	});

	await step('deleting asks first', async () => {
		await settled();
		await editor.rowMenu('First, renamed copy', 'Delete Connection');
		await editor.button('Delete');
		await eventually('gone', async () => {
			assert.deepEqual(await names(), ['First, renamed', 'Future', 'Hasty', 'Second']);
		});
		await untouched();
	});

	await step('an exported file can be imported again', async () => {
		const { page } = editor;
		await editor.command('Messaging: Export Connections');
		const ok = page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' });
		const input = page.locator('.quick-input-widget .quick-input-box input');
		await page.locator('.quick-input-widget', { hasText: 'Export Connections' }).waitFor();
		await ok.click();
		await eventually('the dialog', async () => assert.match(await input.inputValue(), /connections\.json$/));
		await ok.click();
		const file = join(editor.folder, 'connections.json');
		await eventually('the file', async () => assert.match(await readFile(file, 'utf8'), /First, renamed/));

		await editor.command('Messaging: Import Connections');
		await eventually('the dialog', async () => assert.match(await input.inputValue(), /workspace/));
		const title = page.locator('.quick-input-widget', { hasText: /Import \d/ });
		// The dialog looks at the folder while one types, and hears nothing meanwhile.
		await eventually('the list', async () => {
			if (!(await title.isVisible())) {
				await input.fill(file);
				await ok.click();
			}
			await title.waitFor({ timeout: 3000 });
		});
		await ok.click();
		await editor.pick('orkspace');
		await eventually('all three again', async () => assert.equal((await names()).length, 7));
		const list = await entries();
		assert.equal(new Set(list.map(({ id }) => id)).size, list.length);
		await untouched();
	});

	await step('user settings are written by VS Code: unknown entries stay, and unsaved changes too', async () => {
		const file = join(editor.home, 'user', 'User', 'settings.json');
		const rename = async (from: string, to: string) => {
			await settled();
			await editor.rowMenu(from, 'Edit Connection');
			const page = await form();
			await page.locator('#name').fill(to);
			await page.locator('vscode-button', { hasText: /^\s*Save\s*$/ }).click();
			return page;
		};
		await rename('Mine', 'Mine, renamed');
		await editor.row('Mine, renamed').waitFor();
		const text = await readFile(file, 'utf8');
		const { 'messagingWorkbench.connections': list, ...others } = parse(text);
		assert.deepEqual(list, [{ ...mine(url), name: 'Mine, renamed' }, pigeon]);
		assert.equal(others['editor.fontSize'], 15);

		await settled();
		await editor.row(/^Pigeon/).click();
		await editor.page.locator('.part.editor .tab', { hasText: 'settings.json' }).last().waitFor();
		await eventually('diagnostics', async () => {
			const found = await editor.probe.diagnostics();
			assert.ok(
				found.some(({ path, message }) => /User\/settings\.json$/.test(path) && /carrier-pigeon/.test(message)),
				JSON.stringify(found),
			);
		});
		await eventually('the entry is selected', async () =>
			assert.match((await editor.statusBar()).join(), /Ln [2-9]\d, Col 9/),
		);
		await editor.page.locator('.part.editor .monaco-editor').last().click();
		await editor.page.keyboard.press('Control+End');
		await editor.page.keyboard.type(' ');
		const page = await rename('Mine, renamed', 'Lost');
		await eventually('the reason', async () =>
			assert.match(await deepText(page.locator('mw-form')), /unsaved changes/),
		);
		assert.equal(await readFile(file, 'utf8'), text);
	});
});
