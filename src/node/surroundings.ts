import { randomFillSync } from 'node:crypto';
import type { Clock } from '../files/run/connection';
import type { Surroundings } from '../files/values/builtins';

/** The time of this machine. */
export const clock: Clock = {
	now: () => performance.now(),
	after(ms, action) {
		const timer = setTimeout(action, ms);
		return { dispose: () => clearTimeout(timer) };
	},
};

/** The functions of a message file on this machine: its time and random bytes, and values from where the caller keeps them. */
export const surroundings = (values: Pick<Surroundings, 'env' | 'dotenv' | 'secret'>): Surroundings => ({
	now: Date.now,
	random: (bytes) => randomFillSync(new Uint8Array(bytes)),
	...values,
});
