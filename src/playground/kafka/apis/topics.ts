import { attempt, errors, KafkaError } from '../errors';
import { topicConfigs } from '../storage/configs';
import * as t from '../wire/schema';
import { api } from './api';
import { ledPartition } from './partitions';

export const createTopics = api({
	key: 19,
	name: 'CreateTopics',
	versions: [0, 7],
	flexible: 5,
	request: t.struct({
		topics: t.array(
			t.struct({
				name: t.string,
				numPartitions: t.int32,
				replicationFactor: t.int16,
				assignments: t.array(t.struct({ partitionIndex: t.int32, brokerIds: t.array(t.int32) })),
				configs: t.array(t.struct({ name: t.string, value: t.nullableString })),
			}),
		),
		timeoutMs: t.int32,
		validateOnly: t.since(1, t.bool),
	}),
	response: t.struct({
		throttleTimeMs: t.since(2, t.int32),
		topics: t.array(
			t.struct({
				name: t.string,
				topicId: t.since(7, t.uuid),
				errorCode: t.int16,
				errorMessage: t.since(1, t.nullableString),
				numPartitions: t.since(5, t.int32, -1),
				replicationFactor: t.since(5, t.int16, -1),
				configs: t.since(
					5,
					t.nullableArray(
						t.struct({
							name: t.string,
							value: t.nullableString,
							readOnly: t.bool,
							configSource: t.int8,
							isSensitive: t.bool,
						}),
					),
				),
			}),
		),
	}),
	handle: ({ topics, validateOnly }, { cluster }) => ({
		topics: topics.map((wanted) => {
			const { name } = wanted;
			const done = attempt(() => {
				if (wanted.assignments.length > 0)
					throw new KafkaError(errors.invalidReplicaAssignment, 'This broker assigns replicas itself.');
				return cluster.createTopic(
					name,
					{
						partitions: wanted.numPartitions === -1 ? cluster.defaultPartitions : wanted.numPartitions,
						replication: wanted.replicationFactor === -1 ? 1 : wanted.replicationFactor,
						configs: Object.fromEntries(wanted.configs.map((one) => [one.name, one.value ?? ''])),
					},
					validateOnly,
				);
			});
			if (!('value' in done)) return { name, errorCode: done.code, errorMessage: done.text };
			const topic = done.value;
			return {
				name,
				topicId: topic.id,
				numPartitions: validateOnly ? wanted.numPartitions : topic.partitions.length,
				replicationFactor: wanted.replicationFactor === -1 ? 1 : wanted.replicationFactor,
				configs: Object.keys(topicConfigs).map((key) => ({
					name: key,
					value: topic.config(key),
					configSource: topic.configs.has(key) ? 1 : 5,
				})),
			};
		}),
	}),
});

export const deleteTopics = api({
	key: 20,
	name: 'DeleteTopics',
	versions: [0, 6],
	flexible: 4,
	request: t.struct({
		topics: t.since(6, t.array(t.struct({ name: t.nullableString, topicId: t.uuid }))),
		topicNames: t.between(0, 5, t.array(t.string)),
		timeoutMs: t.int32,
	}),
	response: t.struct({
		throttleTimeMs: t.since(1, t.int32),
		responses: t.array(
			t.struct({
				name: t.nullableString,
				topicId: t.since(6, t.uuid),
				errorCode: t.int16,
				errorMessage: t.since(5, t.nullableString),
			}),
		),
	}),
	handle({ topics, topicNames }, { cluster, version }) {
		const wanted: { name: string | null; topicId?: string }[] =
			version >= 6 ? topics : topicNames.map((name) => ({ name }));
		return {
			responses: wanted.map(({ name, topicId = '' }) => {
				const topic = name === null ? cluster.topicById(topicId) : cluster.topics.get(name);
				if (!topic) {
					const errorCode = name === null ? errors.unknownTopicId : errors.unknownTopicOrPartition;
					return { name, topicId: topicId || undefined, errorCode, errorMessage: 'The topic does not exist.' };
				}
				cluster.deleteTopic(topic);
				return { name: topic.name, topicId: topic.id };
			}),
		};
	},
});

