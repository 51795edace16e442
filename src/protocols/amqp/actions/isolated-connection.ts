import { FailureError } from '../../../base/failure';
import type { Act } from '../../adapter';
import type { Browsing } from '../browse/browse';
import type { Connection } from '../wire/connection';
import { streamCannot } from '../wire/refusals';

/** Milliseconds for closing a connection that nothing depends on any more. */
const closeWithin = 500;

type Work<T> = (connection: Connection) => Promise<T>;

/** Runs on a separate connection what could end the main one. */
export interface Isolation {
	/**
	 * Reads from a queue in a way that streams do not support. RabbitMQ answers that by closing the whole connection, not
	 * the channel: unless the queue is known not to be a stream, the work gets a separate connection.
	 */
	queue<T>(queue: string, act: Pick<Act, 'signal'>, work: Work<T>): Promise<T>;
	/** Always on a separate connection. */
	always<T>(act: Pick<Act, 'signal'>, work: Work<T>): Promise<T>;
}

export function createIsolation(
	connection: Connection,
	browsing: Pick<Browsing, 'queueType'>,
	open: (until: AbortSignal) => Promise<Connection>,
): Isolation {
	async function always<T>({ signal }: Pick<Act, 'signal'>, work: Work<T>): Promise<T> {
		// A stop ends the attempt to connect; the work itself ends as soon as nothing is lost by it.
		const own = await open(signal);
		void connection.ended.then(() => own.end());
		try {
			return await work(own);
		} finally {
			await own.close(closeWithin);
		}
	}

	return {
		always,
		async queue(queue, act, work) {
			const type = await browsing.queueType(queue);
			if (type === 'stream') throw new FailureError(streamCannot(queue));
			if (type === 'classic' || type === 'quorum') return work(connection);
			return always(act, work).catch((error) => {
				// The queue is exclusive to this connection, which a stream cannot be.
				if (error instanceof FailureError && error.failure.code === 'locked') return work(connection);
				throw error;
			});
		},
	};
}
