import assert from 'node:assert/strict';
import test from 'node:test';
import { fail, toFailure } from '../../../../src/base/failure';
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

const repeated: [expectation: string, body: string][] = [
	['no replays by body nonce', '{"nonce":"a"}'],
	['no duplicates by body id', '{"id":"a"}'],
];
for (const [expectation, body] of repeated)
	test(`a message whose source is lost before its acknowledgement is expected again: ${expectation}`, async () => {
		const source = `# @keepStreaming\nON in/#\n?? ${expectation}\n=== PUBLISH out\nConnection: b\n\nx`;
		for (const [holding, unmet] of [
			[{}, 0],
			// It is not delivered again, so that this is another message.
			[undefined, 1],
		] as const) {
			const { rule, of, clock } = await fakeRule(source, { holding, onSend: () => new Promise<never>(() => {}) });
			of('default').tell({ target: 'in/x', body });
			of('default').end(toFailure(fail('lost', 'The broker has gone away.')));
			const subscriptions = () => of('default').log.filter((line) => line.startsWith('subscribe'));
			await clock.until('it subscribes again', () => subscriptions().length === 2);
			of('default').tell({ target: 'in/x', body });
			assert.equal(rule.stats().received, 2);
			assert.equal(rule.stats().unmet, unmet);
		}
	});
