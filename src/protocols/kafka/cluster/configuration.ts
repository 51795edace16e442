import { describeConfigs } from '../wire/apis';
import { errorOf, kafkaError } from '../wire/failures';
import { answerOf } from '../wire/partial';
import type { Cluster } from './cluster';

export interface Resource {
	kind: 'topic' | 'broker';
	/** Of a broker, its number. */
	name: string;
}

/** A property of the configuration of a topic or broker. */
export interface ConfigProperty {
	name: string;
	/** Undefined: the broker keeps it secret. */
	value: string | undefined;
	/** Number of `sources`. */
	source: number;
	isReadOnly: boolean;
	documentation: string | undefined;
}

/** Numbers of the types of resources in requests. */
export const resourceTypes = { topic: 2, broker: 4 } as const;

/** Where a value comes from (ConfigSource in DescribeConfigs). */
export const sources: Readonly<Record<number, string>> = {
	1: 'topic',
	2: 'broker, dynamic',
	3: 'cluster, dynamic',
	4: 'broker, static',
	5: 'default',
	8: 'group',
};
export const topicSource = 1;
export const defaultSource = 5;

/** `names`: the properties that are wanted, or all. Throws a FailureError. */
export async function configurationOf(
	cluster: Cluster,
	{ kind, name }: Resource,
	{ names = null, isDocumented = false }: { names?: string[] | null; isDocumented?: boolean } = {},
): Promise<ConfigProperty[]> {
	const what = kind === 'topic' ? `topic "${name}"` : `broker ${name}`;
	const connection = kind === 'broker' ? await cluster.broker(Number(name)) : cluster.main;
	const wanted = { resourceType: resourceTypes[kind], resourceName: name, configurationKeys: names };
	const { results } = await answerOf(connection.call(describeConfigs, [wanted], false, isDocumented)).catch(
		(error: unknown) => {
			throw kafkaError(error, what);
		},
	);
	const [result] = results;
	if (result?.errorCode !== 0) throw kafkaError(errorOf(result?.errorCode ?? -1, result?.errorMessage), what);
	return result.configs.map((one) => ({
		name: one.name,
		value: one.isSensitive ? undefined : (one.value ?? 'null'),
		source: one.configSource,
		isReadOnly: one.readOnly,
		documentation: one.documentation ?? undefined,
	}));
}
