import type { Cluster } from '../cluster';
import { attempt, errors, KafkaError } from '../errors';
import { brokerConfigs, type ConfigDefinition, checkTopicConfig, configType, topicConfigs } from '../storage/configs';
import type { Topic } from '../storage/topic';
import * as t from '../wire/schema';
import { api } from './api';

/** Types of resources, and sources of values. */
const resource = { topic: 2, broker: 4 };
const source = { topic: 1, default: 5 };

export const describeConfigs = api({
	key: 32,
	name: 'DescribeConfigs',
	versions: [0, 4],
	flexible: 4,
	request: t.struct({
		resources: t.array(
			t.struct({
				resourceType: t.int8,
				resourceName: t.string,
				configurationKeys: t.nullableArray(t.string),
			}),
		),
		includeSynonyms: t.since(1, t.bool),
		includeDocumentation: t.since(3, t.bool),
	}),
	response: t.struct({
		throttleTimeMs: t.int32,
		results: t.array(
			t.struct({
				errorCode: t.int16,
				errorMessage: t.nullableString,
				resourceType: t.int8,
				resourceName: t.string,
				configs: t.array(
					t.struct({
						name: t.string,
						value: t.nullableString,
						readOnly: t.bool,
						isDefault: t.between(0, 0, t.bool),
						configSource: t.since(1, t.int8),
						isSensitive: t.bool,
						synonyms: t.since(1, t.array(t.struct({ name: t.string, value: t.nullableString, source: t.int8 }))),
						configType: t.since(3, t.int8),
						documentation: t.since(3, t.nullableString),
					}),
				),
			}),
		),
	}),
	handle: ({ resources, includeSynonyms, includeDocumentation }, { cluster, node }) => ({
		results: resources.map(({ resourceType, resourceName, configurationKeys }) => {
			const common = { resourceType, resourceName };
			const done = attempt(() => {
				if (resourceType === resource.topic)
					return { topic: existing(cluster, resourceName), definitions: topicConfigs };
				if (resourceType === resource.broker && (resourceName === '' || resourceName === String(node.id)))
					return { topic: undefined, definitions: brokerConfigs };
				throw new KafkaError(errors.invalidRequest, 'Only topics and this broker have settings.');
			});
			if (!('value' in done)) return { ...common, errorCode: done.code, errorMessage: done.text };
			const { topic, definitions } = done.value;
			return {
				...common,
				configs: Object.entries(definitions)
					.filter(([name]) => configurationKeys === null || configurationKeys.includes(name))
					.map(([name, definition]) => {
						const synonyms = includeSynonyms ? synonymsOf(topic, name, definition) : [];
						const documentation = includeDocumentation ? definition.documentation : null;
						return { ...described(topic, name, definition), synonyms, documentation };
					}),
			};
		}),
	}),
});

function described(topic: Topic | undefined, name: string, { value, type }: ConfigDefinition) {
	const own = topic?.configs.get(name);
	return {
		name,
		value: own ?? value,
		readOnly: topic === undefined,
		isDefault: own === undefined,
		configSource: own === undefined ? source.default : source.topic,
		configType: type,
	};
}

function synonymsOf(topic: Topic | undefined, name: string, { value }: ConfigDefinition) {
	const own = topic?.configs.get(name);
	const all = [{ name, value, source: source.default }];
	return own === undefined ? all : [{ name, value: own, source: source.topic }, ...all];
}

function existing(cluster: Cluster, name: string): Topic {
	const topic = cluster.topics.get(name);
	if (!topic) throw new KafkaError(errors.unknownTopicOrPartition, 'The topic does not exist.');
	return topic;
}

const alterResponse = t.struct({
	throttleTimeMs: t.int32,
	responses: t.array(
		t.struct({
			errorCode: t.int16,
			errorMessage: t.nullableString,
			resourceType: t.int8,
			resourceName: t.string,
		}),
	),
});

/** Applies `change` to a copy of the topic's settings, which replaces them unless it throws or only validates. */
function alter(
	cluster: Cluster,
	{ resourceType, resourceName }: { resourceType: number; resourceName: string },
	validateOnly: boolean,
	change: (configs: Map<string, string>, topic: Topic) => void,
) {
	const done = attempt(() => {
		if (resourceType !== resource.topic)
			throw new KafkaError(errors.invalidRequest, 'Only settings of topics can be changed.');
		const topic = existing(cluster, resourceName);
		const configs = new Map(topic.configs);
		change(configs, topic);
		for (const [name, value] of configs) checkTopicConfig(name, value);
		if (validateOnly) return;
		topic.configs.clear();
		for (const [name, value] of configs) topic.configs.set(name, value);
	});
	const common = { resourceType, resourceName };
	return 'value' in done ? common : { ...common, errorCode: done.code, errorMessage: done.text };
}

/** Replaces all settings of a topic. */
export const alterConfigs = api({
	key: 33,
	name: 'AlterConfigs',
	versions: [0, 2],
	flexible: 2,
	request: t.struct({
		resources: t.array(
			t.struct({
				resourceType: t.int8,
				resourceName: t.string,
				configs: t.array(t.struct({ name: t.string, value: t.nullableString })),
			}),
		),
		validateOnly: t.bool,
	}),
	response: alterResponse,
	handle: ({ resources, validateOnly }, { cluster }) => ({
		responses: resources.map((one) =>
			alter(cluster, one, validateOnly, (configs) => {
				configs.clear();
				for (const { name, value } of one.configs) configs.set(name, value ?? '');
			}),
		),
	}),
});

const operation = { set: 0, delete: 1, append: 2, subtract: 3 };

/** Changes single settings of a topic (KIP-339). */
export const incrementalAlterConfigs = api({
	key: 44,
	name: 'IncrementalAlterConfigs',
	versions: [0, 1],
	flexible: 1,
	request: t.struct({
		resources: t.array(
			t.struct({
				resourceType: t.int8,
				resourceName: t.string,
				configs: t.array(t.struct({ name: t.string, operation: t.int8, value: t.nullableString })),
			}),
		),
		validateOnly: t.bool,
	}),
	response: alterResponse,
	handle: ({ resources, validateOnly }, { cluster }) => ({
		responses: resources.map((one) =>
			alter(cluster, one, validateOnly, (configs, topic) => {
				for (const { name, operation: kind, value } of one.configs) {
					if (!Object.hasOwn(topicConfigs, name))
						throw new KafkaError(errors.invalidConfig, `Unknown topic config name: ${name}`);
					if (kind === operation.set) configs.set(name, value ?? '');
					else if (kind === operation.delete) configs.delete(name);
					else configs.set(name, changedList(topic, name, kind, value ?? ''));
				}
			}),
		),
	}),
});

function changedList(topic: Topic, name: string, kind: number, value: string): string {
	if (topicConfigs[name]?.type !== configType.list)
		throw new KafkaError(errors.invalidConfig, `Configuration ${name} is not a list.`);
	const items = topic.config(name).split(',').filter(Boolean);
	const changed = value.split(',').filter(Boolean);
	const kept = items.filter((item) => !changed.includes(item));
	return (kind === operation.append ? [...kept, ...changed] : kept).join(',');
}
