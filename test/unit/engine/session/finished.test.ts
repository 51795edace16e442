import assert from 'node:assert/strict';
import test from 'node:test';
import type { Failure } from '../../../../src/base/failure';
import { createSubscriptions } from '../../../../src/engine/session/subscriptions';
import type { Link } from '../../../../src/protocols/adapter';

const link = { subscribe: async () => ({}) } as unknown as Link;

test('a subscription that has brought everything ends normally, is not restored, and may be started again', async () => {
	const notes: string[] = [];
	const ends: Failure[] = [];
	const subscriptions = createSubscriptions({
		note: (text) => notes.push(text),
		changed() {},
		ended: (_, failure) => ends.push(failure),
	});
	const wanted = { target: 't' };
	const { id } = await subscriptions.add(link, wanted);
	subscriptions.change(id, { finished: 'Finished reading t: 2 messages.' });
	assert.equal(subscriptions.states.length, 0);
	assert.deepEqual(notes, ['Finished reading t: 2 messages.']);
	assert.equal(ends[0]?.end?.normal, true);
	assert.deepEqual(
		subscriptions.finished.map((one) => one.id),
		[id],
	);
	subscriptions.lost();
	await subscriptions.restore(link);
	assert.equal(subscriptions.states.length, 0);
	await subscriptions.add(link, wanted);
	assert.deepEqual(subscriptions.finished, [], 'it runs again');
	assert.equal(subscriptions.states[0]?.state, 'active');
});
