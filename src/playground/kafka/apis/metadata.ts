import type { Cluster, Node } from '../cluster';
import { attempt, errors } from '../errors';
import type { Topic } from '../storage/topic';
import * as t from '../wire/schema';
import { api } from './api';

const operations = -(2 ** 31);

export const metadata = api({
	key: 3,
	name: 'Metadata',
	versions: [0, 12],
	flexible: 9,
	request: t.struct({
		topics: t.nullableArray(t.struct({ topicId: t.since(10, t.uuid), name: t.nullableString })),
		allowAutoTopicCreation: t.since(4, t.bool, true),
		includeClusterAuthorizedOperations: t.between(8, 10, t.bool),
		includeTopicAuthorizedOperations: t.since(8, t.bool),
	}),
	response: t.struct({
		throttleTimeMs: t.since(3, t.int32),
		brokers: t.array(t.struct({ nodeId: t.int32, host: t.string, port: t.int32, rack: t.since(1, t.nullableString) })),
		clusterId: t.since(2, t.nullableString),
		controllerId: t.since(1, t.int32, -1),
		topics: t.array(
			t.struct({
				errorCode: t.int16,
				name: t.nullableString,
				topicId: t.since(10, t.uuid),
				isInternal: t.since(1, t.bool),
				partitions: t.array(
					t.struct({
						errorCode: t.int16,
						partitionIndex: t.int32,
						leaderId: t.int32,
						leaderEpoch: t.since(7, t.int32, -1),
						replicaNodes: t.array(t.int32),
						isrNodes: t.array(t.int32),
						offlineReplicas: t.since(5, t.array(t.int32)),
					}),
				),
				topicAuthorizedOperations: t.since(8, t.int32, operations),
			}),
		),
		clusterAuthorizedOperations: t.between(8, 10, t.int32, operations),
	}),
	handle({ topics, allowAutoTopicCreation }, { cluster, version }) {
		// An empty list means all topics in version 0 only.
		const wanted = topics === null || (version === 0 && topics.length === 0) ? undefined : topics;
		return {
			brokers: cluster.nodes.filter(({ isUp }) => isUp).map(address),
			clusterId: cluster.id,
			controllerId: cluster.controller?.id ?? -1,
			topics:
				wanted?.map(({ name, topicId }) => named(cluster, name, topicId, allowAutoTopicCreation)) ??
				[...cluster.topics.values()].map((topic) => described(cluster, topic)),
		};
	},
});

function address({ id, host, port }: Node) {
	return { nodeId: id, host, port, rack: null };
}

function named(cluster: Cluster, name: string | null, topicId: string, mayCreate: boolean) {
	if (name === null) {
		const topic = cluster.topicById(topicId);
		return topic ? described(cluster, topic) : { errorCode: errors.unknownTopicId, name, topicId };
	}
	const topic = cluster.topics.get(name);
	if (topic) return described(cluster, topic);
	if (!mayCreate || !cluster.autoCreate) return { errorCode: errors.unknownTopicOrPartition, name };
	const created = attempt(() => cluster.createTopic(name));
	return 'value' in created ? described(cluster, created.value) : { errorCode: created.code, name };
}

function described(cluster: Cluster, topic: Topic) {
	return {
		errorCode: errors.none,
		name: topic.name,
		topicId: topic.id,
		isInternal: topic.isInternal,
		partitions: topic.partitions.map((partition) => {
			const leader = cluster.leader(partition);
			const isrNodes = cluster.inSync(partition);
			return {
				errorCode: leader ? errors.none : errors.leaderNotAvailable,
				partitionIndex: partition.index,
				leaderId: leader?.id ?? -1,
				leaderEpoch: partition.leaderEpoch,
				replicaNodes: [...partition.replicas],
				isrNodes,
				offlineReplicas: partition.replicas.filter((id) => !isrNodes.includes(id)),
			};
		}),
	};
}

export const describeCluster = api({
	key: 60,
	name: 'DescribeCluster',
	versions: [0, 1],
	flexible: 0,
	request: t.struct({ includeClusterAuthorizedOperations: t.bool, endpointType: t.since(1, t.int8, 1) }),
	response: t.struct({
		throttleTimeMs: t.int32,
		errorCode: t.int16,
		errorMessage: t.nullableString,
		endpointType: t.since(1, t.int8),
		clusterId: t.string,
		controllerId: t.int32,
		brokers: t.array(t.struct({ nodeId: t.int32, host: t.string, port: t.int32, rack: t.nullableString })),
		clusterAuthorizedOperations: t.int32,
	}),
	handle: ({ endpointType }, { cluster }) => ({
		endpointType,
		clusterId: cluster.id,
		controllerId: cluster.controller?.id ?? -1,
		brokers: cluster.nodes.filter(({ isUp }) => isUp).map(address),
		clusterAuthorizedOperations: operations,
	}),
});
