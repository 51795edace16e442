import { gzipSync } from 'node:zlib';
import type { Cluster } from '../../../../src/playground/kafka/cluster';
import type { KafkaServer } from '../../../../src/playground/kafka/server';
import type { Partition } from '../../../../src/playground/kafka/storage/partition';
import type { Topic } from '../../../../src/playground/kafka/storage/topic';
import {
	attribute,
	baseTimestamp,
	buildBatch,
	headerBytes,
	readBatch,
	recordCount,
} from '../../../../src/playground/kafka/wire/batch';
import { decodeRecords, encodeRecords, type NewRecord } from '../../../../src/playground/kafka/wire/records';
import type { Faults } from './faults';
import type { BatchSpec, ClusterState, Fault, TopicSpec } from './options';

/** What a test may ask of the broker's process. */
export class Commands {
	constructor(
		private readonly server: KafkaServer,
		private readonly faults: Faults,
	) {}

	async run(command: string, values: object): Promise<unknown> {
		const run = commands[command];
		if (!run) throw new Error(`Unknown command ${command}.`);
		return run(this.server, values as never, this.faults);
	}
}

const commands: Record<string, (server: KafkaServer, values: never, faults: Faults) => unknown> = {
	connections: (server) => server.connections(),
	createTopic: ({ cluster }, { name, ...options }: TopicSpec & { name: string }) => {
		createTopic(cluster, name, options);
	},
	deleteTopic: ({ cluster }, { name }: { name: string }) => cluster.deleteTopic(topicOf(cluster.topics, name)),
	setUp: (server, { broker, isUp }: { broker: number; isUp: boolean }) => server.setUp(broker, isUp),
	advertise: ({ cluster }, { broker, host, port }: { broker: number; host?: string; port?: number }) => {
		const node = cluster.nodes.find(({ id }) => id === broker);
		if (!node) throw new Error(`There is no broker ${broker}.`);
		if (host !== undefined) node.host = host;
		if (port !== undefined) node.port = port;
	},
	fault: (_, { fault }: { fault: Fault }, faults) => {
		faults.active.push(fault);
	},
	clearFaults: (_server, _values: object, faults) => {
		faults.active = [];
	},
	calls: (_server, _values: object, faults) => faults.calls.splice(0),
	produce: ({ cluster }, { topic: name, partition = 0, ...batch }: BatchSpec) => {
		const topic = topicOf(cluster.topics, name);
		const found = topic.partitions[partition];
		if (!found) throw new Error(`There is no partition ${partition}.`);
		return cluster.append(topic, found, encoded(batch)).offset;
	},
	/** A batch of one record that is small until it is decompressed. */
	bomb: ({ cluster }, { topic: name, partition = 0, bytes }: { topic: string; partition?: number; bytes: number }) => {
		const topic = topicOf(cluster.topics, name);
		const batch = encoded({ records: [{ key: 'bomb', value: Buffer.alloc(bytes) }], compression: 'gzip' });
		return cluster.append(topic, topic.partitions[partition] as Partition, batch).offset;
	},
	/** Makes another replica the leader. The brokers all go on. */
	lead: ({ cluster }, { topic, partition = 0, broker }: { topic: string; partition?: number; broker: number }) => {
		const found = topicOf(cluster.topics, topic).partitions[partition] as Partition;
		const others = found.replicas.filter((id) => id !== broker);
		(found.replicas as number[]).splice(0, others.length + 1, broker, ...others);
		found.leaderEpoch++;
		found.wake();
	},
	/** Encoded batches, appended with a new offset and otherwise as they are. */
	append: (
		{ cluster },
		{ topic: name, partition = 0, bytes }: { topic: string; partition?: number; bytes: Uint8Array },
	) => {
		const found = topicOf(cluster.topics, name).partitions[partition];
		return found?.append(Buffer.from(bytes));
	},
	endTransaction: (
		{ cluster },
		values: { topic: string; partition?: number; producerId: bigint; epoch: number; commit: boolean },
	) => {
		const partition = topicOf(cluster.topics, values.topic).partitions[values.partition ?? 0];
		partition?.endTransaction(values.producerId, values.epoch, values.commit);
	},
	commit: (
		{ cluster },
		{ group: id, topic, offsets }: { group: string; topic: string; offsets: Record<number, bigint> },
	) => {
		const group = cluster.groups.getOrCreate(id);
		const committed = group.offsets.get(topic) ?? new Map();
		group.offsets.set(topic, committed);
		for (const [partition, offset] of Object.entries(offsets))
			committed.set(Number(partition), { offset, leaderEpoch: -1, metadata: '' });
	},
	/** The sessions of members have timed out for which a group waits. */
	expire: ({ cluster }, { group: id }: { group: string }) => {
		const group = cluster.groups.getOrCreate(id);
		if (group.state !== 'PreparingRebalance') return;
		for (const member of [...group.members.values()]) if (!member.joined) group.leave(member.memberId);
	},
	compact: ({ cluster }, { topic }: { topic: string }) => {
		for (const partition of topicOf(cluster.topics, topic).partitions) partition.compact();
	},
	/** Uncompressed and gzip records of a topic in batches that reach `from`, in the order of partitions and offsets. */
	records: ({ cluster }, { topic, from = 0n }: { topic: string; from?: bigint }) =>
		topicOf(cluster.topics, topic).partitions.flatMap(({ batches, index }) =>
			batches
				.filter(({ attributes, lastOffset }) => lastOffset >= from && !(attributes & attribute.control))
				.flatMap((batch) => decodeRecords(batch) ?? [])
				.map(({ offset, timestamp, key, value }) => ({ partition: index, offset, timestamp, key, value })),
		),
	state: ({ cluster }): ClusterState => ({
		topics: Object.fromEntries(
			[...cluster.topics.values()].map((topic) => [
				topic.name,
				{
					configs: Object.fromEntries(topic.configs),
					partitions: topic.partitions.map((partition) => ({
						startOffset: partition.startOffset,
						endOffset: partition.endOffset,
						size: partition.size,
						leader: cluster.leader(partition)?.id ?? -1,
					})),
				},
			]),
		),
		groups: Object.fromEntries(
			cluster.groups.list().map((group) => [
				group.id,
				{
					state: group.state,
					members: group.members.size,
					offsets: [...group.offsets].flatMap(([topic, ofTopic]) =>
						[...ofTopic].map(([partition, { offset, metadata }]) => ({ topic, partition, offset, metadata })),
					),
				},
			]),
		),
	}),
};

