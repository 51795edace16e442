/** Bits 8–15 of a message's flags. */
export const amqp1Flag = {
	durable: 1 << 8,
	/** Its header counts earlier deliveries. */
	redelivered: 1 << 9,
	/** A copy: the server keeps the message. */
	browsed: 1 << 10,
	/** Received and released again. */
	released: 1 << 11,
	/** Received and accepted. */
	accepted: 1 << 12,
	/** Received, to be settled by the user. */
	held: 1 << 13,
	/** Answers a request. */
	reply: 1 << 14,
	/** The sender did not want an outcome. */
	settled: 1 << 15,
} as const;
