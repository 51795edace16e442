import { fail } from '../../../base/failure';
import type { ActResult, Question } from '../../../model/contracts/browse';
import { sortedByName } from '../../../model/text/natural-order';
import type { Act } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { textValue } from '../../shared/values';
import type { Cluster } from '../cluster/cluster';
import {
	type ConfigProperty,
	configurationOf,
	defaultSource,
	type Resource,
	resourceTypes,
	topicSource,
} from '../cluster/configuration';
import { incrementalAlterConfigs } from '../wire/admin-apis';
import { kafkaError } from '../wire/failures';
import type { Context, Input } from './context';
import { brokerOf, topicOf } from './targets';
import { counted } from './words';

/** Numbers of the operations in IncrementalAlterConfigs. */
const operation = { set: 0, delete: 1 } as const;

function resourceOf(input: Input): Resource {
	const broker = brokerOf(input);
	return broker === undefined ? { kind: 'topic', name: topicOf(input).name } : { kind: 'broker', name: String(broker) };
}

/** All properties as a document: those that were set first, each with what it means where the broker says that. */
export async function showConfiguration({ cluster }: Context, act: Act): Promise<ActResult> {
	const resource = resourceOf(act);
	const name = resource.kind === 'topic' ? `topic "${resource.name}"` : `broker ${resource.name}`;
	const found = await configurationOf(cluster, resource, { isDocumented: true });
	const all = sortedByName(found, (one) => one.name);
	const changed = all.filter((one) => one.source !== defaultSource);
	const defaults = all.filter((one) => one.source === defaultSource);
	const lines = (list: ConfigProperty[]) =>
		list.flatMap((one) => [
			...(one.documentation ? [`# ${peerText(firstSentence(one.documentation))}`] : []),
			`${peerText(one.name)} = ${one.value === undefined ? '(hidden by the broker)' : peerText(one.value, { most: 4000 })}`,
		]);
	const section = (title: string, list: ConfigProperty[]) =>
		list.length > 0 ? [`### ${title}`, '', ...lines(list), ''] : [];
	const text = [
		`## Configuration of the ${name}`,
		'',
		...section('Changed', changed),
		...section('Defaults', defaults),
	];
	return {
		text: `The configuration of the ${name} has ${counted(all.length, 'property', 'properties')}, ${changed.length} of them changed.`,
		document: { title: `Configuration of the ${name}`, language: 'properties', text: text.join('\n') },
	};
}

const firstSentence = (text: string) => /^.*?[.!?](?=\s|$)/s.exec(text.trim())?.[0] ?? text.trim();

interface Change {
	topic: string;
	property: string;
	/** Undefined: the default of the cluster. */
	value: string | undefined;
	current: ConfigProperty;
}

async function plan(cluster: Cluster, input: Input): Promise<Change> {
	const { name } = topicOf(input);
	const property = (textValue(input.values, 'property') ?? '').trim();
	const found = await configurationOf(cluster, { kind: 'topic', name }, { names: [property] });
	const current = found.find((one) => one.name === property);
	if (!current)
		throw fail('bad-field', `The configuration of topics has no property "${property}".`, {
			field: 'property',
			remedy: { text: 'Run "Show Configuration" on the topic to see the names.' },
		});
	const value = textValue(input.values, 'value');
	if (value === undefined && current.source !== topicSource)
		throw fail('nothing-to-do', `"${property}" of the topic "${name}" already has its default, ${shown(current)}.`);
	if (value !== undefined && value === current.value && current.source === topicSource)
		throw fail('nothing-to-do', `"${property}" of the topic "${name}" is ${value} already.`);
	return { topic: name, property, value, current };
}

const shown = ({ value }: ConfigProperty) => (value === undefined ? 'a secret value' : peerText(value));

export async function askChangeConfiguration({ cluster }: Context, input: Input): Promise<Question> {
	const { topic, property, value, current } = await plan(cluster, input);
	const risk = /^(retention|cleanup|delete\.retention|segment)/.test(property)
		? ' It decides which messages the brokers delete.'
		: '';
	const from = current.source === topicSource ? shown(current) : `${shown(current)} (default)`;
	return {
		text: `Change "${property}" of the topic "${topic}"?`,
		detail: `From ${from} to ${value ?? 'the default of the cluster'}.${risk}`,
		button: 'Change Configuration',
	};
}

export async function changeConfiguration({ cluster }: Context, act: Act): Promise<ActResult> {
	const { topic, property, value } = await plan(cluster, act);
	const change =
		value === undefined
			? { name: property, configOperation: operation.delete }
			: { name: property, configOperation: operation.set, value };
	const wanted = { resourceType: resourceTypes.topic, resourceName: topic, configs: [change] };
	await cluster.callController(incrementalAlterConfigs, [wanted], false).catch((error: unknown) => {
		throw kafkaError(error, `topic "${topic}"`);
	});
	const [now] = await configurationOf(cluster, resourceOf(act), { names: [property] }).catch(() => []);
	return { text: `"${property}" of the topic "${topic}" is ${now ? shown(now) : (value ?? 'the default')} now.` };
}
