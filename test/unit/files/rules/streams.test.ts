import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeRule } from '../../../support/run/fake-rule';

test('a rule does not forward a message that it has had before', async () => {
	const { rule, of, clock } = await fakeRule(
		'ON commands/#\n?? no replays by body nonce\n=== PUBLISH out\nConnection: b\n\n{{message.body.nonce}}',
	);
	for (const nonce of ['a', 'b', 'a']) of('default').tell({ target: 'commands/1', body: `{"nonce":"${nonce}"}` });
	await clock.until('two are sent', () => rule.stats().done === 2);
	assert.equal(rule.stats().unmet, 1);
	assert.deepEqual(of('b').sent, ['out a', 'out b']);
});
