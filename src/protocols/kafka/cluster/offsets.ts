import { FailureError, fail } from '../../../base/failure';
import { listOffsets } from '../wire/apis';
import { errorOf, kafkaFailure } from '../wire/failures';
import { answerOf } from '../wire/partial';
import type { Cluster, Topic } from './cluster';

/** Special timestamps of ListOffsets (https://kafka.apache.org/protocol.html#The_Messages_ListOffsets). */
export const latest = -1n;
export const earliest = -2n;

export type Isolation = 'read_committed' | 'read_uncommitted';

/** The number of an isolation level in requests. */
export const isolationLevel = (isolation: Isolation): number => (isolation === 'read_committed' ? 1 : 0);

/** The first offset of a partition, and the one behind its last record. */
export interface Bounds {
	first: bigint;
	last: bigint;
}

export const boundsText = ({ first, last }: Bounds): string =>
	first === last ? 'is empty' : `has the offsets ${first} to ${last - 1n}`;

/** Asks the cluster anew. Throws a FailureError. */
export async function boundsOf(cluster: Cluster, name: string, partition: number): Promise<Bounds> {
	const topic = await cluster.topic(name, true);
	const [first = 0n, last = 0n] = await Promise.all(
		[earliest, latest].map(async (when) => (await offsetsAt(cluster, topic, [partition], when)).get(partition)),
	);
	return { first, last };
}

/**
 * The offset of the first record with this timestamp or a later one, for each partition; -1: there is none. Asks each leader
 * once. Throws a FailureError if a partition cannot be asked.
 */
export async function offsetsAt(
	cluster: Cluster,
	topic: Topic,
	partitions: readonly number[],
	timestamp: bigint,
	isolation: Isolation = 'read_uncommitted',
): Promise<Map<number, bigint>> {
	const what = `topic "${topic.name}"`;
	const byLeader = new Map<number, number[]>();
	for (const index of partitions) {
		const leader = topic.partitions.find((one) => one.index === index)?.leader ?? -1;
		if (leader < 0) throw fail('no-leader', `Partition ${index} of the ${what} has no leader at the moment.`);
		byLeader.set(leader, [...(byLeader.get(leader) ?? []), index]);
	}
	const found = new Map<number, bigint>();
	await Promise.all(
		[...byLeader].map(async ([leader, indexes]) => {
			const connection = await cluster.broker(leader);
			const asked = indexes.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp }));
			const answer = await answerOf(
				connection.call(listOffsets, -1, isolationLevel(isolation), [{ name: topic.name, partitions: asked }]),
			).catch((error: unknown) => {
				throw new FailureError(kafkaFailure(error, what));
			});
			for (const one of answer.topics.flatMap((each) => each.partitions)) {
				if (one.errorCode !== 0)
					throw new FailureError(
						kafkaFailure(errorOf(one.errorCode), `topic "${topic.name}" (partition ${one.partitionIndex})`),
					);
				found.set(one.partitionIndex, one.offset);
			}
			// A partition that is left out would be taken for an empty one.
			const missing = indexes.find((index) => !found.has(index));
			if (missing !== undefined)
				throw fail('bad-answer', `The broker did not say which offsets partition ${missing} of the ${what} has.`);
		}),
	);
	return found;
}
