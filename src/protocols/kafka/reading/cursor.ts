import type { Isolation } from '../cluster/offsets';
import type { RecordReader } from '../wire/records';

/** A partition that is read for one subscription. */
export interface Cursor extends RecordReader {
	readonly topic: string;
	readonly partition: number;
	readonly isolation: Isolation;
	/** Reads until there, as it stood when the reading began. */
	readonly end: bigint | undefined;
	/** Broker that leads the partition. */
	leader: number;
	/** Id of the topic, for the versions of Fetch that use it. */
	topicId: string;
	/** Not to be fetched before, by `performance.now()`. */
	pausedUntil: number;
	/** Failures in a row. */
	failures: number;
	/** Only fetched alone, because an answer was too large. */
	isAlone: boolean;
	/** Nothing more is wanted from the partition. */
	done(): void;
	/** The partition has no such offset, because old records were deleted or the log was truncated. */
	outOfRange(): void;
	/** The partition cannot be read: ends the subscription. */
	failed(error: unknown): void;
}
