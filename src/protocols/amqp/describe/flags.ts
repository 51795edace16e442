/** Bits 8–15 of a message's flags. */
export const amqpFlag = {
	redelivered: 1 << 8,
	persistent: 1 << 9,
	/** Read by peeking, and put back into its queue. */
	peeked: 1 << 10,
	/** Consumed from its queue. */
	consumed: 1 << 11,
	/** Has an `x-death` header. */
	dead: 1 << 12,
	/** Received from the firehose. */
	traced: 1 << 13,
	/** Answers a request. */
	reply: 1 << 14,
	/** Read from a stream, which keeps it. */
	read: 1 << 15,
} as const;
