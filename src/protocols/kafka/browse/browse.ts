import { fail } from '../../../base/failure';
import type { BrowseNode, BrowsePage } from '../../../model/contracts/browse';
import { hostAndPort } from '../../shared/dial/address';
import type { Cluster } from '../cluster/cluster';
import { kafkaError } from '../wire/failures';
import { type Answers, createAnswers } from './answers';
import { createGroups, type Groups } from './groups';
import { createTopics, type Topics } from './topics';
import { joined, n, properties, shown } from './words';

export interface Browsing {
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/** Names of topics that were seen in this session. */
	targets(start: string, limit: number): string[];
	topics: Topics;
	groups: Groups;
	/** Something was changed: the next look asks again. */
	forget(): void;
}

/** Number of topics that are kept for completion. */
const maxSeen = 10_000;

/** The tree of the cluster. It only reads, with requests that no consumer notices. */
export function createBrowsing(cluster: Cluster): Browsing {
	const answers: Answers = createAnswers();
	const topics = createTopics(cluster, answers);
	const groups = createGroups(cluster, answers);
	const seen = new Set<string>();

	async function listed(isInternal: boolean, offset: number, count: number): Promise<BrowsePage> {
		const list = await topics.list(isInternal);
		for (const { name } of list) if (seen.size < maxSeen) seen.add(name);
		return { total: list.length, nodes: list.slice(offset, offset + count).map(topics.node) };
	}

	async function top(): Promise<BrowseNode[]> {
		const [own, internal, found] = await Promise.all([
			topics.list(false),
			topics.list(true),
			groups.list().catch(() => undefined),
		]);
		for (const { name } of own) if (seen.size < maxSeen) seen.add(name);
		const folder = (id: string, name: string, description?: string): BrowseNode => ({
			...{ id, kind: id, name, expandable: true },
			...(description !== undefined && { description }),
		});
		return [
			folder('topics', 'Topics', n(own.length)),
			folder('groups', 'Consumer groups', found && n(found.groups.length)),
			folder('brokers', 'Brokers', n(cluster.brokers.length)),
			...(internal.length > 0 ? [folder('internal', 'Internal topics', n(internal.length))] : []),
		];
	}

	async function brokers(): Promise<BrowseNode[]> {
		await cluster.topics([]).catch((error: unknown) => {
			throw kafkaError(error, 'cluster');
		});
		return [...cluster.brokers]
			.sort((a, b) => a.node - b.node)
			.map((broker) => ({
				id: `broker:${broker.node}`,
				kind: broker.node === cluster.controller ? 'controller' : 'broker',
				name: `Broker ${broker.node}`,
				description: joined(hostAndPort(broker), broker.node === cluster.controller && 'controller'),
				properties: properties(
					['Broker', String(broker.node)],
					['Address', hostAndPort(broker)],
					['Rack', broker.rack && shown(broker.rack)],
					['Controller', broker.node === cluster.controller ? 'yes' : undefined],
				),
				expandable: true,
			}));
	}

	const whole = (nodes: BrowseNode[], offset: number, count: number): BrowsePage => ({
		total: nodes.length,
		nodes: nodes.slice(offset, offset + count),
	});

	return {
		...{ topics, groups, forget: answers.forget },
		async browse(parent, offset, count) {
			if (parent === undefined) return whole(await top(), offset, count);
			if (parent === 'topics') return listed(false, offset, count);
			if (parent === 'internal') return listed(true, offset, count);
			if (parent === 'brokers') return whole(await brokers(), offset, count);
			if (parent === 'groups') {
				const { groups: list, problem } = await groups.list();
				const nodes = await Promise.all(list.slice(offset, offset + count).map(groups.node));
				return { total: list.length, nodes, ...(problem !== undefined && { note: problem }) };
			}
			const [, kind, name] = /^(topic|group|broker):([\s\S]*)$/.exec(parent) ?? [];
			if (kind === 'topic' && name !== undefined) return topics.children(name, offset, count);
			if (kind === 'group' && name !== undefined) return whole(await groups.children(name), offset, count);
			if (kind === 'broker' && name !== undefined) return whole(await topics.configs('broker', name), offset, count);
			const [, of, resource] = /^configs:(topic|broker):([\s\S]*)$/.exec(parent) ?? [];
			if ((of === 'topic' || of === 'broker') && resource !== undefined)
				return whole(await topics.configs(of, resource), offset, count);
			throw fail('no-node', 'This object has nothing below it.');
		},
		targets: (start, limit) => [...seen].filter((name) => name.startsWith(start)).slice(0, limit),
	};
}
