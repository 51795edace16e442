import { FailureError } from '../../../base/failure';
import type { Act } from '../../adapter';
import type { Browsing } from '../browse/browse';
import type { Connection } from '../wire/connection';
import { streamCannot } from '../wire/refusals';

/** Milliseconds for the goodbye of a connection that nothing depends on any more. */
const goodbyeWithin = 500;

/** Work on the connection that it is safe on. */
export interface Risky {
	/**
	 * Reads from a queue in a way that streams do not have. RabbitMQ answers that by closing the connection with all that
	 * runs on it, not the channel: unless the queue is known to be none, it is done on a connection of its own.
	 */
	queue<T>(queue: string, act: Pick<Act, 'signal'>, work: (on: Connection) => Promise<T>): Promise<T>;
	/** Always on a connection of its own. */
	apart<T>(act: Pick<Act, 'signal'>, work: (on: Connection) => Promise<T>): Promise<T>;
}

export function createRisky(
	connection: Connection,
	browsing: Pick<Browsing, 'queueType'>,
	open: (until: AbortSignal) => Promise<Connection>,
): Risky {
	async function apart<T>({ signal }: Pick<Act, 'signal'>, work: (on: Connection) => Promise<T>): Promise<T> {
		// A stop ends the attempt to connect; the work itself ends as soon as nothing is lost by it.
		const own = await open(signal);
		void connection.ended.then(() => own.end());
		try {
			return await work(own);
		} finally {
			await own.close(goodbyeWithin);
		}
	}

	return {
		apart,
		async queue(queue, act, work) {
			const type = await browsing.queueType(queue);
			if (type === 'stream') throw new FailureError(streamCannot(queue));
			if (type === 'classic' || type === 'quorum') return work(connection);
			return apart(act, work).catch((error) => {
				// A queue that is there for this connection only; no stream can be that.
				if (error instanceof FailureError && error.failure.code === 'locked') return work(connection);
				throw error;
			});
		},
	};
}
