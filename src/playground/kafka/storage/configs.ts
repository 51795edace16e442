import { errors, KafkaError } from '../errors';

/** Types of settings in DescribeConfigs. */
export const configType = {
	boolean: 1,
	string: 2,
	int: 3,
	short: 4,
	long: 5,
	double: 6,
	list: 7,
	class: 8,
	password: 9,
};

export interface ConfigDefinition {
	value: string;
	type: number;
	/** Allowed values of a list or a string. */
	oneOf?: readonly string[];
	documentation: string;
}

/** Settings of a topic with Kafka's defaults. The broker acts on those marked in their documentation as applied. */
export const topicConfigs: Readonly<Record<string, ConfigDefinition>> = {
	'cleanup.policy': {
		value: 'delete',
		type: configType.list,
		oneOf: ['delete', 'compact'],
		documentation: 'Whether old records are deleted, or the last record of each key is kept. Applied.',
	},
	'compression.type': {
		value: 'producer',
		type: configType.string,
		oneOf: ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'],
		documentation: 'Codec of stored batches. Batches stay as the producer sent them.',
	},
	'delete.retention.ms': number('86400000', 'How long tombstones are kept, in milliseconds.'),
	'max.message.bytes': {
		...number('1048588', 'Largest record batch, in bytes. Applied.'),
		type: configType.int,
	},
	'message.timestamp.type': {
		value: 'CreateTime',
		type: configType.string,
		oneOf: ['CreateTime', 'LogAppendTime'],
		documentation: 'Whether a record has the time of the producer or of the broker. Applied.',
	},
	'min.insync.replicas': { ...number('1', 'Replicas that must have a record with acks=all.'), type: configType.int },
	'retention.bytes': number('-1', 'Bytes of a partition, beyond which old records are deleted. Applied.'),
	'retention.ms': number('604800000', 'Age of records, beyond which they are deleted, in milliseconds.'),
	'segment.bytes': { ...number('1073741824', 'Size of a segment file, in bytes.'), type: configType.int },
};

/** Settings of a broker; they cannot be changed here. */
export const brokerConfigs: Readonly<Record<string, ConfigDefinition>> = {
	'auto.create.topics.enable': {
		value: 'true',
		type: configType.boolean,
		documentation: 'Whether a topic is created when a client asks for its metadata and allows it.',
	},
	'default.replication.factor': {
		...number('1', 'Replicas of topics that are created automatically.'),
		type: configType.int,
	},
	'message.max.bytes': { ...number('1048588', 'Largest record batch, in bytes.'), type: configType.int },
	'num.partitions': { ...number('1', 'Partitions of topics that are created automatically.'), type: configType.int },
};

function number(value: string, documentation: string): ConfigDefinition {
	return { value, type: configType.long, documentation };
}

/** Throws `KafkaError` for an unknown setting or a wrong value. */
export function checkTopicConfig(name: string, value: string | null): void {
	const definition = Object.hasOwn(topicConfigs, name) ? topicConfigs[name] : undefined;
	if (!definition) throw new KafkaError(errors.invalidConfig, `Unknown topic config name: ${name}`);
	const fail = () => new KafkaError(errors.invalidConfig, `Invalid value ${value} for configuration ${name}`);
	if (value === null) throw fail();
	if (definition.oneOf) {
		if (!value.split(',').every((one) => definition.oneOf?.includes(one.trim()))) throw fail();
	} else if (!/^-?\d{1,18}$/.test(value)) throw fail();
}
