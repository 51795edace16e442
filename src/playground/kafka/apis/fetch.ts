import { attempt, errors, KafkaError } from '../errors';
import type { Partition } from '../storage/partition';
import type { InOf } from '../wire/schema';
import * as t from '../wire/schema';
import { api, type Call } from './api';
import { ledPartition } from './partitions';

const partitionAnswer = t.struct({
	partitionIndex: t.int32,
	errorCode: t.int16,
	highWatermark: t.int64,
	lastStableOffset: t.int64,
	logStartOffset: t.since(5, t.int64),
	abortedTransactions: t.nullableArray(t.struct({ producerId: t.int64, firstOffset: t.int64 })),
	preferredReadReplica: t.since(11, t.int32, -1),
	records: t.nullableBytes,
});
const request = t.struct({
	replicaId: t.between(0, 14, t.int32),
	maxWaitMs: t.int32,
	minBytes: t.int32,
	maxBytes: t.int32,
	isolationLevel: t.int8,
	sessionId: t.since(7, t.int32),
	sessionEpoch: t.since(7, t.int32, -1),
	topics: t.array(
		t.struct({
			name: t.between(0, 12, t.string),
			topicId: t.since(13, t.uuid),
			partitions: t.array(
				t.struct({
					index: t.int32,
					currentLeaderEpoch: t.since(9, t.int32, -1),
					offset: t.int64,
					lastFetchedEpoch: t.since(12, t.int32, -1),
					logStartOffset: t.since(5, t.int64),
					maxBytes: t.int32,
				}),
			),
		}),
	),
	forgotten: t.since(
		7,
		t.array(t.struct({ name: t.between(7, 12, t.string), topicId: t.since(13, t.uuid), partitions: t.array(t.int32) })),
	),
	rackId: t.since(11, t.string),
});
type Wanted = t.OutOf<typeof request>;

export const fetch = api({
	key: 1,
	name: 'Fetch',
	versions: [4, 17],
	flexible: 12,
	request,
	response: t.struct({
		throttleTimeMs: t.int32,
		errorCode: t.since(7, t.int16),
		// 0: there are no fetch sessions, each request names all its partitions (KIP-227).
		sessionId: t.since(7, t.int32),
		topics: t.array(
			t.struct({
				name: t.between(0, 12, t.string),
				topicId: t.since(13, t.uuid),
				partitions: t.array(partitionAnswer),
			}),
		),
	}),
	async handle(wanted, call) {
		const deadline = Date.now() + Math.min(Math.max(0, wanted.maxWaitMs), call.cluster.limits.waitMs);
		for (;;) {
			const { answer, size, isFailed, partitions } = collect(wanted, call);
			const left = deadline - Date.now();
			if (size >= wanted.minBytes || isFailed || left <= 0 || call.signal.aborted) return answer;
			await growth(partitions, left, call.signal);
		}
	},
});

function collect(wanted: Wanted, call: Call) {
	const { cluster, version } = call;
	const partitions: Partition[] = [];
	let isFailed = false;
	let size = 0;
	const maxBytes = Math.min(wanted.maxBytes, cluster.limits.fetchBytes);
	const topics = wanted.topics.map((asked) => {
		const topic = version >= 13 ? cluster.topicById(asked.topicId) : cluster.topics.get(asked.name);
		const answers = asked.partitions.map((one): InOf<typeof partitionAnswer> => {
			const done = attempt(() => {
				if (!topic && version >= 13)
					throw new KafkaError(errors.unknownTopicId, 'This server does not host this topic ID.');
				const { partition } = ledPartition(call, topic, one.index);
				checkEpoch(partition, one.currentLeaderEpoch);
				partitions.push(partition);
				const committed = wanted.isolationLevel === 1;
				const until = committed ? partition.stableOffset : partition.endOffset;
				if (one.offset < partition.startOffset || one.offset > partition.endOffset)
					throw new KafkaError(errors.offsetOutOfRange, 'The requested offset is not within the range of offsets.');
				const limit = Math.min(one.maxBytes, maxBytes - size);
				const batches = partition.read(one.offset, limit, until, size === 0);
				for (const batch of batches) size += batch.length;
				return {
					...watermarks(partition, one.index),
					abortedTransactions: committed ? partition.abortedFrom(one.offset, until) : null,
					records: Buffer.concat(batches),
				};
			});
			if ('value' in done) return done.value;
			isFailed = true;
			const partition = topic?.partitions[one.index];
			const nowhere = { partitionIndex: one.index, highWatermark: -1n, lastStableOffset: -1n, logStartOffset: -1n };
			const known = partition && done.code === errors.offsetOutOfRange ? watermarks(partition, one.index) : nowhere;
			return { ...known, errorCode: done.code, abortedTransactions: null, records: Buffer.alloc(0) };
		});
		return { name: asked.name, topicId: asked.topicId, partitions: answers };
	});
	return { answer: { topics }, size, isFailed, partitions };
}

