import assert from 'node:assert/strict';
import test from 'node:test';
import type { replayRecording as Replay } from '../../../../src/host/recordings/replay';
import type { ReplayPreview, ReplayRequest } from '../../../../src/model/contracts/replay';
import { loadHost } from '../../../support/host/load-host';

const shown: { kind: string; text: string; detail: string }[] = [];
let answer: string | undefined;
const dialog = (kind: string) => async (text: string, options: { detail?: string }) => {
	shown.push({ kind, text, detail: options.detail ?? '' });
	return answer;
};
const vscode = {
	workspace: { isTrusted: true },
	window: { showWarningMessage: dialog('warning'), showInformationMessage: dialog('information') },
	Uri: {},
	env: {},
	commands: {},
	ConfigurationTarget: {},
};
const host = await loadHost<{ replayRecording: typeof Replay }>('src/host/recordings/replay.ts', vscode);

const preview: ReplayPreview = {
	...{ messages: 2, bytes: 2, targets: 1, examples: [['a', 'b']], skipped: 0, unsent: [], left: [], unread: 0 },
	...{ ms: 1000, stopped: false },
};

function start(values: Record<string, unknown>, more: { production?: true; preview?: Partial<ReplayPreview> } = {}) {
	shown.length = 0;
	const calls: [string, ReplayRequest][] = [];
	const profile = {
		id: 'x',
		name: 'Test',
		protocol: 'mqtt',
		url: 'mqtt://x',
		...(more.production && { production: true }),
	};
	const services = {
		profiles: { find: (id: string) => (id === 'x' ? { profile, source: {} } : undefined) },
		sessions: {
			get: () => ({ status: { state: { kind: 'open' } } }),
			of: () => ({
				engine: () => ({
					async replay(request: ReplayRequest) {
						calls.push(['replay', request]);
						return { text: 'Sent 2 messages.' };
					},
				}),
			}),
		},
	};
	const engine = {
		async previewReplay(request: ReplayRequest) {
			calls.push(['preview', request]);
			return { ...preview, ...more.preview };
		},
	};
	const recording = { path: '/r.jsonl', name: 'r.jsonl', protocol: 'mqtt', engine };
	const started: string[] = [];
	const result = host.replayRecording(
		services as never,
		recording as never,
		{ id: 'r', action: 'replay', values: values as never },
		(id) => started.push(id),
	);
	return { result, calls, started };
}

test('a replay runs in the session of the chosen connection, after the question', async () => {
	answer = 'Replay';
	const values = {
		to: 'x',
		map: [['a', 'b']],
		pace: 'scaled',
		speed: 60,
		from: '10s',
		until: '1min',
		directions: 'both',
	};
	const { result, calls, started } = start({ ...values, only: ' a/# ', times: 3 });
	assert.deepEqual(await result, { text: 'Sent 2 messages.', to: 'Test' });
	assert.deepEqual(started, ['x']);
	assert.match(shown[0]?.text ?? '', /^Replay 2 messages to “Test”, 3 times\?$/);
	const request = {
		...{ id: 'r', path: '/r.jsonl', protocol: 'mqtt', map: [['a', 'b']], only: 'a/#', speed: 60, times: 3 },
		...{ part: { from: 10_000, until: 60_000 }, directions: ['in', 'out'] },
	};
	assert.deepEqual(calls, [
		['preview', request],
		['replay', { ...request, total: 6 }],
	]);
});

test('without an answer nothing is sent, and production is named', async () => {
	answer = undefined;
	const { result, calls } = start({ to: 'x' }, { production: true });
	await assert.rejects(result, (error: { failure?: { code: string } }) => error.failure?.code === 'cancelled');
	assert.deepEqual(
		calls.map(([name]) => name),
		['preview'],
	);
	assert.deepEqual([shown[0]?.kind, /marked as production/.test(shown[0]?.text ?? '')], ['warning', true]);
});

const refusals: [string, Parameters<typeof start>, RegExp][] = [
	['no connection', [{}], /no connection to replay to/],
	['a connection that is gone', [{ to: 'y' }], /no longer in the settings/],
	['a time without a unit', [{ to: 'x', from: '10' }], /needs a unit/],
	['an empty range', [{ to: 'x', from: '10s', until: '10s' }], /not after/],
	[
		'nothing to send',
		[{ to: 'x' }, { preview: { messages: 0, examples: [] } }],
		/No message of r\.jsonl would be sent/,
	],
];
for (const [name, args, says] of refusals)
	test(`a replay is refused before anything is asked or sent: ${name}`, async () => {
		answer = 'Replay';
		const { result, calls } = start(...args);
		await assert.rejects(result, says);
		assert.ok(!calls.some(([what]) => what === 'replay'));
		assert.equal(shown.length, 0);
	});

test('an untrusted workspace sends nothing', async () => {
	vscode.workspace.isTrusted = false;
	const { result, calls } = start({ to: 'x' });
	await assert.rejects(result, /not trusted/);
	assert.deepEqual(calls, []);
});
