import assert from 'node:assert/strict';
import test from 'node:test';
import type { Value } from '../../../../src/protocols/amqp1/wire/codec/values';
import { serverOf, termsForLibrary } from '../../../../src/protocols/amqp1/wire/server';

const none: Value = { type: 'null' };
const termsWith = (maxFrame: Value, channelMax: Value, idle: Value) =>
	termsForLibrary(serverOf([{ type: 'string', value: 'id' }, none, maxFrame, channelMax, idle]));

test('the library gets an open that its timers and its cutting of messages can bear', () => {
	const uint = (value: number): Value => ({ type: 'uint', value });
	const idle: [Value, number][] = [
		[none, 0],
		[uint(0), 0],
		[uint(1), 200],
		[uint(60_000), 60_000],
		[uint(2 ** 31), 2 ** 31 - 1],
		[uint(2 ** 32 - 1), 2 ** 31 - 1],
		// Of another type than the specification has.
		[{ type: 'string', value: 'soon' }, 0],
		[{ type: 'double', value: Number.NaN }, 0],
	];
	for (const [value, expected] of idle)
		assert.equal(termsWith(none, none, value).idle_time_out, expected, JSON.stringify(value));
	assert.deepEqual(termsWith({ type: 'string', value: 'x' }, { type: 'list', value: [] }, none), {
		...{ idle_time_out: 0, max_frame_size: 2 ** 32 - 1, channel_max: 65_535 },
	});
	assert.throws(() => termsWith(uint(511), none, none), /requires 512/);
});
