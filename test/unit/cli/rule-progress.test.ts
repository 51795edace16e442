import assert from 'node:assert/strict';
import test from 'node:test';
import { createRuleProgress } from '../../../src/cli/commands/rule-progress';
import type { Rule, RuleStats } from '../../../src/files/rules/state';

test('each new failure of a rule is a line of its own, once', (t) => {
	t.mock.timers.enable({ apis: ['setInterval'] });
	let stats: Partial<RuleStats> = {};
	const rule = { name: 'Bridge', state: () => 'running', stats: () => stats } as unknown as Rule;
	const lines: string[] = [];
	const progress = createRuleProgress(undefined, (text) => lines.push(text));
	progress.add(rule);
	const after = (lastFailure: RuleStats['lastFailure']) => {
		stats = { ...(lastFailure && { lastFailure }) };
		t.mock.timers.tick(1000);
		return lines.splice(0);
	};
	const refused = () => ({ code: 'refused', message: 'Connection\u001b[31m refused.', evidence: 'ECONNREFUSED' });
	assert.deepEqual(after(undefined), []);
	assert.deepEqual(after(refused()), ['Bridge: Connection\\u{1b}[31m refused. (ECONNREFUSED)']);
	assert.deepEqual(after(refused()), []);
	assert.deepEqual(after({ code: 'x', message: 'Not accepted.' }), ['Bridge: Not accepted.']);
	progress.end();
	assert.deepEqual(after(refused()), []);
});
