import { attempt, errors, KafkaError } from '../errors';
import type { Group } from '../groups/group';
import * as t from '../wire/schema';
import { api } from './api';
import { coordinated } from './group-members';

export const offsetCommit = api({
	key: 8,
	name: 'OffsetCommit',
	versions: [2, 9],
	flexible: 8,
	request: t.struct({
		groupId: t.string,
		generationId: t.int32,
		memberId: t.string,
		groupInstanceId: t.since(7, t.nullableString),
		retentionTimeMs: t.between(2, 4, t.int64),
		topics: t.array(
			t.struct({
				name: t.string,
				partitions: t.array(
					t.struct({
						partitionIndex: t.int32,
						committedOffset: t.int64,
						committedLeaderEpoch: t.since(6, t.int32, -1),
						committedMetadata: t.nullableString,
					}),
				),
			}),
		),
	}),
	response: t.struct({
		throttleTimeMs: t.since(3, t.int32),
		topics: t.array(
			t.struct({
				name: t.string,
				partitions: t.array(t.struct({ partitionIndex: t.int32, errorCode: t.int16 })),
			}),
		),
	}),
	handle({ groupId, generationId, memberId, topics }, call) {
		const found = attempt(() => {
			const group = coordinated(call, groupId, generationId < 0);
			// Without a generation: from outside the group, which must have no member.
			if (generationId >= 0 || group.state !== 'Empty') group.check(memberId, generationId);
			const count = [...group.offsets.values()].reduce((sum, { size }) => sum + size, 0);
			if (count + topics.reduce((sum, one) => sum + one.partitions.length, 0) > call.cluster.limits.offsetsPerGroup * 2)
				throw new KafkaError(errors.policyViolation, 'The group has too many offsets.');
			return group;
		});
		return {
			topics: topics.map(({ name, partitions }) => ({
				name,
				partitions: partitions.map((one) => {
					const { partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch } = one;
					if (!('value' in found)) return { partitionIndex, errorCode: found.code };
					if (!call.cluster.topics.get(name)?.partitions[partitionIndex])
						return { partitionIndex, errorCode: errors.unknownTopicOrPartition };
					const { offsets } = found.value;
					const ofTopic = offsets.get(name) ?? new Map();
					offsets.set(name, ofTopic);
					ofTopic.set(partitionIndex, { offset, leaderEpoch, metadata: one.committedMetadata });
					return { partitionIndex, errorCode: errors.none };
				}),
			})),
		};
	},
});

const wantedTopics = t.nullableArray(t.struct({ name: t.string, partitionIndexes: t.array(t.int32) }));
const foundPartition = {
	partitionIndex: t.int32,
	committedOffset: t.int64,
	committedLeaderEpoch: t.since(5, t.int32, -1),
	metadata: t.nullableString,
	errorCode: t.int16,
};
const foundTopics = t.array(t.struct({ name: t.string, partitions: t.array(t.struct(foundPartition)) }));

export const offsetFetch = api({
	key: 9,
	name: 'OffsetFetch',
	versions: [1, 9],
	flexible: 6,
	request: t.struct({
		groupId: t.between(0, 7, t.string),
		topics: t.between(0, 7, wantedTopics),
		groups: t.since(
			8,
			t.array(
				t.struct({
					groupId: t.string,
					memberId: t.since(9, t.nullableString),
					memberEpoch: t.since(9, t.int32, -1),
					topics: wantedTopics,
				}),
			),
		),
		requireStable: t.since(7, t.bool),
	}),
	response: t.struct({
		throttleTimeMs: t.since(3, t.int32),
		topics: t.between(0, 7, foundTopics),
		errorCode: t.between(2, 7, t.int16),
		groups: t.since(8, t.array(t.struct({ groupId: t.string, topics: foundTopics, errorCode: t.int16 }))),
	}),
	handle({ groupId, topics, groups }, call) {
		const find = (id: string, wanted: typeof topics) => {
			if (call.cluster.coordinator(id) !== call.node) return { errorCode: errors.notCoordinator, topics: [] };
			return { errorCode: errors.none, topics: committed(call.cluster.groups.get(id), wanted) };
		};
		if (call.version < 8) return find(groupId, topics);
		return { groups: groups.map((one) => ({ groupId: one.groupId, ...find(one.groupId, one.topics) })) };
	},
});

/** null: all offsets of the group. */
function committed(group: Group | undefined, wanted: { name: string; partitionIndexes: number[] }[] | null) {
	const all = [...(group?.offsets ?? [])].map(([name, ofTopic]) => ({ name, partitionIndexes: [...ofTopic.keys()] }));
	return (wanted ?? all).map(({ name, partitionIndexes }) => ({
		name,
		partitions: partitionIndexes.map((partitionIndex) => {
			const found = group?.offsets.get(name)?.get(partitionIndex);
			return {
				partitionIndex,
				committedOffset: found?.offset ?? -1n,
				committedLeaderEpoch: found?.leaderEpoch ?? -1,
				metadata: found?.metadata ?? '',
			};
		}),
	}));
}

export const offsetDelete = api({
	key: 47,
	name: 'OffsetDelete',
	versions: [0, 0],
	flexible: Number.POSITIVE_INFINITY,
	request: t.struct({
		groupId: t.string,
		topics: t.array(t.struct({ name: t.string, partitions: t.array(t.struct({ partitionIndex: t.int32 })) })),
	}),
	response: t.struct({
		errorCode: t.int16,
		throttleTimeMs: t.int32,
		topics: t.array(
			t.struct({
				name: t.string,
				partitions: t.array(t.struct({ partitionIndex: t.int32, errorCode: t.int16 })),
			}),
		),
	}),
	handle({ groupId, topics }, call) {
		const found = attempt(() => {
			const group = call.cluster.groups.get(groupId);
			if (!group) throw new KafkaError(errors.groupIdNotFound, 'The group does not exist.');
			return coordinated(call, groupId, false);
		});
		if (!('value' in found)) return { errorCode: found.code, topics: [] };
		const group = found.value;
		// A group with members may still read any of its topics.
		const isUsed = group.state !== 'Empty';
		return {
			topics: topics.map(({ name, partitions }) => ({
				name,
				partitions: partitions.map(({ partitionIndex }) => {
					if (isUsed) return { partitionIndex, errorCode: errors.groupSubscribedToTopic };
					group.offsets.get(name)?.delete(partitionIndex);
					if (group.offsets.get(name)?.size === 0) group.offsets.delete(name);
					return { partitionIndex, errorCode: errors.none };
				}),
			})),
		};
	},
});
