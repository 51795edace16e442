import assert from 'node:assert/strict';
import test from 'node:test';
import type { confirm } from '../../../../src/host/connections/confirm';
import type { Intent, Question } from '../../../../src/model/contracts/browse';
import { describe } from '../../../../src/protocols/descriptions';
import { loadHost } from '../../../support/host/load-host';

const asked: string[] = [];
let answer: string | undefined;
const ask = (kind: string) => async (text: string) => {
	asked.push(`${kind}: ${text}`);
	return answer;
};
const vscode = {
	window: { showWarningMessage: ask('warning'), showInformationMessage: ask('information') },
	workspace: { isTrusted: true, fs: {} },
};
const amqp = describe('amqp');
const act = (action: string): Intent => ({ kind: 'act', request: { id: 'i', action, values: {} } });

test('asks with the numbers of the peer, and on production before everything that changes something', async () => {
	const host = await loadHost<{ confirm: typeof confirm }>('src/host/connections/confirm.ts', vscode);
	const question: Question = { text: 'Purge the queue "q"?', detail: '3 messages', button: 'Purge' };
	const cases: [intent: Intent, question: Question | undefined, production: boolean, text: string | undefined][] = [
		[act('purge'), question, false, 'warning: Purge the queue "q"?'],
		[act('purge'), question, true, 'warning: “Shop” is marked as production. Purge the queue "q"?'],
		[act('declare-queue'), undefined, false, undefined],
		[act('declare-queue'), undefined, true, 'warning: “Shop” is marked as production. Declare Queue?'],
		[act('topology-document'), undefined, true, undefined],
		[act('purge'), { ...question, harmless: true }, false, 'information: Purge the queue "q"?'],
	];
	assert.ok(amqp);
	for (const [intent, given, production, text] of cases) {
		asked.length = 0;
		answer = undefined;
		const run = () =>
			host.confirm(amqp, { ask: async () => given }, intent, { name: 'Shop', ...(production ? { production } : {}) });
		if (text === undefined) await run();
		else await assert.rejects(run, /Nothing was done\./);
		assert.deepEqual(asked, text === undefined ? [] : [text]);
		answer = given?.button ?? 'Declare Queue';
		await run();
	}
});
