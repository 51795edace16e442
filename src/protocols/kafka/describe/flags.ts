/** Bits 8–15 of a message's flags belong to the protocol. */
export const kafkaFlag = {
	/** The value is null, which deletes the key in a compacted topic. */
	tombstone: 1 << 8,
	/** The timestamp was set by the broker when it appended the record, not by the producer. */
	appendTime: 1 << 9,
	/** Written within a transaction. */
	transactional: 1 << 10,
	/** Read as a member of a consumer group, whose position it moves. */
	consumed: 1 << 11,
} as const;

export const isTombstone = (flags: number): boolean => (flags & kafkaFlag.tombstone) !== 0;
