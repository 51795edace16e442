/** Error codes of Kafka's protocol that this broker uses. */
export const errors = {
	none: 0,
	unknownServerError: -1,
	offsetOutOfRange: 1,
	corruptMessage: 2,
	unknownTopicOrPartition: 3,
	leaderNotAvailable: 5,
	notLeaderOrFollower: 6,
	messageTooLarge: 10,
	coordinatorNotAvailable: 15,
	notCoordinator: 16,
	invalidTopic: 17,
	illegalGeneration: 22,
	inconsistentGroupProtocol: 23,
	invalidGroupId: 24,
	unknownMemberId: 25,
	invalidSessionTimeout: 26,
	rebalanceInProgress: 27,
	unsupportedSaslMechanism: 33,
	illegalSaslState: 34,
	unsupportedVersion: 35,
	topicAlreadyExists: 36,
	invalidPartitions: 37,
	invalidReplicationFactor: 38,
	invalidReplicaAssignment: 39,
	invalidConfig: 40,
	invalidRequest: 42,
	unsupportedForMessageFormat: 43,
	policyViolation: 44,
	outOfOrderSequence: 45,
	invalidProducerEpoch: 47,
	invalidTxnState: 48,
	invalidProducerIdMapping: 49,
	saslAuthenticationFailed: 58,
	nonEmptyGroup: 68,
	groupIdNotFound: 69,
	fencedLeaderEpoch: 74,
	unknownLeaderEpoch: 75,
	memberIdRequired: 79,
	groupMaxSizeReached: 81,
	fencedInstanceId: 82,
	groupSubscribedToTopic: 86,
	invalidRecord: 87,
	unknownTopicId: 100,
} as const;

/** Ends a part of a request with an error code. */
export class KafkaError extends Error {
	constructor(
		readonly code: number,
		message: string,
	) {
		super(message);
	}
}

/** Result of `run`, or the code and text of its `KafkaError`. */
export function attempt<T>(run: () => T): { value: T } | { code: number; text: string } {
	try {
		return { value: run() };
	} catch (error) {
		if (error instanceof KafkaError) return { code: error.code, text: error.message };
		throw error;
	}
}
