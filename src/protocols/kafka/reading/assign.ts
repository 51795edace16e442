/** The partitions of a topic that a member reads. */
export interface Assigned {
	topic: string;
	partitions: number[];
}

export interface GroupMember {
	id: string;
	topics: readonly string[];
}

/** How a leader divides partitions, by the names of the Java client, librdkafka and kafkajs. */
export const assignors = ['range', 'roundrobin', 'RoundRobinAssigner'] as const;

/**
 * Divides the partitions of the topics among the members that want them, as the assignor of this name in the Java client does.
 * `partitions`: by topic; a topic that is not there has none.
 */
export function assign(
	assignor: string,
	members: readonly GroupMember[],
	partitions: ReadonlyMap<string, readonly number[]>,
): Map<string, Assigned[]> {
	const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
	const result = new Map(sorted.map(({ id }): [string, Map<string, number[]>] => [id, new Map()]));
	const give = (id: string, topic: string, partition: number) => {
		const own = result.get(id);
		own?.set(topic, [...(own.get(topic) ?? []), partition]);
	};
	const topics = [...partitions.keys()].sort();
	if (assignor === 'range') {
		for (const topic of topics) {
			const all = partitions.get(topic) ?? [];
			const wanting = sorted.filter((one) => one.topics.includes(topic));
			const [each, more] = [Math.floor(all.length / wanting.length), all.length % wanting.length];
			wanting.forEach(({ id }, index) => {
				const start = index * each + Math.min(index, more);
				for (const partition of all.slice(start, start + each + (index < more ? 1 : 0))) give(id, topic, partition);
			});
		}
	} else {
		let turn = 0;
		for (const topic of topics)
			for (const partition of partitions.get(topic) ?? []) {
				const wanting = sorted.filter((one) => one.topics.includes(topic));
				const member = wanting[turn++ % wanting.length];
				if (member) give(member.id, topic, partition);
			}
	}
	return new Map(
		[...result].map(([id, own]) => [id, [...own].map(([topic, list]): Assigned => ({ topic, partitions: list }))]),
	);
}
