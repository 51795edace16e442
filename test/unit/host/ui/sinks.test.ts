import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { FailureError, withoutCommand } from '../../../../src/base/failure';
import type { Node } from '../../../../src/host/sidebar/nodes';
import { loadHost } from '../../../support/host/load-host';
import { recordingEditor } from '../../../support/host/recording-editor';
import type * as Host from '../../../support/host/sinks';
import { hostileText, liveSyntax } from '../../../support/texts/evil-text';

const { vscode, handed, executed, lensProviders, write } = recordingEditor();
const host = await loadHost<typeof Host>('test/support/host/sinks.ts', vscode);

/** Icons that the extension itself puts before a text. */
const own = /(?:^|· )(?:\$\((?:pass-filled|circle-large-outline|flame|warning|plug|play)\) )+/g;
const inLines = /\.detail$|Markdown$|message$/;

const log = {
	failure: (error: unknown) => (error as FailureError).failure,
	clean: <T>(failure: T) => failure,
	redact: (text: string) => text,
	error() {},
	show() {},
};

/** Services in which every text is this text. */
function servicesOf(text: string) {
	const profile = { id: text, name: text, protocol: 'mqtt', url: text, production: true, secrets: [text] };
	const stored = { profile, source: { key: 'k', scope: 'workspace', label: text } };
	const failure = { code: 'x', message: text, evidence: `${text}\n${text}`, remedy: { text } };
	const status = { topics: 1, subscriptions: [], state: { kind: 'retrying', attempt: 1, at: 0, failure } };
	return {
		stored,
		failure,
		services: {
			log,
			profiles: { profiles: [stored], find: () => stored },
			sessions: { all: [], get: () => ({ status }), onChanged: () => ({ dispose() {} }) },
			secrets: { stored: () => [] },
			connecting: { owner: () => ({}) },
		} as never,
	};
}

/** The functions through which the extension passes texts to VS Code. */
const sinks: Record<string, (text: string) => unknown> = {
	async notification(text) {
		for (const kind of ['information', 'warning', 'error'] as const) {
			assert.equal(await host.notify(kind, text, text), text);
			assert.equal(await host.askModal(kind, text, text, text), text);
		}
	},
	failure: (text) => host.showFailure(log as never, text, new FailureError(servicesOf(text).failure)),
	async prompts(text) {
		const choice = { label: text, description: text, detail: text, mark: { icon: 'flame', text }, picked: true };
		const options = { title: text, placeHolder: text };
		assert.equal(await host.pickOne([choice], options), choice);
		assert.deepEqual(await host.pickMany([choice], options), [choice]);
		write('pick', host.createPick(text, text));
		await host.askText({ title: text, prompt: text, placeHolder: text, check: () => text });
	},
	fields: (text) =>
		host.askFields(
			[
				{
					key: 'a',
					label: text,
					help: text,
					type: 'choice',
					default: 'a',
					choices: [{ value: 'a', label: text, help: text }],
				},
				{ key: 'b', label: text, type: 'text', required: true, placeholder: text },
			],
			text,
			text,
		),
	connections: (text) => host.pickConnection(servicesOf(text).services, text, 'any'),
	production: (text) =>
		host.confirmProduction(
			{ id: `${Math.random()}`, name: text, protocol: 'mqtt', production: true },
			{ verb: text, target: text },
			text,
		),
	approval: (text) =>
		host
			.createApprovals({ get: () => [], update: async () => {} } as never)
			.ensure({ id: 'a', name: text }, text, [{ key: 'k', value: 1, text }] as never),
	progress: (text) => host.withNotification(text, async (report) => report(text, 1)),
	status(text) {
		const item = host.createStatusItem('a', 'b', 'c', 1, 0);
		item.show({ icon: 'plug', text, tooltip: text });
		host.flash(text);
	},
	tests: (text) => {
		write('test', host.testMessage(text));
		write('test.message', host.testOutput(text).replaceAll('\r\n', '\n'));
	},
	sidebar(text) {
		const { services, stored, failure } = servicesOf(text);
		const connection = { kind: 'connection', stored } as never;
		const row = { id: 1, name: text, path: text, preview: text, messages: 1, below: 1, total: 1, rate: 1, time: 0 };
		const browsed = { id: text, name: text, kind: text, description: text, properties: [{ label: text, value: text }] };
		const problem = { message: text, severity: 'error', code: 'x', path: [] };
		const nodes = [
			connection,
			{
				kind: 'broken',
				broken: { source: { key: 'k', label: text }, index: 0, entry: { name: text }, problems: [problem] },
			},
			{ kind: 'topic', connection, row, flat: false, parent: connection },
			{ kind: 'topic', connection, row, flat: true, parent: connection },
			{ kind: 'more', connection, text, parent: connection },
			{ kind: 'filter', connection, text, parent: connection },
			{ kind: 'node', connection, key: text, node: browsed, parent: connection },
			{ kind: 'info', connection, text, parent: connection },
			{ kind: 'failed', connection, failure, parent: connection },
		] as Node[];
		for (const node of nodes)
			for (const open of [true, false]) {
				write('tree', host.itemOf(node, services, open));
				write('tree', host.tooltipOf(node, services, open));
			}
	},
	rules(text) {
		const { failure } = servicesOf(text);
		const violation = {
			time: 0,
			target: text,
			range: { start: 0, end: 0 },
			line: 1,
			text,
			expected: text,
			actual: text,
		};
		const counts = { received: 1, rate: 1, done: 1, unmet: 1, failed: 1, looped: 1, dropped: 1, inFlight: 1 };
		const stats = { ...counts, lastFailure: failure, violations: [violation] };
		const verb = { text, start: 0, end: 0 };
		const section = { request: { verb, target: verb, steps: [] } };
		const uri = { path: text, toString: () => text };
		const own = {
			uri,
			key: text,
			title: text,
			section,
			gone: false,
			waitsFor: [text],
			changed: true,
			interrupted: true,
		};
		for (const run of [undefined, { state: 'running', stats, section }, { state: 'ended', stats, failure, section }])
			for (const node of [{ kind: 'rule', id: 'r', ...own, run }, ...host.detailsOf({ ...own, run } as never)])
				write('tree', host.ruleItem(node as never));
		write('tree', host.ruleItem({ kind: 'file', id: 'f', uri } as never));
	},
	lenses(text) {
		const name = text.replace(/[\r\n\u2028\u2029]/g, '');
		const content = `# @connection ${name}\nPUBLISH a\n\nx\n`;
		const document = {
			languageId: 'messages',
			version: 1,
			uri: { scheme: 'file', toString: () => 'file' },
			getText: () => content,
			positionAt: (at: number) => at,
		};
		for (const found of [undefined, servicesOf(text).stored]) {
			const targets = { used: () => found };
			const runs = {
				onChanged: () => ({ dispose() {} }),
				stateOf: () => undefined,
				kinds: () => '',
				running: () => false,
			};
			const services = {
				...(servicesOf(text).services as object),
				profiles: { profiles: [], onChanged: runs.onChanged },
			};
			const rules = { onChanged: runs.onChanged, onFigures: runs.onChanged, appearance: () => '' };
			const lenses = host.createLenses(services as never, runs as never, targets as never, rules as never);
			for (const lens of lensProviders.splice(0).flatMap((one) => one.provideCodeLenses(document)))
				write('lens', lens.command?.title ?? '');
			lenses.dispose();
		}
	},
};

