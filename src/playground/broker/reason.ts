/** Reason codes of MQTT 5 (2.4) that this broker gives. */
export const reason = {
	success: 0x00,
	noMatchingSubscribers: 0x10,
	noSubscriptionExisted: 0x11,
	malformed: 0x81,
	protocolError: 0x82,
	unsupportedVersion: 0x84,
	notAuthorized: 0x87,
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

/** The client did what the protocol forbids: its connection ends with this reason, and only its. */
export class Violation extends Error {
	constructor(
		readonly code: number,
		message: string,
	) {
		super(message);
	}
}

/** The packet id, which must be there and not 0 (MQTT 5, 2.2.1). */
export function numbered(messageId: number | undefined): { messageId: number } {
	if (!messageId) throw new Violation(reason.malformed, 'no packet identifier');
	return { messageId };
}
