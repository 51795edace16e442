import type { Comparison, Route } from '../../comparison';

const route = (target: string, acks: '0' | 'all', measures: string): Route => ({
	label: `acks=${acks}`,
	send: { verb: 'produce', values: { acks } },
	receive: { target, mode: 'read', from: 'latest' },
	delivery: 'copy',
	measures: `From the produce request until the record is in a fetch response. The reader commits no offsets. Records without a key go to any partition, so that they may overtake each other. ${measures}`,
});

export const comparison: Comparison = {
	routes: (target) => ({
		'at-most-once': route(target, '0', 'The broker does not answer the producer.'),
		'at-least-once': route(target, 'all', 'All replicas in sync have the record before the broker answers.'),
	}),
	idle: () => undefined,
	guarantees: {
		ordering: 'Per partition, so per key',
		persistence: 'A replicated log, kept by time or size, or by key when compacted',
		acknowledgement: 'acks by none, the leader or all replicas; consumers commit offsets',
		routing: 'Topics and partitions by key; consumer groups divide them',
		discovery: 'Metadata lists topics, partitions and brokers',
		security: 'TLS, SASL (PLAIN, SCRAM, OAUTHBEARER), client certificates, ACLs',
	},
	fits: {
		'low-bandwidth': [1, 'Record batches are compact in bulk, and large for single messages.'],
		'low-latency': [1, 'Made for throughput: batches and polling come before single messages.'],
		'at-least-once': [3, 'Acknowledged by all replicas, and offsets that are committed after the work.'],
		'exactly-once': [3, 'Idempotent producers and transactions, between topics of one cluster.'],
		constrained: [0, 'Clients keep metadata of the cluster and connections to its brokers.'],
		browser: [0, 'Browsers cannot open its connections; a REST proxy is needed.'],
		server: [3, 'Streams of events between services, read by many at their own pace.'],
		order: [3, 'Strict within a partition.'],
		'order-by-key': [3, 'The key chooses the partition, and each partition has one reader of a group.'],
		brokered: [3, 'A cluster of brokers.'],
		direct: [0, 'There is always a cluster.'],
		text: [2, 'Any payload; the meaning is agreed outside, often by a schema registry.'],
		binary: [3, 'Keys and values are bytes.'],
		tls: [3, 'TLS on a listener of its own.'],
		'client-certificate': [3, 'Offered by every broker.'],
		'pre-shared-key': [0, 'Not offered.'],
		history: [3, 'Messages stay, and every reader may begin where it wants.'],
	},
};