function watermarks(partition: Partition, partitionIndex: number) {
	return {
		partitionIndex,
		highWatermark: partition.endOffset,
		lastStableOffset: partition.stableOffset,
		logStartOffset: partition.startOffset,
	};
}

/** Throws if the client knows an older or a newer leader (KIP-320). -1: it does not say. */
export function checkEpoch(partition: Partition, epoch: number): void {
	if (epoch < 0 || epoch === partition.leaderEpoch) return;
	if (epoch < partition.leaderEpoch) throw new KafkaError(errors.fencedLeaderEpoch, 'The leader epoch is older.');
	throw new KafkaError(errors.unknownLeaderEpoch, 'The leader epoch is newer.');
}

/** Resolves when one of the partitions grows, after `ms`, or when the connection ends. */
function growth(partitions: Partition[], ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(done, ms);
		const ends = partitions.map((partition) => partition.onGrowth(done));
		signal.addEventListener('abort', done);
		function done() {
			clearTimeout(timer);
			for (const end of ends) end();
			signal.removeEventListener('abort', done);
			resolve();
		}
	});
}

export const listOffsets = api({
	key: 2,
	name: 'ListOffsets',
	versions: [1, 8],
	flexible: 6,
	request: t.struct({
		replicaId: t.int32,
		isolationLevel: t.since(2, t.int8),
		topics: t.array(
			t.struct({
				name: t.string,
				partitions: t.array(
					t.struct({
						partitionIndex: t.int32,
						currentLeaderEpoch: t.since(4, t.int32, -1),
						timestamp: t.int64,
					}),
				),
			}),
		),
	}),
	response: t.struct({
		throttleTimeMs: t.since(2, t.int32),
		topics: t.array(
			t.struct({
				name: t.string,
				partitions: t.array(
					t.struct({
						partitionIndex: t.int32,
						errorCode: t.int16,
						timestamp: t.int64,
						offset: t.int64,
						leaderEpoch: t.since(4, t.int32, -1),
					}),
				),
			}),
		),
	}),
	handle: ({ topics, isolationLevel }, call) => ({
		topics: topics.map(({ name, partitions }) => ({
			name,
			partitions: partitions.map(({ partitionIndex, timestamp, currentLeaderEpoch }) => {
				const done = attempt(() => {
					const { partition } = ledPartition(call, call.cluster.topics.get(name), partitionIndex);
					checkEpoch(partition, currentLeaderEpoch);
					return { ...offsetAt(partition, timestamp, isolationLevel === 1), leaderEpoch: partition.leaderEpoch };
				});
				if ('value' in done) return { partitionIndex, ...done.value };
				return { partitionIndex, errorCode: done.code, timestamp: -1n, offset: -1n };
			}),
		})),
	}),
});

function offsetAt(partition: Partition, timestamp: bigint, committed: boolean): { timestamp: bigint; offset: bigint } {
	switch (timestamp) {
		case -1n:
			return { timestamp: -1n, offset: committed ? partition.stableOffset : partition.endOffset };
		// Earliest, and earliest that is not in tiered storage.
		case -2n:
		case -4n:
			return { timestamp: -1n, offset: partition.startOffset };
		case -3n:
			return partition.latest() ?? { timestamp: -1n, offset: -1n };
		default:
			return partition.atTime(timestamp) ?? { timestamp: -1n, offset: -1n };
	}
}

export const offsetForLeaderEpoch = api({
	key: 23,
	name: 'OffsetForLeaderEpoch',
	versions: [0, 4],
	flexible: 4,
	request: t.struct({
		replicaId: t.since(3, t.int32),
		topics: t.array(
			t.struct({
				topic: t.string,
				partitions: t.array(
					t.struct({ partition: t.int32, currentLeaderEpoch: t.since(2, t.int32, -1), leaderEpoch: t.int32 }),
				),
			}),
		),
	}),
	response: t.struct({
		throttleTimeMs: t.since(2, t.int32),
		topics: t.array(
			t.struct({
				topic: t.string,
				partitions: t.array(
					t.struct({
						errorCode: t.int16,
						partition: t.int32,
						leaderEpoch: t.since(1, t.int32, -1),
						endOffset: t.int64,
					}),
				),
			}),
		),
	}),
	handle: ({ topics }, call) => ({
		topics: topics.map(({ topic: name, partitions }) => ({
			topic: name,
			partitions: partitions.map(({ partition: index, leaderEpoch }) => {
				const done = attempt(() => ledPartition(call, call.cluster.topics.get(name), index).partition);
				if (!('value' in done)) return { partition: index, errorCode: done.code, leaderEpoch: -1, endOffset: -1n };
				// No record is lost with a leader here: each epoch reaches to the end of the log.
				return { partition: index, leaderEpoch, endOffset: done.value.endOffset };
			}),
		})),
	}),
});
