import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { watchLiveness } from '../../../../src/protocols/websocket/wire/liveness';

/** A minute of pretended time; `answers` says whether the peer answers the nth ping. */
function minute(t: TestContext, every: number, answers: (ping: number) => boolean, chatter = 0) {
	t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
	let time = 0;
	const pings: number[] = [];
	let dead: number | undefined;
	const liveness = watchLiveness({
		every,
		now: () => time,
		ping() {
			pings.push(time);
			if (answers(pings.length)) setTimeout(() => liveness.seen(), 5);
		},
		dead() {
			dead ??= time;
			liveness.stop();
		},
	});
	for (; time < 60_000 && dead === undefined; time += 5) {
		if (chatter > 0 && time % chatter === 0) liveness.seen();
		t.mock.timers.tick(5);
	}
	liveness.stop();
	return { pings, dead };
}

test('liveness: a peer that answers lives, and is asked no less than wanted', (t) => {
	const { pings, dead } = minute(t, 4000, () => true);
	assert.equal(dead, undefined);
	assert.ok(pings.length >= 14 && pings.length <= 15, pings.join());
});

test('liveness: a silent peer is dead within one and a half intervals', (t) => {
	const { dead } = minute(t, 4000, () => false);
	assert.ok(dead !== undefined && dead <= 6050, String(dead));
});

test('liveness: a silent peer is dead within 15 s, however rarely it is to be pinged', (t) => {
	const { dead } = minute(t, 600_000, () => false);
	assert.ok(dead !== undefined && dead > 10_000 && dead <= 15_050, String(dead));
});

test('liveness: a peer that stops answering later is dead one and a half intervals later', (t) => {
	const { dead, pings } = minute(t, 4000, (ping) => ping < 3);
	assert.ok(dead !== undefined && dead - (pings[1] ?? 0) <= 6050, String(dead));
});

test('liveness: messages are life too, and the peer is still pinged', (t) => {
	const { dead, pings } = minute(t, 20_000, () => false, 100);
	assert.equal(dead, undefined);
	assert.deepEqual(pings.length, 2);
});
