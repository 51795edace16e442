/** Maximum pause between two attempts, in milliseconds. */
const longest = 30_000;

/**
 * A link that lasted this long (milliseconds) resets the retry pause. Well above the maximum pause; otherwise two
 * clients that take over each other's session would never back off.
 */
export const stableAfter = 60_000;

/**
 * Pause before attempt `attempt` (the first retry is 1), in milliseconds. Doubles from one second to thirty, minus up
 * to a fifth at random so that the clients of a broker do not reconnect at the same moment.
 */
export function retryPause(attempt: number, random: () => number = Math.random): number {
	return Math.min(longest, 1000 * 2 ** (attempt - 1)) * (1 - 0.2 * random());
}
