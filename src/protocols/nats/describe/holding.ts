import { cannotHold, type Holding } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';

/** Consumers whose configuration leaves nothing to settle. */
export const withoutAck = cannotHold(
	'The consumer asks for no acknowledgement (ack policy "none"), so its messages are not delivered again.',
);
export const ackAll = cannotHold(
	'The consumer acknowledges all earlier messages with each one (ack policy "all"), so its messages are acknowledged when they arrive. Use a consumer with the policy "explicit".',
);

const held: Holding = {
	...{ holds: true, repeats: true, survives: true },
	text: 'Each message is acknowledged after its outcome, or refused with -NAK, and its time is extended until then. The server delivers messages without an outcome again when their ack wait is over, as often as the consumer allows.',
};

export function holdingOf({ mode = 'subscribe' }: Subscription): Holding {
	if (mode === 'consume') return held;
	if (mode === 'stream' || mode === 'kv')
		return cannotHold('A stream that is read without a consumer does not deliver a message again. Use a consumer.');
	return cannotHold(
		'Core NATS delivers a message at most once and expects no acknowledgement. Use a consumer of a stream.',
	);
}
