import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { livenessTimes } from '../../../../src/protocols/mqtt/session/broker-limits';
import { type LivenessOptions, quietFor, watchLiveness } from '../../../../src/protocols/shared/liveness';

type Times = Pick<LivenessOptions, 'quiet' | 'patience' | 'beat'>;

interface Peer {
	/** Whether the peer answers the nth probe; by default each. */
	answers?(probe: number): boolean;
	/** Sends something this often, in milliseconds. */
	chatter?: number;
	/** Something is written to it this often. */
	writes?: number;
	/** The thread stands still from this time on for this long, and reads afterwards. */
	pause?: { at: number; ms: number };
}

/** A minute of pretended time. */
function minute(t: TestContext, times: Times, { answers = () => true, chatter = 0, writes = 0, pause }: Peer) {
	t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
	let time = 0;
	const probes: number[] = [];
	let dead: number | undefined;
	let silence: number | undefined;
	const liveness = watchLiveness({
		...times,
		now: () => time,
		probe() {
			probes.push(time);
			if (answers(probes.length)) setTimeout(() => liveness.heard(), 5);
		},
		dead(_waited, silent) {
			dead ??= time;
			silence ??= silent;
			liveness.stop();
		},
	});
	for (; time < 60_000 && dead === undefined; time += 5) {
		if (pause?.at === time) time += pause.ms;
		if (chatter > 0 && time % chatter === 0) liveness.heard();
		if (writes > 0 && time % writes === 0) liveness.wrote();
		t.mock.timers.tick(5);
	}
	liveness.stop();
	return { probes, dead, silence };
}

const every = (ms: number): Times => ({ ...quietFor(ms), beat: ms });
const never = () => false;

const cases: [title: string, Times, Peer, dead: [after: number, before: number] | undefined, probes?: number[]][] = [
	['an answering peer lives, and is probed once in each interval', every(4000), {}, undefined, [14, 15]],
	['a silent peer is dead within one and a half intervals', every(4000), { answers: never }, [5990, 6050]],
	['a silent peer is dead within 15 s, whatever the interval', every(600_000), { answers: never }, [10_000, 15_050]],
	['a peer that stops answering', every(4000), { answers: (probe) => probe < 3 }, [13_990, 14_100]],
	['messages are a sign of life, and probes go on', every(20_000), { answers: never, chatter: 100 }, undefined, [2, 2]],
	['without a beat, a peer that sends is never probed', quietFor(4000), { chatter: 100 }, undefined, [0, 0]],
	[
		'what is written counts as a beat',
		{ ...quietFor(4000), beat: 500 },
		{ chatter: 100, writes: 100 },
		undefined,
		[0, 0],
	],
	['MQTT: a broker that falls silent, keep alive 60 s', livenessTimes(60), { answers: never }, [12_000, 15_000]],
	['MQTT: a broker that falls silent, keep alive 2 s', livenessTimes(2), { answers: never }, [2000, 3000]],
	['MQTT: no keep alive', livenessTimes(0), { answers: never }, [12_000, 15_000]],
	['MQTT: something is sent twice in each keep alive', livenessTimes(20), { chatter: 100 }, undefined, [5, 6]],
	[
		'a probe is sent before a peer is given up after a pause',
		every(4000),
		{ pause: { at: 1000, ms: 30_000 } },
		undefined,
	],
];

for (const [title, times, peer, expected, probes] of cases)
	test(`liveness: ${title}`, (t) => {
		const found = minute(t, times, peer);
		if (!expected) assert.equal(found.dead, undefined);
		else assert.ok(found.dead !== undefined && found.dead >= expected[0] && found.dead <= expected[1], `${found.dead}`);
		if (probes)
			assert.ok(found.probes.length >= (probes[0] ?? 0) && found.probes.length <= (probes[1] ?? 0), `${found.probes}`);
	});
