import { cannotHold, type Holding } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';

/** A stream keeps its messages, and an acknowledgement only lets the server send more. */
export const ofStream = cannotHold(
	'A stream keeps its messages and does not deliver one again because it was not acknowledged.',
);

const held: Holding = {
	...{ holds: true, repeats: true, survives: true },
	text: 'Each message is acknowledged after its outcome, or put back into its queue with basic.nack; a queue with a delivery limit drops or dead-letters it after as many attempts. Messages without an outcome go back to the queue when the connection ends.',
};

export function holdingOf({ mode = 'tap' }: Subscription): Holding {
	if (mode === 'consume') return held;
	if (mode === 'stream') return ofStream;
	return cannotHold(
		'Copies of messages are not acknowledged, and the server does not deliver them again: bind a queue and consume it.',
	);
}
