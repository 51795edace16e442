import type { BrowseNode } from '../../../model/contracts/browse';
import { sortedByName } from '../../../model/text/natural-order';
import type { Cluster, Partition, Topic } from '../cluster/cluster';
import { type ConfigProperty, configurationOf, defaultSource, sources } from '../cluster/configuration';
import { earliest, latest, offsetsAt } from '../cluster/offsets';
import { describeLogDirs } from '../wire/apis';
import { kafkaError } from '../wire/failures';
import type { Answers } from './answers';
import { bytes, counted, joined, n, properties, shown } from './words';

export interface Topics {
	/** By name; `isInternal`: those that Kafka keeps for itself. */
	list(isInternal: boolean): Promise<Topic[]>;
	node(topic: Topic): BrowseNode;
	/** Its configuration, then its partitions from `offset` on. */
	children(name: string, offset: number, count: number): Promise<{ total: number; nodes: BrowseNode[] }>;
	configs(kind: 'topic' | 'broker', name: string): Promise<BrowseNode[]>;
}

/** In place of a secret value. */
const hidden = '(hidden by the broker)';

export function createTopics(cluster: Cluster, answers: Answers): Topics {
	const all = () =>
		answers.get('topics', () =>
			cluster.topics().catch((error: unknown) => {
				throw kafkaError(error, 'topics');
			}),
		);

	async function partitions(topic: Topic, wanted: readonly Partition[]): Promise<BrowseNode[]> {
		const indexes = wanted.filter(({ leader }) => leader >= 0).map(({ index }) => index);
		const at = (timestamp: bigint) => offsetsAt(cluster, topic, indexes, timestamp).catch(() => undefined);
		const [first, last, sizes] = await Promise.all([at(earliest), at(latest), sizesOf(topic, wanted)]);
		return wanted.map((one) =>
			partitionNode(topic, one, first?.get(one.index), last?.get(one.index), sizes.get(one.index)),
		);
	}

	/** Bytes on the disks of the leaders; empty for a user who may not ask (DescribeLogDirs). */
	async function sizesOf(topic: Topic, wanted: readonly Partition[]): Promise<Map<number, bigint>> {
		const found = new Map<number, bigint>();
		const leaders = new Set(wanted.map(({ leader }) => leader).filter((leader) => leader >= 0));
		await Promise.all(
			[...leaders].map(async (leader) => {
				const indexes = wanted.filter((one) => one.leader === leader).map(({ index }) => index);
				try {
					const connection = await cluster.broker(leader);
					const { results } = await connection.call(describeLogDirs, [{ name: topic.name, partitions: indexes }]);
					for (const one of results.flatMap(({ topics }) => topics).flatMap((each) => each.partitions))
						if (!one.isFutureKey) found.set(one.partitionIndex, one.partitionSize);
				} catch {
					// Only a detail of the tree.
				}
			}),
		);
		return found;
	}

	return {
		async list(isInternal) {
			const topics = (await all()).filter((topic) => topic.isInternal === isInternal);
			return sortedByName(topics, ({ name }) => name);
		},
		node: topicNode,
		async children(name, offset, count) {
			const topic = await cluster.topic(name, true);
			const total = topic.partitions.length + 1;
			const start = Math.max(0, offset - 1);
			const end = offset + count - 1;
			const nodes = await partitions(topic, topic.partitions.slice(start, Math.max(start, end)));
			const configs: BrowseNode = {
				id: `configs:topic:${name}`,
				kind: 'configs',
				name: 'Configuration',
				expandable: true,
			};
			return { total, nodes: offset === 0 && count > 0 ? [configs, ...nodes] : nodes };
		},
		async configs(kind, name) {
			const found = await configurationOf(cluster, { kind, name });
			// What was set comes first.
			const isSet = ({ source }: ConfigProperty) => source !== defaultSource;
			return sortedByName(found, (one) => `${isSet(one) ? 0 : 1}${one.name}`).map((config) => ({
				id: `config:${kind}:${name}:${config.name}`,
				kind: 'config',
				name: shown(config.name),
				description: joined(
					shown(config.value ?? hidden),
					isSet(config) ? (sources[config.source] ?? 'set') : undefined,
				),
				properties: properties(
					['Value', config.value ?? hidden],
					['Set by', sources[config.source] ?? String(config.source)],
					['Read-only', config.isReadOnly ? 'yes' : undefined],
				),
				expandable: false,
			}));
		},
	};
}

function topicNode(topic: Topic): BrowseNode {
	const { name, partitions, error, isInternal } = topic;
	const leaderless = partitions.filter(({ leader }) => leader < 0).length;
	const lagging = partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length;
	const replicas = partitions[0]?.replicas.length;
	return {
		id: `topic:${name}`,
		kind: isInternal ? 'internal-topic' : 'topic',
		name: shown(name),
		description: joined(
			error !== 0 ? `error ${error}` : counted(partitions.length, 'partition'),
			leaderless > 0 && `${n(leaderless)} without leader`,
			lagging > 0 && `${n(lagging)} under-replicated`,
		),
		...((error !== 0 || leaderless > 0 || lagging > 0) && { bad: true }),
		properties: properties(
			['Topic', shown(name)],
			['Topic ID', /^[0-]*$/.test(topic.id) ? undefined : topic.id],
			['Partitions', n(partitions.length)],
			['Replicas', replicas === undefined ? undefined : n(replicas)],
			['Internal', isInternal ? 'yes' : undefined],
		),
		expandable: true,
		target: name,
		subscription: { target: name, mode: 'read' },
		compose: { verb: 'produce' },
	};
}

function partitionNode(
	{ name }: Topic,
	{ index, leader, replicas, inSync }: Partition,
	first: bigint | undefined,
	last: bigint | undefined,
	size: bigint | undefined,
): BrowseNode {
	const isBad = leader < 0 || inSync.length < replicas.length;
	const isKnown = first !== undefined && last !== undefined;
	return {
		id: `partition:${name}:${index}`,
		kind: 'partition',
		name: `Partition ${index}`,
		description: joined(
			leader < 0 && 'no leader',
			inSync.length < replicas.length && `${n(inSync.length)} of ${counted(replicas.length, 'replica')} in sync`,
			isKnown && (last === first ? 'empty' : `offsets ${n(first)} to ${n(last - 1n)}`),
			leader >= 0 && `leader ${leader}`,
		),
		...(isBad && { bad: true }),
		properties: properties(
			['Leader', leader < 0 ? 'none' : `broker ${leader}`],
			['Replicas', replicas.join(', ')],
			['In sync', inSync.join(', ')],
			['First offset', first?.toString()],
			['Next offset', last?.toString()],
			['Offsets', isKnown ? n(last - first) : undefined],
			['Size', size === undefined ? undefined : bytes(size)],
		),
		expandable: false,
		target: name,
		subscription: { target: name, mode: 'read', partitions: String(index) },
		modes: ['read'],
		compose: { verb: 'produce', values: { partition: index } },
	};
}
