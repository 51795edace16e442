import { createHmac, randomFillSync } from 'node:crypto';
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

/** Random bytes that are used once. A call for a few bytes costs more than the bytes, so that they are drawn ahead. */
const pool = new Uint8Array(4096);
let used = pool.length;

function random(count: number): Uint8Array {
	if (count > pool.length) return randomFillSync(new Uint8Array(count));
	if (used + count > pool.length) {
		randomFillSync(pool);
		used = 0;
	}
	const bytes = pool.slice(used, used + count);
	pool.fill(0, used, used + count);
	used += count;
	return bytes;
}

/** The functions of a message file on this machine: its time and random bytes, and values from where the caller keeps them. */
export const surroundings = (values: Pick<Surroundings, 'env' | 'dotenv' | 'secret'>): Surroundings => ({
	now: Date.now,
	random,
	hmac: (algorithm, key, bytes) => createHmac(algorithm, key).update(bytes).digest(),
	...values,
});