for (const [name, hand] of Object.entries(sinks))
	test(`a hostile text is nothing but text: ${name}`, async () => {
		await fc.assert(
			fc.asyncProperty(hostileText, async (text) => {
				handed.length = 0;
				await hand(text);
				assert.ok(handed.length > 0);
				for (const { sink, text: shown } of handed)
					assert.deepEqual(liveSyntax(shown.replace(own, ''), inLines.test(sink)), [], sink);
			}),
			{ numRuns: 200, includeErrorInReport: true },
		);
	});

/** Functions of VS Code that show texts, and the files that can use them. */
const guarded: [RegExp, RegExp][] = [
	[/\bshow(?:Information|Warning|Error)Message\b/, /^ui\/notify\.ts$/],
	[/\b(?:showQuickPick|createQuickPick|showInputBox|createInputBox)\b/, /^ui\/prompt\.ts$/],
	[/\bwithProgress\b/, /^ui\/notify\.ts$/],
	[/\b(?:createStatusBarItem|setStatusBarMessage)\b/, /^ui\/status-item\.ts$/],
	[/\bnew vscode\.MarkdownString\b|\bMarkedString\b|\bhoverMessage\b/, /^ui\/markdown\.ts$/],
	[/\bnew vscode\.TestMessage\b|\bTestMessage\.diff\b/, /^ui\/test-message\.ts$/],
	[/\bnew vscode\.TreeItem\b/, /^(?:sidebar\/(?:peer-)?items|message-files\/rules\/view\/items)\.ts$/],
	[/\bnew vscode\.CodeLens\b/, /^message-files\/language\/lenses\.ts$/],
	[/\bnew vscode\.LogOutputChannel\b|\bcreateOutputChannel\b/, /^ui\/log\.ts$/],
];

/** For these, the text passes `visibleText` on the same line. */
const wrapped =
	/\bnew vscode\.(?:Diagnostic|CodeAction|CompletionItem|DocumentSymbol)\(|\bcontentText:|\bcreateWebviewPanel\(|\bpanel\.title =|\bshowOpenDialog\(\{ title: [^']|\bcreateTestItem\(/;

test('passes texts to each function of VS Code in one file only', () => {
	const wrong: string[] = [];
	for (const file of readdirSync('src/host', { recursive: true }).map(String).concat('../extension.ts')) {
		if (!file.endsWith('.ts')) continue;
		const name = file.replaceAll('\\', '/');
		const lines = readFileSync(`src/host/${file}`, 'utf8').split('\n');
		for (const [words, allowed] of guarded)
			for (const line of lines) if (words.test(line) && !allowed.test(name)) wrong.push(`${name}: ${line.trim()}`);
		// Constant texts, and texts that were made visible before, are recognized by name.
		lines.forEach((line, at) => {
			const near = lines.slice(at, at + 4).join('\n');
			if (
				wrapped.test(line) &&
				!/visibleText\(|\btitle, vscode\.View|'Move to secret|\blabel, document\.uri/.test(near)
			)
				wrong.push(`${name}: ${line.trim()}`);
		});
	}
	assert.deepEqual(wrong, []);
});

test('runs the command of a failure only if it is listed, with arguments of the host', async () => {
	executed.length = 0;
	const run = (command: string) =>
		host.runRemedy({ code: 'x', message: 'x', remedy: { text: 'x', command: command as never } }, 'id');
	for (const command of ['workbench.action.quit', 'messagingWorkbench.deleteConnection', 'toString', ''])
		await run(command);
	assert.deepEqual(executed, []);
	await run('messagingWorkbench.enterSecret');
	assert.deepEqual(executed, [['messagingWorkbench.enterSecret', 'id']]);
	const remedy = { text: 'Again', command: 'messagingWorkbench.enterSecret', arguments: ['x'] } as const;
	assert.deepEqual(withoutCommand({ code: 'x', message: 'x', remedy }).remedy, { text: 'Again' });
});
