import type { Failure } from '../../../base/failure';
import type { ConnectContext } from '../../adapter';
import { peerText } from '../../shared/peer-text';

const key = 'mqtt.closedWithoutReason';
/** A connection that lasted longer than this was not ended by a client that reconnects at once. Milliseconds. */
const soon = 60_000;
/** Closings in a row after which the session stops reconnecting. */
const maxClosings = 3;

/**
 * Mosquitto 2.0 in both versions, and any broker in MQTT 3.1.1, closes a connection without a reason when another client
 * connects with the same client ID. Two clients that reconnect would end each other's connection for ever, so after
 * several such closings in a row the failure is final.
 */
export function closedWithoutReason(failure: Failure, { memory, profile }: ConnectContext, heldMs: number): Failure {
	const { clientId } = profile.values;
	if (failure.code !== 'closed-by-broker' || typeof clientId !== 'string' || clientId === '') return failure;
	const earlier = memory.get(key);
	const times = (heldMs < soon && typeof earlier === 'number' ? earlier : 0) + 1;
	memory.set(key, times);
	const remedy = { text: 'Give each client a client ID of its own; leave it empty to generate one for each window.' };
	if (times < maxClosings) return { ...failure, remedy };
	forgetClosings(memory);
	return {
		code: 'conflict',
		message: `The broker closed the connection ${times} times in a row without a reason: another client probably uses the client ID "${peerText(clientId)}".`,
		evidence: failure.evidence,
		remedy,
		final: true,
	};
}

/** Resets the count: an attempt was refused, so the cause is another one. */
export function forgetClosings(memory: ConnectContext['memory']): void {
	memory.delete(key);
}
