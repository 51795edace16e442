import type { Isolation } from '../cluster/offsets';
import type { RecordReader } from '../wire/records';

/** A partition that is read for one subscription. */
export interface Cursor extends RecordReader {
	readonly topic: string;
	readonly partition: number;
	readonly isolation: Isolation;
	/** Reads until there, as it stood when the reading began. */
	readonly end: bigint | undefined;
	/** Broker that is asked: the leader, or a replica that it has named. */
	node: number;
	/** Id of the topic, for the versions of Fetch that use it. */
	topicId: string;
	/** Not to be fetched before, by `performance.now()`. */
	pausedUntil: number;
	/** Failures in a row. */
	failures: number;
	/** Nothing more is wanted from the partition. */
	done(): void;
	/** The broker has no such offset, because old records were deleted, the log was truncated, or a replica lags behind. */
	outOfRange(): void;
	/** The topic was deleted and created again, with this id: it is read from its beginning. */
	recreated(topicId: string): void;
	/** The partition cannot be read: ends the subscription. */
	failed(error: unknown): void;
}
