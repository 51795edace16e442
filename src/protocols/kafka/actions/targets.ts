import { fail } from '../../../base/failure';
import type { Act } from '../../adapter';
import { textValue } from '../../shared/values';
import { readPartitions } from '../describe/positions';

type Target = Pick<Act, 'node'>;

/** The topic of the node, and its partition if the node is one. Ids: `topic:NAME`, `partition:NAME:N`. */
export function topicOf({ node = '' }: Target): { name: string; partition?: number } {
	const [, name] = /^topic:([\w.-]+)$/.exec(node) ?? [];
	if (name !== undefined) return { name };
	const [, topic, partition] = /^partition:([\w.-]+):(\d+)$/.exec(node) ?? [];
	if (topic === undefined) throw fail('bad-node', 'This action needs a topic.');
	return { name: topic, partition: Number(partition) };
}

/** The consumer group of the node, whose id is `group:NAME`. */
export function groupOf({ node = '' }: Target): string {
	if (!node.startsWith('group:')) throw fail('bad-node', 'This action needs a consumer group.');
	return node.slice('group:'.length);
}

/** The broker of the node, whose id is `broker:N`; undefined for another node. */
export function brokerOf({ node = '' }: Target): number | undefined {
	const [, id] = /^broker:(\d+)$/.exec(node) ?? [];
	return id === undefined ? undefined : Number(id);
}

/** Topics and partitions that the user has chosen; undefined: all. */
export function chosen({ values }: Pick<Act, 'values'>): { topics?: string[]; partitions?: number[] } {
	const topics = (textValue(values, 'topics') ?? '')
		.split(',')
		.map((one) => one.trim())
		.filter(Boolean);
	const partitions = readPartitions(textValue(values, 'partitions') ?? '');
	if (!partitions)
		throw fail('bad-field', 'Partitions are numbers and ranges such as 0, 2-4.', { field: 'partitions' });
	return {
		...(topics.length > 0 && { topics }),
		...(partitions.length > 0 && { partitions }),
	};
}
