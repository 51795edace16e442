import { randomBytes } from 'node:crypto';

/** Time and random numbers, so that tests can control both. */
export interface Clock {
	/** Milliseconds, never going back. */
	now(): number;
	/** Calls `action` after `ms` milliseconds unless the returned function is called before. */
	later(ms: number, action: () => void): () => void;
	/** From 0 up to, but not including, 1. */
	random(): number;
	bytes(count: number): Uint8Array;
}

/** Longest delay of a Node timer; longer ones would fire at once. Milliseconds. */
const maxDelay = 2 ** 31 - 1;

export const realClock: Clock = {
	now: () => performance.now(),
	later(ms, action) {
		const timer = setTimeout(action, Math.min(ms, maxDelay));
		return () => clearTimeout(timer);
	},
	random: Math.random,
	bytes: (count) => randomBytes(count),
};
