import assert from 'node:assert/strict';
import test from 'node:test';
import type { RuleStats, Violation } from '../../../../src/files/rules/rule';
import { parse } from '../../../../src/files/syntax/parse';
import type { RuleRun } from '../../../../src/host/message-files/rules/rule-run';
import { fakeRules, noStats, rulesEditor } from '../../../support/host/rules-editor';
import { eventually } from '../../../support/run/eventually';

const editor = await rulesEditor();
const { host } = editor;
const log = { clean: <T>(failure: T) => failure };
const bridge = '### Bridge\nON in/+\nQoS: 1\n\n=== PUBLISH out\n\nx\n';
const watch = '### Watch\nON in/+\n\n?? message body t < 30\n?? message body u exists\n';

function runOf(text: string, more: Partial<RuleRun>): RuleRun {
	const file = parse(text);
	const section = file.sections.find(({ request }) => request) as RuleRun['section'];
	const base = { uri: editor.uri('/a.messages'), key: 'key', file, section, signature: '', state: 'running' };
	return { ...base, stats: noStats, failure: undefined, ...more } as RuleRun;
}
const stats = (more: Partial<RuleStats>): RuleStats => ({ ...noStats, ...more });

const violation = (file: string, expectation: string, more: Partial<Violation> = {}): Violation => {
	const start = file.indexOf(expectation);
	const place = { range: { start, end: start + expectation.length }, line: 0 };
	return { time: 0, target: 'in/a', ...place, text: expectation, expected: '< 30', actual: '40', ...more };
};

test('the state of a rule in words', () => {
	const failure = { code: 'x', message: 'The broker refused.' };
	const cases: [text: string, run: Partial<RuleRun>, waitsFor: string[], expected: string][] = [
		[bridge, { state: 'starting', stats: undefined }, [], 'starting…'],
		[bridge, {}, [], '0 processed'],
		[
			bridge,
			{ stats: stats({ received: 1300, done: 1204, failed: 3, rate: 120 }) },
			[],
			'3 failed · 1,204 processed · 120/s',
		],
		[bridge, { stats: stats({ done: 4 }) }, ['Farm', 'Shop'], 'waiting for “Farm” and “Shop” · 4 processed'],
		[bridge, { state: 'stopping' }, [], 'stopping…'],
		[bridge, { state: 'ended', stats: stats({ done: 4, rate: 3 }) }, [], 'stopped · 4 processed'],
		[
			`# @timeout 1h\n${bridge.slice(11)}`,
			{ state: 'ended', stats: stats({ done: 4, endedBy: 'timeout' }) },
			[],
			'ended after 1h · 4 processed',
		],
		[
			`# @maxMessages 4\n${bridge.slice(11)}`,
			{ state: 'ended', stats: stats({ done: 4, endedBy: 'maxMessages' }) },
			[],
			'ended after 4 messages · 4 processed',
		],
		[bridge, { state: 'ended', failure, stats: undefined }, [], 'not started: The broker refused.'],
		[bridge, { state: 'ended', failure }, [], 'ended: The broker refused.'],
		[watch, { stats: stats({ received: 9, unmet: 1 }) }, [], '1 violation · 9 checked'],
	];
	for (const [text, run, waitsFor, expected] of cases)
		assert.equal(host.stateText(runOf(text, run), waitsFor), expected);
});

