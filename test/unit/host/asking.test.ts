import assert from 'node:assert/strict';
import test from 'node:test';
import type { createPanelApi } from '../../../src/host/panel/api';
import type { ActResult, Intent, Question } from '../../../src/model/contracts/browse';
import { descriptions } from '../../../src/protocols/descriptions';
import { loadHost } from '../../support/host/load-host';

/** What the editor showed, and what the user answers to it. */
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

/** A panel of an open connection whose engine writes down what reaches it. */
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
	test(`a page's wish to ${name} is asked about by the host, and a no does nothing`, async () => {
		const { api, done } = panel(question);
		answer = undefined;
		await assert.rejects(Promise.resolve(wish(api)), { message: 'Nothing was done.' });
		assert.deepEqual(done, [['ask', name]]);
		assert.deepEqual(shown, [
			{ text: 'Purge \\u202eemail?', detail: '1,204 messages\nare deleted.', buttons: ['Purge'] },
		]);
	});

	test(`after a yes the host lets the page ${name}; without a question it does at once`, async () => {
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
		test(`${id}: ${mode.label} is asked about even if the link has no question, with what it does`, async () => {
			const { api, done } = panel(undefined, undefined, id);
			answer = undefined;
			await assert.rejects(Promise.resolve(api.subscribe({ target: 'a', mode: mode.id })));
			assert.deepEqual(done, [['ask', 'subscribe']]);
			assert.equal(shown[0]?.detail, mode.sideEffect);
			answer = mode.label;
			await api.subscribe({ target: 'a', mode: mode.id });
			assert.deepEqual(done.at(-1), 'subscribe');
		});

test('an untrusted workspace lets a page do neither', async () => {
	const { api, done } = panel();
	vscode.workspace.isTrusted = false;
	try {
		await assert.rejects(Promise.resolve(api.act(act)));
		await assert.rejects(Promise.resolve(api.subscribe({ target: 'a' })));
	} finally {
		vscode.workspace.isTrusted = true;
	}
	assert.deepEqual(done, []);
});

test('a document that an action brings is opened by the host and does not travel to the page', async () => {
	const document = { title: 'Topology', language: 'plaintext', text: 'a → b' };
	const { api, documents } = panel(undefined, { text: 'Drawn.', document });
	assert.deepEqual(await api.act(act), { text: 'Drawn.' });
	assert.deepEqual(documents, [document]);
});
