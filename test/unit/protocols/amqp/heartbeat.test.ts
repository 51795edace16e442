import assert from 'node:assert/strict';
import test from 'node:test';
import { watchSilence } from '../../../../src/protocols/amqp/wire/silence';
import { pretend } from './pretend';

test('AMQP: at most a heartbeat of 10 s is agreed, whatever profile and server propose', async (t) => {
	for (const [ours, theirs, agreed] of [
		[60, 60, 10],
		[60, 0, 10],
		[60, 5, 5],
		[3, 60, 3],
		[0, 60, 0],
	] as const) {
		const { tuned, connection } = await pretend(t, { heartbeat: theirs, login: { heartbeat: ours } });
		assert.equal(tuned.readUInt16BE(17), agreed, `${ours} and ${theirs}`);
		assert.equal(connection.heartbeat, agreed);
	}
});

test('AMQP: a server that falls silent shows within 15 s, one that sends heartbeats does not', (t) => {
	let now = 0;
	t.mock.method(performance, 'now', () => now);
	t.mock.timers.enable({ apis: ['setInterval'] });
	const dead: number[] = [];
	const alive: number[] = [];
	const silence = watchSilence(
		10,
		() => void alive.push(now),
		() => void dead.push(now),
	);
	const pass = (ms: number) => {
		for (let left = ms; left > 0; left -= 25) {
			now += 25;
			t.mock.timers.tick(25);
		}
	};
	for (let beat = 0; beat < 6; beat++) {
		pass(10_000);
		silence.heard();
	}
	assert.equal(dead.length, 0);
	const reports = alive.length;
	assert.ok(reports >= 5, 'the library is told of each');
	pass(20_000);
	const after = (dead[0] ?? 0) - 60_000;
	assert.ok(after > 10_000 && after <= 15_000, `after ${after} ms`);
	assert.equal(alive.length, reports + 1, 'and not of silence');
});