test('lenses say what can be done, and figures stand behind the first line of a rule', () => {
	const shown = (run: RuleRun | undefined, more = {}) => {
		const state = { run, changed: false, waitsFor: [], ...more };
		const uri = editor.uri('/a.messages') as never;
		const lenses = [...host.ruleLenses(uri, 'k', state), ...host.reportLenses(uri, 'k', state)];
		const request = (run ?? runOf(bridge, {})).section.request as NonNullable<RuleRun['section']['request']>;
		return [
			...lenses.map(({ title }) => title.replace(/\$\([\w~-]+\) /g, '')),
			...host.ruleNotes(state, request).map(({ tone, text }) => `${tone}: ${text}`),
		];
	};
	const running = runOf(bridge, { stats: stats({ done: 1204, failed: 3, rate: 120 }) });
	const watching = runOf(watch, {
		stats: stats({ received: 2, unmet: 1, violations: [violation(watch, '?? message body t < 30')] }),
	});
	assert.deepEqual(shown(undefined), ['Run Rule']);
	assert.deepEqual(shown(runOf(bridge, { state: 'starting', stats: undefined })), ['Stop Rule', 'running: starting…']);
	assert.deepEqual(shown(running), ['Stop Rule', 'Last Failure', 'bad: 3 failed · 1,204 processed · 120/s']);
	assert.deepEqual(shown(running, { changed: true }).slice(0, 2), ['Stop Rule', 'Changed: Restart']);
	assert.deepEqual(shown(runOf(bridge, { stats: stats({ done: 4 }) }), { waitsFor: ['Farm'] }), [
		'Stop Rule',
		'running: waiting for “Farm” · 4 processed',
	]);
	assert.deepEqual(shown(runOf(bridge, { state: 'stopping' })), ['Stopping…', 'running: stopping…']);
	assert.deepEqual(shown(runOf(bridge, { state: 'ended', stats: stats({ done: 4 }) })), [
		'Run Rule',
		'quiet: stopped · 4 processed',
	]);
	const found = 'bad: expected < 30, got 40';
	assert.deepEqual(shown(watching), ['Stop Rule', 'Last Violation', 'bad: 1 violation · 2 checked', found]);
	assert.ok(!shown(watching, { changed: true }).includes(found), 'its line may be another one');
});

test('a row has short counts, and everything about its rule below it', () => {
	const lastFailure = { code: 'x', message: 'Not accepted.', evidence: '0x87' };
	const run = runOf(bridge, { stats: stats({ received: 1300, done: 1204, failed: 3, rate: 120, lastFailure }) });
	const row = {
		kind: 'rule',
		id: 'r',
		uri: run.uri,
		key: 'k',
		title: 'Bridge',
		section: run.section,
		signature: '',
	} as const;
	const node = { ...row, run, gone: false, waitsFor: [], changed: false, interrupted: false };
	const item = host.ruleItem(node);
	assert.equal(item.description, '3 failed · 1,204 · 120/s');
	assert.equal(item.accessibilityInformation?.label, 'Bridge, running, 3 failed · 1,204 processed · 120/s');
	assert.equal(item.collapsibleState, 1);
	assert.equal(host.ruleItem({ ...node, title: 'A title for which a narrow sidebar has no room' }).collapsibleState, 2);
	assert.deepEqual(
		host.detailsOf(node).map(({ detail: { text, command } }) => [text, command].filter(Boolean).join(': ')),
		[
			...['3 failed', '120/s', '1,204 processed', '1,300 received'],
			'in/+ → PUBLISH out',
			'Last failure: Not accepted. (0x87): showRuleFailure',
		],
	);
});

test('only a rule that ends is a test', () => {
	const endless = (text: string) => {
		const file = parse(text);
		return host.isEndlessRule(file, file.sections.find(({ request }) => request) as RuleRun['section']);
	};
	assert.equal(endless(bridge), true);
	assert.equal(endless(`# @timeout 5s\n${bridge.replace('### Bridge\n', '')}`), false);
	assert.equal(endless('# @maxMessages 2\nON a\n'), false);
	assert.equal(endless('SUBSCRIBE a\n'), false);
});

/** A window in which the first rule of a file runs. */
async function running(t: test.TestContext, text: string) {
	t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
	const rules = fakeRules();
	const runs = host.createRuleRuns(rules.begin, log);
	const sessions = { get: () => undefined };
	const states = host.createRuleStates(runs, { used: () => undefined } as never, sessions as never);
	const problems = host.createRuleProblems(runs, states);
	const file = editor.open('/a.messages', text);
	t.after(() => {
		problems.dispose();
		runs.dispose();
		file.close();
	});
	await runs.start(file.document, file.section(0));
	const pass = () => t.mock.timers.tick(1500);
	return { ...rules, runs, states, file, pass, shown: () => editor.problems('/a.messages') };
}