export const createPartitions = api({
	key: 37,
	name: 'CreatePartitions',
	versions: [0, 3],
	flexible: 2,
	request: t.struct({
		topics: t.array(
			t.struct({
				name: t.string,
				count: t.int32,
				assignments: t.nullableArray(t.struct({ brokerIds: t.array(t.int32) })),
			}),
		),
		timeoutMs: t.int32,
		validateOnly: t.bool,
	}),
	response: t.struct({
		throttleTimeMs: t.int32,
		results: t.array(t.struct({ name: t.string, errorCode: t.int16, errorMessage: t.nullableString })),
	}),
	handle: ({ topics, validateOnly }, { cluster }) => ({
		results: topics.map(({ name, count, assignments }) => {
			const done = attempt(() => {
				const topic = cluster.topics.get(name);
				if (!topic) throw new KafkaError(errors.unknownTopicOrPartition, 'The topic does not exist.');
				if (assignments && assignments.length > 0)
					throw new KafkaError(errors.invalidReplicaAssignment, 'This broker assigns replicas itself.');
				const current = topic.partitions.length;
				if (count <= current) {
					const text = `The topic ${name} currently has ${current} partition(s); ${count} would not be an increase.`;
					throw new KafkaError(errors.invalidPartitions, text);
				}
				const replication = topic.partitions[0]?.replicas.length;
				cluster.addPartitions(topic, count, { replication, validateOnly });
			});
			return 'value' in done ? { name } : { name, errorCode: done.code, errorMessage: done.text };
		}),
	}),
});

export const deleteRecords = api({
	key: 21,
	name: 'DeleteRecords',
	versions: [0, 2],
	flexible: 2,
	request: t.struct({
		topics: t.array(
			t.struct({ name: t.string, partitions: t.array(t.struct({ partitionIndex: t.int32, offset: t.int64 })) }),
		),
		timeoutMs: t.int32,
	}),
	response: t.struct({
		throttleTimeMs: t.int32,
		topics: t.array(
			t.struct({
				name: t.string,
				partitions: t.array(t.struct({ partitionIndex: t.int32, lowWatermark: t.int64, errorCode: t.int16 })),
			}),
		),
	}),
	handle: ({ topics }, call) => ({
		topics: topics.map(({ name, partitions }) => ({
			name,
			partitions: partitions.map(({ partitionIndex, offset }) => {
				const done = attempt(() => {
					const { topic, partition } = ledPartition(call, call.cluster.topics.get(name), partitionIndex);
					if (topic.config('cleanup.policy') === 'compact')
						throw new KafkaError(errors.policyViolation, 'The topic is compacted only.');
					const until = offset === -1n ? partition.endOffset : offset;
					if (until < 0n || until > partition.endOffset)
						throw new KafkaError(errors.offsetOutOfRange, 'The requested offset is not within the range of offsets.');
					partition.deleteBefore(until);
					return { partitionIndex, lowWatermark: partition.startOffset };
				});
				return 'value' in done ? done.value : { partitionIndex, lowWatermark: -1n, errorCode: done.code };
			}),
		})),
	}),
});

export const describeLogDirs = api({
	key: 35,
	name: 'DescribeLogDirs',
	versions: [0, 4],
	flexible: 2,
	request: t.struct({
		topics: t.nullableArray(t.struct({ topic: t.string, partitions: t.array(t.int32) })),
	}),
	response: t.struct({
		throttleTimeMs: t.int32,
		errorCode: t.since(3, t.int16),
		results: t.array(
			t.struct({
				errorCode: t.int16,
				logDir: t.string,
				topics: t.array(
					t.struct({
						name: t.string,
						partitions: t.array(
							t.struct({
								partitionIndex: t.int32,
								partitionSize: t.int64,
								offsetLag: t.int64,
								isFutureKey: t.bool,
							}),
						),
					}),
				),
				totalBytes: t.since(4, t.int64),
				usableBytes: t.since(4, t.int64),
			}),
		),
	}),
	handle({ topics }, { cluster, node }) {
		const all = [...cluster.topics.values()].map(({ name, partitions }) => ({
			name,
			partitions: partitions
				.filter(({ replicas }) => replicas.includes(node.id))
				.filter(({ index }) => {
					const wanted = topics?.find(({ topic }) => topic === name)?.partitions;
					return topics === null || wanted?.includes(index);
				})
				.map(({ index, size }) => ({ partitionIndex: index, partitionSize: BigInt(size) })),
		}));
		return {
			results: [
				{
					logDir: '/memory',
					topics: all.filter(({ partitions }) => partitions.length > 0),
					totalBytes: BigInt(cluster.limits.totalBytes),
					usableBytes: -1n,
				},
			],
		};
	},
});
