import type { Clock } from '../../../src/protocols/coap/wire/clock';

export interface FakeClock extends Clock {
	/** Lets so many milliseconds pass; what is due runs in its order, at its own time. */
	pass(ms: number): void;
	/** Timers that run. */
	readonly waiting: number;
}

/** Time that passes only when told to, and chance that is none: `random` is what `Math.random` would say. */
export function fakeClock(random = 0): FakeClock {
	let now = 1000;
	let next = 0;
	const timers = new Map<number, { at: number; action: () => void }>();
	return {
		now: () => now,
		later(ms, action) {
			const id = next++;
			timers.set(id, { at: now + ms, action });
			return () => timers.delete(id);
		},
		random: () => random,
		bytes: (count) => Uint8Array.from({ length: count }, (_, at) => (next++ + at) & 255),
		pass(ms) {
			const end = now + ms;
			for (;;) {
				const [due] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
				if (!due) break;
				timers.delete(due[0]);
				now = due[1].at;
				due[1].action();
			}
			now = end;
		},
		get waiting() {
			return timers.size;
		},
	};
}
