/** Bits 8–15 of a message's flags. */
export const amqpFlag = {
	redelivered: 1 << 8,
	persistent: 1 << 9,
	/** Looked at in its queue and put back. */
	peeked: 1 << 10,
	/** Taken from its queue. */
	consumed: 1 << 11,
	/** It has an `x-death` header. */
	dead: 1 << 12,
	/** Seen by the firehose. */
	traced: 1 << 13,
	/** Answers a request. */
	reply: 1 << 14,
} as const;

/** What the log keeps of a message besides its body and flags. */
export interface AmqpMeta {
	exchange: string;
	key: string;
	/** It was read from this queue. */
	queue?: string;
	/** Its properties as they came (`keptHead`), so that it can be sent on unchanged. */
	head: string;
}
