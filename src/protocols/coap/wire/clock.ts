import { randomBytes } from 'node:crypto';

/** Time and chance, so that tests can decide both. */
export interface Clock {
	/** Milliseconds, never going back. */
	now(): number;
	/** Calls `action` after `ms` milliseconds unless the returned function was called before. */
	later(ms: number, action: () => void): () => void;
	/** 0 up to but not including 1. */
	random(): number;
	bytes(count: number): Uint8Array;
}

/** A timer of Node turns longer waits into none. Milliseconds. */
const longest = 2 ** 31 - 1;

export const realClock: Clock = {
	now: () => performance.now(),
	later(ms, action) {
		const timer = setTimeout(action, Math.min(ms, longest));
		return () => clearTimeout(timer);
	},
	random: Math.random,
	bytes: (count) => randomBytes(count),
};
