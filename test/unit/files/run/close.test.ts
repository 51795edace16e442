import assert from 'node:assert/strict';
import test from 'node:test';
import { endings, run } from '../../../support/run/fake-run';

const answered = { proof: 'answered', text: 'answered in 3 ms with code 4404', ms: 3 } as const;
const ended = {
	code: 'closed-by-user',
	message: 'You closed the connection with code 4404. The server answered with code 4404.',
	end: { code: '4404', reason: 'no such field', normal: true },
	final: true,
};

const closes: [title: string, source: string, ending: string][] = [
	['a saved connection', '# @connection Echo\nCLOSE\nCode: 4404\nReason: no such field', 'passed'],
	['a connection of its own', 'CLOSE ws://h\ncode: 4404\nreason: no such field', 'passed'],
	['an expected answer', 'CLOSE ws://h\nCode: 4404\nReason: no such field\n\n?? code == 4404', 'passed'],
	['another answer than expected', 'CLOSE ws://h\nCode: 4404\nReason: no such field\n\n?? code == 1000', 'failed'],
];
for (const [title, source, ending] of closes)
	test(`CLOSE with ${title}: ${ending}`, async () => {
		const { results, peer } = await run(source, {
			protocol: 'websocket',
			onSend(_, { end }) {
				queueMicrotask(() => end(ended));
				return answered;
			},
		});
		assert.deepEqual(peer.drafts, [
			{ verb: 'close', target: '', values: { code: 4404, reason: 'no such field' }, payload: new Uint8Array() },
		]);
		assert.deepEqual(endings(results), [ending], JSON.stringify(results));
	});

test('the code of CLOSE must be a number', async () => {
	const { results, peer } = await run('CLOSE ws://h\nCode: gone', { protocol: 'websocket' });
	assert.match(results[0]?.failure?.message ?? '', /Code/);
	assert.deepEqual(peer.drafts, []);
});
