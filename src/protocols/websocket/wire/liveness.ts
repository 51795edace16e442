/** All times in milliseconds. */
export interface LivenessOptions {
	/** A ping at least this often. */
	every: number;
	ping(): void;
	/** Nothing came for `waited` after a ping. */
	dead(waited: number): void;
	now?: () => number;
}

export interface Liveness {
	/** Bytes have arrived. */
	seen(): void;
	stop(): void;
}

/** A peer that has been quiet this long is asked, however rarely it is to be pinged. */
const quietest = 10_000;

/**
 * Notices a peer that is dead or deaf within one and a half intervals, and within 15 s: a quiet one is asked after
 * `quiet`, and has half of that to send anything at all.
 */
export function watchLiveness({ every, ping, dead, now = () => performance.now() }: LivenessOptions): Liveness {
	const quiet = Math.min(every, quietest);
	const patience = quiet / 2;
	let lastSeen = now();
	let lastPing = now();
	let asked: number | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let recheck: ReturnType<typeof setImmediate> | undefined;

	function check(late = false): void {
		const time = now();
		if (asked !== undefined && lastSeen < asked) {
			if (time < asked + patience) {
				wait(asked + patience - time);
				return;
			}
			// After a pause of this thread the timer comes before what has arrived meanwhile: let that be read first.
			if (late) dead(time - asked);
			else recheck = setImmediate(check, true);
			return;
		}
		asked = undefined;
		const due = Math.min(lastSeen + quiet, lastPing + every);
		if (time < due) {
			wait(due - time);
			return;
		}
		asked = time;
		lastPing = time;
		ping();
		wait(patience);
	}

	function wait(ms: number): void {
		timer = setTimeout(check, Math.max(1, ms));
	}

	check();
	return {
		seen() {
			lastSeen = now();
		},
		stop() {
			clearTimeout(timer);
			clearImmediate(recheck);
		},
	};
}
