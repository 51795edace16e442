/** A peer that has been quiet this long is asked, however rarely it is to be pinged. Milliseconds. */
const quietest = 10_000;

export interface Liveness {
	heard(): void;
	stop(): void;
}

/**
 * Asks a server that was quiet for `every` milliseconds, 10 s at most, and gives it half of that to say anything at all:
 * a dead one shows within one and a half intervals, and within 15 s.
 */
export function watch(every: number, ask: () => void, dead: (waited: number) => void): Liveness {
	const quiet = Math.min(every, quietest);
	let heardAt = performance.now();
	let askedAt: number | undefined;
	const look = () => {
		const now = performance.now();
		if (askedAt !== undefined && heardAt >= askedAt) askedAt = undefined;
		if (askedAt === undefined) {
			if (now - heardAt >= quiet) {
				askedAt = now;
				ask();
			}
			return;
		}
		if (now - askedAt < quiet / 2) return;
		// After a pause of this thread the timer comes before what has arrived meanwhile: let that be read first.
		setImmediate(() => {
			if (askedAt !== undefined && heardAt < askedAt && !stopped) dead(performance.now() - askedAt);
		});
	};
	let stopped = false;
	const timer = setInterval(look, Math.max(20, quiet / 20));
	return {
		heard() {
			heardAt = performance.now();
		},
		stop() {
			stopped = true;
			clearInterval(timer);
		},
	};
}
