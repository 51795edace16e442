import { type Failure, toFailure } from '../../../base/failure';
import type { Channel } from '../wire/channel';
import type { Connection } from '../wire/connection';
import type { Outcome, Publishing } from './publishing';

/** Handed to the operating system. */
export interface Written {
	kind: 'written';
}

/**
 * A channel without confirms: the server answers no message, and drops those that no queue takes. `refused`: the server has
 * closed the channel for one of them and has ignored those after it.
 */
export function createUnconfirmed(
	connection: Connection,
	refused: (failure: Failure) => void,
): Publishing<Outcome | Written> {
	let ended: Failure | undefined;
	let channel: Channel | undefined;
	let waiting = 0;
	let waitingBytes = 0;
	const opening = connection.open({
		closed(failure) {
			if (!ended && connection.live) refused(failure);
			ended ??= failure;
		},
	});
	opening.then(
		(opened) => {
			channel = opened;
		},
		(error) => {
			ended ??= toFailure(error);
		},
	);
	return {
		get open() {
			return !ended;
		},
		get waiting() {
			return waiting;
		},
		get waitingBytes() {
			return waitingBytes;
		},
		async publish(parcel) {
			waiting++;
			waitingBytes += parcel.body.length;
			try {
				(channel ?? (await opening)).publish(parcel);
				await connection.drained();
				return { kind: 'written' };
			} catch (error) {
				return { kind: 'refused', failure: toFailure(error) };
			} finally {
				waiting--;
				waitingBytes -= parcel.body.length;
			}
		},
		async close() {
			ended ??= { code: 'closed', message: 'The channel was closed.' };
			await (await opening.catch(() => undefined))?.close();
		},
	};
}
