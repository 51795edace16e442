/** Acknowledge the messages of a subscription only when they are settled, and not when they are in the log. */
export interface Hold {
	/** Messages that may wait for their outcome at a time; the peer sends no more. The protocol's own window unless given. */
	limit?: number;
}

/**
 * The outcome of a held message. `done`: it is acknowledged and does not come again. `again`: it was not processed, and comes
 * again soon if `Holding.repeats`.
 */
export type Outcome = 'done' | 'again';

export const outcomes = ['done', 'again'] as const satisfies readonly Outcome[];

/** What holding means for a subscription. */
export interface Holding {
	/** Whether its messages wait for an outcome. Otherwise they are received as without `Hold`. */
	holds: boolean;
	/** The outcome `again` brings the message again, at once. Otherwise it has to be kept elsewhere. */
	repeats: boolean;
	/** Messages without an outcome come again after the connection has ended. Otherwise they are lost with it. */
	survives: boolean;
	/** For the user, one or two sentences. */
	text: string;
}

/** The holding of messages that the peer does not expect to be acknowledged. `why`: a sentence that says so. */
export const cannotHold = (why: string): Holding => ({ holds: false, repeats: false, survives: false, text: why });

/** For protocols and modes whose descriptions say nothing about it. */
export const unacknowledged = cannotHold(
	'Messages of this source are not acknowledged: the peer forgets them when it has sent them.',
);
