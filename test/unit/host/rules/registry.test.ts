import assert from 'node:assert/strict';
import test from 'node:test';
import type { RuleRun } from '../../../../src/host/message-files/rules/rule-run';
import { fakeRules, rulesEditor } from '../../../support/host/rules-editor';

const editor = await rulesEditor();
const log = { clean: <T>(failure: T) => failure };
const text = '### A\nON in/a\n\n=== PUBLISH out\n\nx\n';

function create(t: test.TestContext) {
	t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
	const rules = fakeRules();
	const runs = editor.host.createRuleRuns(rules.begin, log);
	const file = editor.open('/a.messages', text);
	let figures = 0;
	let changes = 0;
	const failed: string[] = [];
	runs.onFigures(() => figures++);
	runs.onChanged(() => changes++);
	runs.onFailed(({ failure }) => failed.push(failure?.message ?? ''));
	t.after(() => {
		runs.dispose();
		file.close();
	});
	const start = () => runs.start(file.document, file.section(0));
	const states = () => runs.all.map(({ state }) => state);
	return {
		...rules,
		runs,
		file,
		start,
		states,
		failed,
		counts: () => ({ figures, changes }),
		tick: () => t.mock.timers.tick(500),
	};
}

test('a rule starts once, reports new figures only, and keeps them when it has stopped', async (t) => {
	const { runs, start, started, states, counts, tick } = create(t);
	await start();
	await start();
	assert.equal(started.length, 1);
	assert.deepEqual(states(), ['running']);
	const before = counts();
	tick();
	assert.deepEqual(counts(), before, 'nothing has changed');
	Object.assign(started[0]?.stats ?? {}, { received: 3, done: 3, rate: 1 });
	tick();
	tick();
	assert.deepEqual(counts(), { ...before, figures: before.figures + 1 });
	const [run] = runs.all;
	assert.ok(run);
	await runs.stop(run);
	assert.deepEqual(states(), ['ended']);
	assert.equal(runs.all[0]?.stats?.done, 3);
	assert.equal(runs.all[0]?.failure, undefined);
	await start();
	assert.deepEqual(states(), ['running'], 'the new run replaces the old one');
	assert.equal(runs.all[0]?.stats?.done, 0);
});

test('a rule that cannot start, or ends by itself, has a failure without secrets', async (t) => {
	const { runs, start, started, states, failed, control } = create(t);
	control.failing = editor.host.fail('refused', 'The broker refused s3cret.');
	await start();
	assert.deepEqual(states(), ['ended']);
	assert.match(runs.all[0]?.failure?.message ?? '', /refused/);
	assert.deepEqual(failed, [], 'the user has just started it, and sees it there');
	control.failing = undefined;
	await start();
	started[0]?.end({ code: 'lost', message: 'The connection was lost: s3cret.' });
	await Promise.resolve();
	assert.deepEqual(states(), ['ended']);
	assert.deepEqual(failed, ['The connection was lost: •••.']);
});

test('a question that the user declines leaves no failure', async (t) => {
	const { runs, start, control } = create(t);
	control.failing = editor.host.fail('cancelled', 'Nothing was done.');
	assert.equal(await start(), false, 'so that no further rule asks');
	assert.equal(runs.all[0]?.state, 'ended');
	assert.equal(runs.all[0]?.failure, undefined);
});

test('a rule that is stopped while it starts does not run', async (t) => {
	const { runs, start, control, states, started } = create(t);
	let go = () => {};
	control.waiting = new Promise((resolve) => {
		go = resolve;
	});
	const starting = start();
	assert.deepEqual(states(), ['starting']);
	const [run] = runs.all;
	assert.ok(run);
	const stopping = runs.stop(run);
	assert.deepEqual(states(), ['stopping']);
	go();
	await Promise.all([starting, stopping]);
	assert.equal(started[0]?.request.signal.aborted, true);
	assert.deepEqual(states(), ['ended']);
});

test('closing the file does not stop its rule; the window does', async (t) => {
	const { runs, file, start, started, states } = create(t);
	await start();
	file.close();
	assert.deepEqual(states(), ['running']);
	let ended = false;
	const { end } = started[0] ?? {};
	assert.ok(started[0] && end);
	started[0].end = () => {
		ended = true;
	};
	runs.dispose();
	assert.equal(started[0].request.signal.aborted, true);
	assert.equal(ended, false);
});

test('a rule whose title was edited runs once, and its new run replaces the old one', async (t) => {
	const { runs, file, start, started, states } = create(t);
	await start();
	file.edit(text.replace('### A', '### B'));
	await start();
	assert.equal(started.length, 1);
	await runs.stop(runs.all[0] as RuleRun);
	await start();
	assert.deepEqual(states(), ['running']);
	assert.equal(runs.all[0]?.key, 'B');
});

test('a rule follows its file to another place', async (t) => {
	const { runs, start, counts } = create(t);
	await start();
	const before = counts().changes;
	runs.moved(editor.uri('/other') as never, editor.uri('/more') as never);
	runs.moved(editor.uri('/a.mess') as never, editor.uri('/b.mess') as never);
	assert.equal(counts().changes, before);
	runs.moved(editor.uri('/a.messages') as never, editor.uri('/deep/b.messages') as never);
	assert.equal(runs.all[0]?.uri.path, '/deep/b.messages');
	runs.moved(editor.uri('/deep') as never, editor.uri('/d') as never);
	assert.equal(runs.all[0]?.uri.path, '/d/b.messages');
});
