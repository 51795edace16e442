/** Bounds on the cost of one client, and of all retained messages. */
export const limits = {
	/** Bytes of one packet, announced to MQTT 5 clients. */
	packet: 16 * 1024 * 1024,
	clients: 500,
	/** Subscriptions of one client. */
	subscriptions: 1000,
	/** Bytes in the send buffer of a client. Above the first limit QoS 0 messages are dropped, above the second the client is. */
	socketSoft: 4 * 1024 * 1024,
	socketHard: 64 * 1024 * 1024,
	retained: 10_000,
	retainedBytes: 64 * 1024 * 1024,
	/** Milliseconds from the connection to the CONNECT packet. */
	connectMs: 10_000,
};

/** The reason codes of MQTT 5 (2.4) that this broker sends. */
export const reason = {
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
	packetTooLarge: 0x95,
	quotaExceeded: 0x97,
	sharedSubscriptionsNotSupported: 0x9e,
} as const;
