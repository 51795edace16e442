/** What one client may cost. Generous for a person who plays, and an end to everything. */
export const limits = {
	/** Bytes of one packet; announced to MQTT 5 clients. */
	packet: 16 * 1024 * 1024,
	/** QoS 2 messages that a client may have unreleased; announced (MQTT 5, 3.2.2.3.3). */
	receiveMaximum: 100,
	topicAliases: 32,
	subscriptions: 1000,
	/** QoS 1 and 2 messages waiting for a client, and their bytes. */
	queue: 1000,
	queueBytes: 16 * 1024 * 1024,
	/** Bytes waiting in a client's socket: beyond the first QoS 0 messages are dropped, beyond the second the client. */
	socketSoft: 4 * 1024 * 1024,
	socketHard: 64 * 1024 * 1024,
	sessions: 500,
	retained: 10_000,
	retainedBytes: 64 * 1024 * 1024,
	/** Milliseconds from the connection to its CONNECT packet. */
	connectMs: 10_000,
};
