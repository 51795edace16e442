import type { LivenessOptions } from '../../shared/liveness';

/** A dead link shows after this many milliseconds at the latest, whatever the keep alive. */
const maxSilence = 15_000;

/**
 * A dead broker shows within 1.5 keep alives, and within 15 s. Something is sent twice within each keep alive (MQTT 5,
 * 3.1.2.10). `keepAlive` in seconds; 0 for none.
 */
export function livenessTimes(keepAlive: number): Pick<LivenessOptions, 'quiet' | 'patience' | 'beat'> {
	const within = keepAlive > 0 ? Math.min(maxSilence, keepAlive * 1500) : maxSilence;
	// The rest is left for timers that run late.
	return { quiet: within * 0.43, patience: within * 0.48, ...(keepAlive > 0 && { beat: keepAlive * 500 }) };
}
