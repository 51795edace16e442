/** Longest pause between two attempts, in milliseconds. */
const longest = 30_000;

/**
 * A link that held this long was good: the next loss starts again with the shortest pause. Well beyond the longest
 * pause, or two clients that throw each other out would never wait long. Milliseconds.
 */
export const stableAfter = 60_000;

/**
 * Pause before attempt `attempt` (the first retry is 1), in milliseconds: doubling from one second to thirty, less up
 * to a fifth at random so that many clients of one broker do not come back together.
 */
export function retryPause(attempt: number, random: () => number = Math.random): number {
	return Math.min(longest, 1000 * 2 ** (attempt - 1)) * (1 - 0.2 * random());
}