test('violations and failures stand at their lines in the Problems view, with their number', async (t) => {
	const { started, pass, shown, file, runs } = await running(t, watch);
	const [rule] = started;
	assert.ok(rule);
	const first = violation(watch, '?? message body t < 30');
	rule.stats = {
		received: 3,
		unmet: 3,
		violations: [first, { ...first, actual: '41' }, violation(watch, '?? message body u exists')],
	};
	pass();
	assert.equal(shown().length, 2);
	assert.match(
		shown()[0] ?? '',
		/^warning 4: message body t < 30: expected < 30, got 41 \(in\/a\) at .*\. 2 violations\.$/,
	);
	assert.match(shown()[1] ?? '', /^warning 5: .* 1 violation\.$/);

	rule.stats = { received: 5000, unmet: 5000, violations: Array.from({ length: 100 }, () => first) };
	pass();
	assert.match(shown().join(), /100 of the newest 100 violations/);

	file.edit(`# a line above\n${watch}`);
	pass();
	assert.match(shown().join(), /^warning 5/, 'the place moves with the text');
	file.edit(`# a line above\n${watch.replace('< 30', '< 99')}`);
	pass();
	assert.match(shown().join(), /^warning 3/, 'an edited rule shows them at its first line');
	file.edit(watch);
	file.close();
	pass();
	assert.match(shown().join(), /^warning 4/, 'of a closed file, too');

	const again = editor.open('/a.messages', watch);
	t.after(again.close);
	await runs.stop(runs.all[0] as RuleRun);
	pass();
	assert.equal(shown().length, 1, 'they stay when the rule has stopped');
	await runs.start(again.document, again.section(0));
	pass();
	assert.deepEqual(shown(), [], 'a new start clears them');
});

test('the last failed message and the end of a rule are problems at their place', async (t) => {
	const { started, pass, shown } = await running(t, bridge);
	const start = bridge.indexOf('=== PUBLISH');
	const lastFailure = { code: 'x', message: 'Not accepted.', evidence: '0x87', range: { start, end: start + 3 } };
	Object.assign(started[0]?.stats ?? {}, { failed: 2, lastFailure });
	pass();
	assert.deepEqual(shown(), ['error 5: Not accepted. (0x87) 2 messages have failed.']);
	started[0]?.end({ code: 'y', message: 'The connection ended.' });
	await Promise.resolve();
	pass();
	assert.match(shown()[0] ?? '', /^error 2: The connection ended\.$/);
});

test('an edited rule goes on with its text, also when its title was edited', async (t) => {
	const { runs, states, file } = await running(t, bridge);
	const state = (key: string) => states.stateOf(file.document, key);
	assert.equal(state('Bridge').changed, false);
	file.edit(bridge.replace('in/+', 'in/#'));
	assert.equal(state('Bridge').changed, true);
	assert.equal(state('Bridge').run, runs.all[0]);
	file.edit(`@x = 1\n${bridge}`);
	assert.equal(state('Bridge').changed, true, 'a variable of the file belongs to it');
	file.edit(bridge.replace('### Bridge', '### Other'));
	assert.equal(state('Other').run, runs.all[0]);
	assert.equal(state('Other').changed, false);
});

test('a step without a connection of its own uses that of the source', () => {
	const file = parse(
		'### A\n# @connection Other\nON a\nConnection: Live\n\n=== PUBLISH b\n\nx\n=== reply\n\ny\n=== PUBLISH c\nConnection: Shop\n\nz\n',
	);
	const section = file.sections.find(({ request }) => request) as RuleRun['section'];
	const uses = host
		.usesOf(file, section)
		.map(({ request, connection }) => [
			`${request.verb.text} ${request.target.text}`,
			connection.kind === 'named' && connection.name,
		]);
	assert.deepEqual(uses, [
		['ON a', 'Live'],
		['PUBLISH b', 'Live'],
		['PUBLISH c', 'Shop'],
	]);
});

