import assert from 'node:assert/strict';
import test from 'node:test';
import type { createPanelApi } from '../../../../src/host/panel/api';
import type { ActResult, Intent, Question } from '../../../../src/model/contracts/browse';
import type { ActApi } from '../../../../src/model/contracts/engine-api';
import { descriptions } from '../../../../src/protocols/descriptions';
import { loadHost } from '../../../support/host/load-host';

/** Dialogs that were shown, and the answer of the user. */
const shown: { text: string; detail?: string; buttons: string[] }[] = [];
let answer: string | undefined;
const vscode = {
	workspace: { isTrusted: true },
	window: {
		async showWarningMessage(text: string, options: { detail?: string }, ...buttons: string[]) {
			shown.push({ text, ...(options.detail ? { detail: options.detail } : {}), buttons });
			return answer;
		},
	},
	Uri: {},
	env: {},
};
const host = await loadHost<{ createPanelApi: typeof createPanelApi }>('src/host/panel/api.ts', vscode);

/** A panel of an open connection whose engine records its calls. */
function panel(question?: Question, result: ActResult = { text: 'Done.' }, protocol = 'mqtt') {
	shown.length = 0;
	const done: unknown[] = [];
	const documents: unknown[] = [];
	const engine = {
		ask: async (intent: Intent) => {
			done.push(['ask', intent.kind]);
			return question;
		},
		act: async () => {
			done.push('act');
			return result;
		},
		clear: async () => void done.push('clear'),
		subscribe: async () => {
			done.push('subscribe');
			return { subscription: { target: 'a' }, state: 'active' };
		},
	};
	const session = { status: { state: { kind: 'open' }, subscriptions: [] }, engine: () => engine };
	const services = {
		profiles: { find: () => ({ profile: { id: 'p', protocol } }) },
		sessions: { get: () => session, of: () => session },
	};
	const api = host.createPanelApi(
		services as never,
		{ show: async (document: unknown) => documents.push(document) } as never,
		'p',
		() => {},
	);
	return { api, done, documents };
}

const question = { text: 'Purge \u202eemail?', detail: '1,204 messages\nare deleted.', button: 'Purge' };
const act = { id: '1', action: 'purge', values: {} };

for (const [name, wish] of [
	['act', (api: ReturnType<typeof panel>['api']) => api.act(act)],
	['subscribe', (api: ReturnType<typeof panel>['api']) => api.subscribe({ target: 'a' })],
] as const) {
	test(`asks before a page can ${name}, and does nothing if the user declines`, async () => {
		const { api, done } = panel(question);
		answer = undefined;
		await assert.rejects(Promise.resolve(wish(api)), { message: 'Nothing was done.' });
		assert.deepEqual(done, [['ask', name]]);
		assert.deepEqual(shown, [
			{ text: 'Purge \\u202eemail?', detail: '1,204 messages\nare deleted.', buttons: ['Purge'] },
		]);
	});

	test(`lets the page ${name} after the user confirms, or immediately without a question`, async () => {
		const asked = panel(question);
		answer = 'Purge';
		await wish(asked.api);
		assert.deepEqual(asked.done, [['ask', name], name]);
		const free = panel();
		await wish(free.api);
		assert.deepEqual(free.done, [['ask', name], name]);
		assert.equal(shown.length, 0);
	});
}

for (const { id, subscription } of descriptions)
	for (const mode of subscription?.modes?.filter(({ intrusive }) => intrusive) ?? [])
		test(`${id}: asks before ${mode.label} and describes its effect, even if the link has no question`, async () => {
			const { api, done } = panel(undefined, undefined, id);
			answer = undefined;
			await assert.rejects(Promise.resolve(api.subscribe({ target: 'a', mode: mode.id })));
			assert.deepEqual(done, [['ask', 'subscribe']]);
			assert.equal(shown[0]?.detail, mode.sideEffect);
			answer = mode.label;
			await api.subscribe({ target: 'a', mode: mode.id });
			assert.deepEqual(done.at(-1), 'subscribe');
		});

test('refuses every way to act in an untrusted workspace, but not to clear the log', async () => {
	const { api, done } = panel();
	const draft = { verb: 'publish', target: 'a', values: {}, payload: new Uint8Array() };
	const calls: Record<Exclude<keyof ActApi, 'clear'> | 'sendFile', () => Promise<unknown>> = {
		subscribe: () => api.subscribe({ target: 'a' }),
		unsubscribe: () => api.unsubscribe({ target: 'a' }),
		send: () => api.send(draft),
		sendFile: () => api.sendFile(draft, 'file-1'),
		repeat: () => api.repeat(draft, 1000),
		stopRepeat: () => api.stopRepeat(1),
		cancel: () => api.cancel(1),
		act: () => api.act(act),
		stop: () => api.stop('1'),
	};
	vscode.workspace.isTrusted = false;
	try {
		for (const [name, call] of Object.entries(calls)) await assert.rejects(call(), /not trusted/, name);
		await api.clear();
	} finally {
		vscode.workspace.isTrusted = true;
	}
	assert.deepEqual(done, ['clear']);
});

test('opens the document of an action in the host and does not pass it to the page', async () => {
	const document = { title: 'Topology', language: 'plaintext', text: 'a → b' };
	const { api, documents } = panel(undefined, { text: 'Drawn.', document });
	assert.deepEqual(await api.act(act), { text: 'Drawn.' });
	assert.deepEqual(documents, [document]);
});
