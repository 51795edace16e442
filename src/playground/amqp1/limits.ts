export const limits = {
	clients: 1000,
	/** Queues, dynamic ones included. */
	queues: 200,
	/** Messages of a queue. The oldest ones make room. */
	messages: 1000,
	/** Messages of a queue of one client, or of a subscriber of the topic. */
	copies: 100,
	/** Bytes of a frame, which ends a connection that announces more. */
	frameBytes: 1024 * 1024,
	/** Bytes that may wait for a client that does not read. */
	waitingBytes: 16 * 1024 * 1024,
};