test('one question lists what a rule does on production connections', async () => {
	const profile = (id: string, production: boolean) => ({ id, name: id, protocol: 'mqtt', production });
	const uses = [
		{ profile: profile('Live', true), text: 'ON in/+' },
		{ profile: profile('Test', false), text: 'PUBLISH a' },
		{ profile: profile('Shop', true), text: 'PUBLISH b' },
	];
	await assert.rejects(host.confirmProductionRule('Bridge', uses as never), /was not started/);
	assert.deepEqual(editor.questions, [
		{
			text: '“Live” and “Shop” are marked as production. Run the rule “Bridge”?',
			detail: 'Live · ON in/+\nShop · PUBLISH b',
		},
	]);
	editor.answers.push('Run Rule');
	await host.confirmProductionRule('Bridge', uses as never);
	await host.confirmProductionRule('Bridge', [uses[1]] as never);
	assert.equal(editor.questions.length, 2);
});

test('the sidebar lists the rules of the workspace by file, running ones first', async (t) => {
	const window = await rulesEditor({
		'/b/z.messages': bridge,
		'/a/y.messages': `${watch}\n${bridge}`,
		'/c.messages': 'PUBLISH a\n\nON the way\n',
		'/d.messages': 'PUBLISH a\n',
	});
	const rules = fakeRules();
	const runs = window.host.createRuleRuns(rules.begin, log);
	const search = window.host.createRuleSearch();
	const list = window.host.createRuleList(search, runs);
	t.after(() => {
		for (const one of [list, search, runs]) one.dispose();
	});
	const shown = () =>
		list
			.files()
			.map(
				({ uri, rules: own }) =>
					`${uri.path}: ${own.map(({ title, gone }) => title + (gone ? ' (gone)' : '')).join(', ')}`,
			);
	window.vscode.workspace.isTrusted = false;
	await search.begin();
	assert.deepEqual(window.read, [], 'nothing is read before trust');
	window.vscode.workspace.isTrusted = true;
	window.emit('trust', undefined);
	await eventually('the search', async () => assert.equal(shown().length, 2));
	assert.deepEqual(shown(), ['/a/y.messages: Watch, Bridge', '/b/z.messages: Bridge']);

	const file = window.open('/b/z.messages', bridge);
	await runs.start(file.document, file.section(0));
	assert.deepEqual(shown(), ['/b/z.messages: Bridge', '/a/y.messages: Watch, Bridge']);
	file.edit('### Other\nON x\n');
	assert.deepEqual(shown()[0], '/b/z.messages: Bridge (gone), Other', 'a running rule can still be stopped');
	await runs.stop(runs.all[0] as RuleRun);
	assert.deepEqual(shown(), ['/a/y.messages: Watch, Bridge', '/b/z.messages: Other']);
	file.close();
	delete window.files['/b/z.messages'];
	window.emit('deleted', window.uri('/b/z.messages'));
	assert.deepEqual(shown(), ['/a/y.messages: Watch, Bridge']);
	window.files['/e.messages'] = bridge;
	window.emit('created', window.uri('/e.messages'));
	await eventually('the new file', async () => assert.equal(shown().length, 2));
});

test('the rules of the last window are remembered, and not started', async () => {
	let saved: unknown;
	const state = {
		get: () => saved,
		update: async (_: string, value: unknown) => {
			saved = value;
		},
	};
	const file = editor.open('/r.messages', bridge);
	const rules = fakeRules();
	const runs = host.createRuleRuns(rules.begin, log);
	const first = host.createRememberedRules(state, runs);
	await runs.start(file.document, file.section(0));
	first.dispose();
	runs.dispose();

	const others = fakeRules();
	const next = host.createRuleRuns(others.begin, log);
	const remembered = host.createRememberedRules(state, next);
	assert.equal(others.started.length, 0);
	assert.equal(remembered.has('file:///r.messages', 'Bridge'), true);
	assert.equal(remembered.has('file:///r.messages', 'Other'), false);
	await next.start(file.document, file.section(0));
	assert.equal(remembered.has('file:///r.messages', 'Bridge'), false);
	for (const broken of [undefined, 'x', [1, {}, { uri: 1, key: 2 }]]) {
		saved = broken;
		host.createRememberedRules(state, next).dispose();
	}
	next.dispose();
	file.close();
});
