import assert from 'node:assert/strict';
import test from 'node:test';
import { connect } from '../../../../src/base/rpc';
import type * as Form from '../../../../src/host/form/form';
import type { FormApi } from '../../../../src/model/contracts/panel-api';
import { loadHost } from '../../../support/host/load-host';
import { eventually } from '../../../support/run/eventually';

const profile = { id: 'x', name: 'Barn', protocol: 'mqtt', url: 'mqtt://h' };

/** An editor whose dialogs and notifications are answered with `answer`. */
async function begin(answer: string | undefined) {
	const panels: { title: string; close(): void; page: FormApi; closed: boolean }[] = [];
	const asked: string[] = [];
	const ask = async (text: string) => {
		asked.push(text);
		return answer;
	};
	const vscode = {
		ViewColumn: { Active: -1 },
		Uri: { joinPath: () => ({ fsPath: '/file' }) },
		workspace: { workspaceFolders: [] },
		window: {
			showWarningMessage: ask,
			createWebviewPanel(_: string, title: string) {
				let toHost: (message: unknown) => void = () => {};
				let toPage: (message: unknown) => void = () => {};
				let gone: () => void = () => {};
				const webview = {
					asWebviewUri: () => 'uri',
					cspSource: '',
					postMessage: (message: unknown) => toPage(message),
					onDidReceiveMessage(listener: typeof toHost) {
						toHost = listener;
						return { dispose() {} };
					},
				};
				const page = connect<object, FormApi>(
					{
						post: (message) => toHost(message),
						onMessage(listener) {
							toPage = listener;
							return { dispose() {} };
						},
					},
					{},
					{},
				).remote as unknown as FormApi;
				const own = { title, page, closed: false, close: () => panel.dispose() };
				const panel = {
					webview,
					title,
					reveal() {},
					onDidDispose: (listener: typeof gone) => {
						gone = listener;
					},
					dispose() {
						own.closed = true;
						gone();
					},
				};
				panels.push(own);
				return panel;
			},
		},
	};
	const { createForms } = await loadHost<typeof Form>('src/host/form/form.ts', vscode);
	const stored = { profile, source: { scope: 'user' } };
	const services = {
		context: { extensionUri: {} },
		log: { warn: (text: string) => assert.fail(text), hide() {} },
		profiles: { profiles: [stored], find: () => stored },
		connecting: { owner: () => ({}) },
		secrets: { stored: () => [] },
	};
	const forms = createForms(services as never);
	forms.open('x');
	const [form] = panels;
	assert.ok(form);
	return { forms, form, panels, asked };
}

test('Cancel closes an untouched form at once, and asks before it discards changes', async () => {
	const untouched = await begin(undefined);
	await untouched.form.page.cancel(false).catch(() => {});
	assert.ok(untouched.form.closed);
	assert.deepEqual(untouched.asked, []);

	const kept = await begin(undefined);
	await kept.form.page.cancel(true);
	assert.equal(kept.form.closed, false);
	assert.deepEqual(kept.asked, ['Discard the changes to “Barn”?']);

	const discarded = await begin('Discard');
	await discarded.form.page.keepDraft({ ...profile, url: 'mqtt://other' }, 'user');
	await discarded.form.page.cancel(true).catch(() => {});
	assert.ok(discarded.form.closed);
	assert.equal(discarded.asked.length, 1);
});

test('a tab that is closed with unsaved changes can be opened again with them', async () => {
	const { form, panels, asked } = await begin('Reopen');
	const draft = { ...profile, url: 'mqtt://other' };
	await form.page.keepDraft(draft, 'user');
	form.close();
	const again = await eventually('the form', () => {
		assert.equal(panels.length, 2);
		return panels[1];
	});
	assert.match(asked.join(), /unsaved changes/);
	const init = await again?.page.init();
	assert.deepEqual(init?.profile, draft);
	assert.equal(init?.isDraft, true);
});

test('nothing is offered when there is nothing to lose, or when the window closes', async () => {
	const untouched = await begin('Reopen');
	untouched.form.close();
	const ending = await begin('Reopen');
	await ending.form.page.keepDraft({ ...profile, url: 'mqtt://other' }, 'user');
	ending.forms.dispose();
	assert.ok(ending.form.closed);
	assert.deepEqual([untouched.asked, ending.asked], [[], []]);
});
