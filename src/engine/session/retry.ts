import { type Failure, toFailure } from '../../base/failure';
import { sleep } from '../../base/sleep';

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

/** The end of a link. */
export interface Ended {
	/** Undefined: it was wanted. */
	failure?: Failure;
	/** Lifetime of the link in milliseconds. */
	ms: number;
}

export interface Retrying {
	signal: AbortSignal;
	/** Whether a failure that is not final is followed by another attempt. */
	reconnects: boolean;
	/** Milliseconds before a retry; the first is 1. */
	pause(attempt: number): number;
	/** One attempt and its link. Rejects if the link never opened. */
	connect(): Promise<Ended>;
	/** Called with the reason of each end. */
	lost(failure: Failure): void;
	/** Called before each pause. */
	waits(attempt: number, ms: number, failure: Failure): void;
}

/**
 * Connects, and connects again after each failure. Resolves with the failure that ends this; undefined if a link ended without
 * one or the signal aborted.
 */
export async function keepConnected(options: Retrying): Promise<Failure | undefined> {
	const { signal } = options;
	let losses = 0;
	while (!signal.aborted) {
		const { failure, ms } = await options.connect().catch((error): Ended => ({ failure: toFailure(error), ms: 0 }));
		if (signal.aborted || !failure) return undefined;
		options.lost(failure);
		if (failure.final || !options.reconnects) return failure;
		losses = ms >= stableAfter ? 1 : losses + 1;
		const pause = options.pause(losses);
		options.waits(losses, pause, failure);
		await sleep(pause, signal);
	}
	return undefined;
}
