/** Bounds on what one client may cost: generous for a person who tries things out, and small enough for any machine. */
export const limits = {
	/** Bytes of one packet, announced to MQTT 5 clients. */
	packet: 16 * 1024 * 1024,
	clients: 500,
	/** Subscriptions of one client. */
	subscriptions: 1000,
	/** QoS 2 messages that a client may leave unreleased, announced to MQTT 5 clients (3.2.2.3.3). */
	receiveMaximum: 100,
	/** QoS 1 and 2 messages that wait for the acknowledgements of a client, and the bytes of their payloads. */
	queue: 1000,
	queueBytes: 16 * 1024 * 1024,
	/** Bytes in the send buffer of a client: above the first QoS 0 messages are dropped, above the second the client is. */
	socketSoft: 4 * 1024 * 1024,
	socketHard: 64 * 1024 * 1024,
	retained: 10_000,
	retainedBytes: 64 * 1024 * 1024,
	/** Milliseconds from the connection to the CONNECT packet. */
	connectMs: 10_000,
};

/** The reason codes of MQTT 5 (2.4) that this broker sends. */
export const reason = {
	success: 0x00,
	noMatchingSubscribers: 0x10,
	noSubscriptionExisted: 0x11,
	malformed: 0x81,
	protocolError: 0x82,
	notAuthorized: 0x87,
	serverBusy: 0x89,
	serverShuttingDown: 0x8b,
	badAuthenticationMethod: 0x8c,
	keepAliveTimeout: 0x8d,
	sessionTakenOver: 0x8e,
	topicFilterInvalid: 0x8f,
	topicNameInvalid: 0x90,
	packetIdentifierNotFound: 0x92,
	receiveMaximumExceeded: 0x93,
	topicAliasInvalid: 0x94,
	packetTooLarge: 0x95,
	quotaExceeded: 0x97,
} as const;
