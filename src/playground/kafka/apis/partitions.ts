import { errors, KafkaError } from '../errors';
import type { Partition } from '../storage/partition';
import type { Topic } from '../storage/topic';
import type { Call } from './api';

/** The partition, if the broker that was asked leads it. Throws `KafkaError` otherwise. */
export function ledPartition(
	{ cluster, node }: Call,
	topic: Topic | undefined,
	index: number,
): { topic: Topic; partition: Partition } {
	const partition = topic?.partitions[index];
	if (!topic || !partition)
		throw new KafkaError(errors.unknownTopicOrPartition, 'This server does not host this topic-partition.');
	const leader = cluster.leader(partition);
	if (!leader) throw new KafkaError(errors.leaderNotAvailable, 'There is no leader for this topic-partition.');
	if (leader !== node)
		throw new KafkaError(errors.notLeaderOrFollower, 'This server is not the leader for that topic-partition.');
	return { topic, partition };
}
