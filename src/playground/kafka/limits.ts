/** Limits of the broker. It is meant for demonstrations: beyond them it refuses, or forgets its oldest messages. */
export const limits = {
	/** Bytes of one request. */
	request: 8 * 1024 * 1024,
	/** Connections at a time, over all brokers. */
	clients: 64,
	/** Bytes of unsent answers of one connection, before it is closed. */
	output: 32 * 1024 * 1024,
	topics: 200,
	/** Partitions over all topics. */
	partitions: 2000,
	/** Bytes of stored batches in one partition, and over all partitions. The oldest are removed. */
	partitionBytes: 8 * 1024 * 1024,
	totalBytes: 64 * 1024 * 1024,
	groups: 200,
	membersPerGroup: 50,
	/** Bytes of a member's metadata and assignment. */
	memberBytes: 256 * 1024,
	/** Committed offsets of one group. */
	offsetsPerGroup: 4000,
	/** Producer ids that are remembered for duplicates and transactions. */
	producers: 1000,
	/** Bytes of a fetch answer, and milliseconds that a request may wait. */
	fetchBytes: 16 * 1024 * 1024,
	waitMs: 30_000,
};
export type Limits = typeof limits;
