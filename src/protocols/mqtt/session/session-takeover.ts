import type { Failure } from '../../../base/failure';
import type { ConnectContext } from '../../adapter';
import { peerText } from '../../shared/peer-text';

const key = 'mqtt.closedWithoutReason';
/** A connection that was held longer than a rival waits before it comes back. Milliseconds. */
const soon = 60_000;
/** In a row; at the last one the session gives up. */
const mostClosings = 3;

/**
 * Mosquitto 2.0 in both versions, and any broker in MQTT 3.1.1, closes a connection without a word when another client
 * comes with the same client ID. If each of the two came back they would throw each other out for ever: whoever has been
 * closed like that several times in a row says so and stays away.
 */
export function closedWithoutReason(failure: Failure, { memory, profile }: ConnectContext, heldMs: number): Failure {
	const { clientId } = profile.values;
	if (failure.code !== 'closed-by-broker' || typeof clientId !== 'string' || clientId === '') return failure;
	const earlier = memory.get(key);
	const times = (heldMs < soon && typeof earlier === 'number' ? earlier : 0) + 1;
	memory.set(key, times);
	const remedy = { text: 'Give each client a client ID of its own; leave it empty for a new one in each window.' };
	if (times < mostClosings) return { ...failure, remedy };
	forgetClosings(memory);
	return {
		code: 'conflict',
		message: `The broker closed the connection ${times} times in a row without a reason: another client probably uses the client ID "${peerText(clientId)}".`,
		evidence: failure.evidence,
		remedy,
		final: true,
	};
}

/** An attempt that was not accepted: the broker has trouble of another kind. */
export function forgetClosings(memory: ConnectContext['memory']): void {
	memory.delete(key);
}
