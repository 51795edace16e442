import type { Cluster } from '../cluster/cluster';
import { configurationOf } from '../cluster/configuration';

/** Maximum sizes of records ("max.message.bytes"), asked for when one was refused. */
export interface Limits {
	/** Bytes; undefined if it is not known. */
	of(topic: string): number | undefined;
	ask(topic: string): Promise<number | undefined>;
}

const key = 'max.message.bytes';
const maxKept = 1000;

export function createLimits(cluster: Cluster): Limits {
	const known = new Map<string, number>();
	return {
		of: (topic) => known.get(topic),
		async ask(topic) {
			try {
				const found = await configurationOf(cluster, { kind: 'topic', name: topic }, { names: [key] });
				const value = found.find(({ name }) => name === key)?.value;
				if (value === undefined || !/^\d{1,15}$/.test(value)) return undefined;
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
