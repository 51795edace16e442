import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createTurnClock } from '../../../../src/engine/session/turn-clock';

test('the system is asked for the time once in a turn of the loop', async () => {
	let asked = 0;
	const clock = createTurnClock(() => ++asked);
	assert.deepEqual([clock(), clock(), clock()], [1, 1, 1]);
	await setImmediate();
	assert.deepEqual([clock(), clock()], [2, 2]);
	await setImmediate();
	await setImmediate();
	assert.equal(clock(), 3);
});
