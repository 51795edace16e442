/** Below this number of milliseconds the loop polls instead of sleeping: timers are exact to a millisecond only. */
const pollBelow = 3;
/** Messages that are sent in one turn of the loop when they are late, so that answers can be read in between. */
const maxBurst = 64;

/**
 * Calls `send` for each number below `count` at its time, `rate` per second, whether or not earlier messages have been
 * answered. `intended` is the time by `performance.now()` at which it was due. Ends early when `send` returns false or
 * `signal` is aborted.
 */
export function pace(
	count: number,
	rate: number,
	send: (sequence: number, intended: number) => boolean,
	signal: AbortSignal,
): Promise<void> {
	const interval = 1000 / rate;
	const start = performance.now();
	let next = 0;
	return new Promise((resolve, reject) => {
		const turn = () => {
			try {
				const now = performance.now();
				for (let burst = 0; next < count && burst < maxBurst; burst++) {
					const intended = start + next * interval;
					if (intended > now) break;
					if (signal.aborted || !send(next++, intended)) return resolve();
				}
				if (next >= count || signal.aborted) return resolve();
				const wait = start + next * interval - performance.now();
				if (wait > pollBelow) setTimeout(turn, wait - pollBelow + 1);
				else setImmediate(turn);
			} catch (error) {
				reject(error);
			}
		};
		turn();
	});
}
