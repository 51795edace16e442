/** All times in milliseconds. */
export interface LivenessOptions {
	/** A peer that has sent nothing for this long is probed. */
	quiet: number;
	/** A probed peer that sends nothing for this long is dead. */
	patience: number;
	/** Something is sent at least this often, whatever the peer sends; undefined: no such promise. */
	beat?: number;
	/** Sends a ping or heartbeat. */
	probe(): void;
	/** Called once. `waited`: since the probe; `silent`: since the last byte. */
	dead(waited: number, silent: number): void;
	now?(): number;
}

export interface Liveness {
	/** Bytes have arrived. */
	heard(): void;
	/** Bytes were written, which counts as a beat. Optional where `beat` is meant for probes alone. */
	wrote(): void;
	stop(): void;
}

/** A peer is probed after this much silence at the latest, so that a dead one shows within 15 s. Milliseconds. */
const maxQuiet = 10_000;

/** Silence and patience with which a dead peer shows within one and a half intervals, and within 15 s. */
export function quietFor(interval: number): { quiet: number; patience: number } {
	const quiet = Math.min(interval, maxQuiet);
	return { quiet, patience: quiet / 2 };
}

/** Detects a peer that no longer answers. Starts at once. */
export function watchLiveness(options: LivenessOptions): Liveness {
	const { quiet, patience, beat = Number.POSITIVE_INFINITY, now = () => performance.now() } = options;
	let heardAt = now();
	let sentAt = heardAt;
	let probedAt: number | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let recheck: ReturnType<typeof setImmediate> | undefined;

	function check(isRead = false): void {
		const time = now();
		if (probedAt !== undefined && heardAt >= probedAt) probedAt = undefined;
		if (probedAt !== undefined && time >= probedAt + patience) {
			// After a pause of this thread the timer runs before the bytes that arrived meanwhile are read.
			if (isRead) options.dead(time - probedAt, time - heardAt);
			else recheck = setImmediate(check, true);
			return;
		}
		const isQuiet = probedAt === undefined && time >= heardAt + quiet;
		if (isQuiet) probedAt = time;
		if (isQuiet || time >= sentAt + beat) {
			sentAt = time;
			options.probe();
		}
		const due = Math.min(probedAt === undefined ? heardAt + quiet : probedAt + patience, sentAt + beat);
		timer = setTimeout(check, Math.max(1, due - time));
	}

	check();
	return {
		heard() {
			heardAt = now();
		},
		wrote() {
			sentAt = now();
		},
		stop() {
			clearTimeout(timer);
			clearImmediate(recheck);
		},
	};
}
