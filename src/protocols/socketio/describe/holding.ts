import type { Holding } from '../../../model/contracts/hold';

/** Socket.IO has no negative acknowledgement; a server may emit an event again if its sender has set `retries`. */
export const holding: Holding = {
	...{ holds: true, repeats: false, survives: false },
	text: 'Events that ask for an acknowledgement are acknowledged after their outcome; the others are not. An event without an outcome stays unanswered, and whether its sender emits it again is up to the sender.',
};
