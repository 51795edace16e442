import type { Cluster } from '../cluster/cluster';
import { describeConfigs } from '../wire/apis';

/** Maximum sizes of records ("max.message.bytes"), asked for when one was refused. */
export interface Limits {
	/** Bytes; undefined if it is not known. */
	of(topic: string): number | undefined;
	ask(topic: string): Promise<number | undefined>;
}

const topicResource = 2;
const key = 'max.message.bytes';
const maxKept = 1000;

export function createLimits(cluster: Cluster): Limits {
	const known = new Map<string, number>();
	return {
		of: (topic) => known.get(topic),
		async ask(topic) {
			try {
				const resource = { resourceType: topicResource, resourceName: topic } as const;
				const { results } = await cluster.main.call(
					describeConfigs,
					[{ ...resource, configurationKeys: [key] }],
					false,
					false,
				);
				const value = results[0]?.configs.find(({ name }) => name === key)?.value;
				if (value === undefined || value === null || !/^\d{1,15}$/.test(value)) return undefined;
				if (known.size >= maxKept) known.clear();
				known.set(topic, Number(value));
				return Number(value);
			} catch {
				// Not every user may ask; the refusal is reported without the number then.
				return undefined;
			}
		},
	};
}
