/*
 * The part of @platformatic/kafka that is used: connections, authentication, requests and answers, compression. It is
 * bundled by scripts/lib/kafka-stream.mjs, which also replaces its sockets and leaves out its clients.
 */
export {
	type API,
	Connection,
	compressionsAlgorithms,
	crc32c,
	createAPI,
	decodeConsumerProtocolAssignment,
	decodeConsumerProtocolSubscription,
	encodeConsumerProtocolAssignment,
	encodeConsumerProtocolSubscription,
	protocolErrorsCodesById,
	type Reader,
	type SASLOptions,
	saslScramSha,
} from '@platformatic/kafka';