export function createTopic(cluster: Cluster, name: string, { firstOffset, ...options }: TopicSpec): void {
	cluster.createTopic(name, { ...options, firstOffset: firstOffset === undefined ? undefined : BigInt(firstOffset) });
}

function topicOf(topics: ReadonlyMap<string, Topic>, name: string): Topic {
	const topic = topics.get(name);
	if (!topic) throw new Error(`There is no topic ${name}.`);
	return topic;
}

function encoded({ records, compression, transactional, control }: Omit<BatchSpec, 'topic' | 'partition'>): Buffer {
	const list = records.map(
		(record): NewRecord => ({
			...record,
			key: toBuffer(record.key),
			value: toBuffer(record.value),
			headers: record.headers?.map(([name, value]) => [name, toBuffer(value)] as const),
		}),
	);
	const attributes = (transactional ? attribute.transactional : 0) | (control ? attribute.control : 0);
	const plain = encodeRecords(list, {
		attributes,
		producerId: transactional?.producerId,
		producerEpoch: transactional?.epoch,
	});
	if (!compression) return plain;
	const { maxTimestamp, baseOffset, lastOffset, ...batch } = readBatch(plain);
	return buildBatch(gzipSync(plain.subarray(headerBytes)), {
		...batch,
		attributes: attributes | 1,
		baseTimestamp: baseTimestamp(plain),
		maxTimestamp,
		lastOffsetDelta: Number(lastOffset - baseOffset),
		count: recordCount(plain),
	});
}

function toBuffer(value: Uint8Array | string | null | undefined): Buffer | null {
	return value === null || value === undefined ? null : Buffer.from(value as string);
}
