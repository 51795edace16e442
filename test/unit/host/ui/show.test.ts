import assert from 'node:assert/strict';
import test from 'node:test';
import { type Failure, FailureError } from '../../../../src/base/failure';
import type * as Show from '../../../../src/host/ui/show';
import { loadHost } from '../../../support/host/load-host';

const command = 'messagingWorkbench.enterSecret';
const cases: { name: string; more: Partial<Failure>; connection?: string; buttons: string[] }[] = [
	{
		name: 'advice about a connection',
		more: { remedy: { text: 'Add its address.' } },
		connection: 'c',
		buttons: ['Edit Connection'],
	},
	{
		name: 'a remedy with a command',
		more: { remedy: { text: 'Enter Password…', command } },
		connection: 'c',
		buttons: ['Enter Password…'],
	},
	{ name: 'advice about nothing that can be edited', more: { remedy: { text: 'Try later.' } }, buttons: [] },
	{ name: 'a failure without advice', more: {}, connection: 'c', buttons: [] },
];

for (const { name, more, connection, buttons } of cases)
	test(`a notification offers what to do: ${name}`, async () => {
		const shown: string[][] = [];
		const executed: unknown[][] = [];
		const host = await loadHost<typeof Show>('src/host/ui/show.ts', {
			commands: { executeCommand: async (...call: unknown[]) => void executed.push(call) },
			window: {
				showErrorMessage: async (_text: string, _options: object, ...offered: string[]) => {
					shown.push(offered);
					return offered[0];
				},
			},
		});
		const log = { failure: (error: FailureError) => error.failure, error() {} };
		const failure = new FailureError({ code: 'x', message: 'It failed.', ...more });
		await host.showFailure(log as never, 'Barn', failure, connection);
		assert.deepEqual(shown, [buttons]);
		const opened = more.remedy?.command ?? 'messagingWorkbench.editConnection';
		assert.deepEqual(executed, buttons.length > 0 ? [[opened, 'c']] : []);
	});
