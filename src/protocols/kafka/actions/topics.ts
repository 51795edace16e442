import { fail } from '../../../base/failure';
import type { ActResult, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { numberValue, pairsValue, textValue } from '../../shared/values';
import type { Cluster, Topic } from '../cluster/cluster';
import { earliest, latest, offsetsAt } from '../cluster/offsets';
import { checkTopic } from '../describe/topics';
import { createPartitions, createTopics, deleteTopics } from '../wire/admin-apis';
import { kafkaError } from '../wire/failures';
import type { Context, Input } from './context';
import { topicOf } from './targets';
import { counted, messages, n } from './words';

/** Milliseconds in which the controller is to finish. */
export const controllerWithin = 15_000;

export async function createTopic({ cluster }: Context, { values }: Act): Promise<ActResult> {
	const name = (textValue(values, 'name') ?? '').trim();
	const wrong = checkTopic(name);
	if (wrong) throw fail('bad-field', wrong, { field: 'name' });
	const topic = {
		name,
		numPartitions: numberValue(values, 'partitions') ?? -1,
		replicationFactor: numberValue(values, 'replicas') ?? -1,
		assignments: [],
		configs: pairsValue(values, 'configuration').map(([key, value]) => ({ name: key.trim(), value })),
	};
	await cluster.callController(createTopics, [topic], controllerWithin, false).catch((error: unknown) => {
		throw kafkaError(error, `topic "${name}"`);
	});
	const created = await cluster.topic(name, true).catch(() => undefined);
	const count = created ? ` with ${counted(created.partitions.length, 'partition')}` : '';
	return { text: `Created the topic "${name}"${count}.` };
}

/** Offsets that are in use, which is the number of messages unless the topic is compacted or has transactions. */
async function sizeOf(cluster: Cluster, topic: Topic): Promise<bigint> {
	const indexes = topic.partitions.map(({ index }) => index);
	const [first, last] = await Promise.all([
		offsetsAt(cluster, topic, indexes, earliest),
		offsetsAt(cluster, topic, indexes, latest),
	]);
	return indexes.reduce((sum, index) => sum + (last.get(index) ?? 0n) - (first.get(index) ?? 0n), 0n);
}

export async function askDeleteTopic({ cluster }: Context, input: Input): Promise<Question> {
	const { name } = topicOf(input);
	const topic = await cluster.topic(name, true);
	// A topic without leaders can be deleted as well.
	const size = await sizeOf(cluster, topic).catch(() => undefined);
	const many = size === undefined ? 'an unknown number of messages' : `up to ${messages(size)}`;
	return {
		text: `Delete the topic "${name}"?`,
		detail: `Its ${counted(topic.partitions.length, 'partition')} with ${many} are deleted for good, for all producers and consumers.`,
		button: 'Delete Topic',
	};
}

export async function deleteTopic({ cluster }: Context, act: Act): Promise<ActResult> {
	const { name } = topicOf(act);
	// By name in every version: an id is given only without a name.
	await cluster.callController(deleteTopics, [{ name }], controllerWithin).catch((error: unknown) => {
		throw kafkaError(error, `topic "${name}"`);
	});
	return { text: `Deleted the topic "${name}".` };
}

export async function askAddPartitions({ cluster }: Context, input: Input): Promise<Question> {
	const { name } = topicOf(input);
	const count = numberValue(input.values, 'count') ?? 0;
	const { partitions } = await cluster.topic(name, true);
	requireMore(name, partitions.length, count);
	return {
		text: `Increase the partitions of "${name}" from ${n(partitions.length)} to ${n(count)}?`,
		detail:
			'Messages that are there stay where they are. New messages with the same key may go to another partition, so their order with earlier ones is lost. Partitions cannot be removed again.',
		button: 'Add Partitions',
	};
}

export async function addPartitions({ cluster }: Context, act: Act): Promise<ActResult> {
	const { name } = topicOf(act);
	const count = numberValue(act.values, 'count') ?? 0;
	const { partitions } = await cluster.topic(name, true);
	requireMore(name, partitions.length, count);
	const wanted = { name, count, assignments: null };
	await cluster.callController(createPartitions, [wanted], controllerWithin, false).catch((error: unknown) => {
		throw kafkaError(error, `topic "${name}"`);
	});
	return { text: `The topic "${name}" has ${counted(count, 'partition')} instead of ${n(partitions.length)}.` };
}

function requireMore(name: string, current: number, count: number): void {
	if (count > current) return;
	throw fail('bad-field', `The topic "${name}" has ${counted(current, 'partition')} already. Enter a higher number.`, {
		field: 'count',
	});
}
