import { fail } from '../../../base/failure';
import type { ActResult, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { textValue } from '../../shared/values';
import type { Cluster } from '../cluster/cluster';
import { incrementalAlterConfigs } from '../wire/admin-apis';
import { describeConfigs } from '../wire/apis';
import { kafkaError } from '../wire/failures';
import type { Context, Input } from './context';
import { brokerOf, topicOf } from './targets';
import { counted } from './words';

/** Types of resources, sources of values and operations in Kafka's protocol. */
const resource = { topic: 2, broker: 4 } as const;
const source = { topic: 1, default: 5 } as const;
const operation = { set: 0, delete: 1 } as const;

interface Setting {
	name: string;
	/** Undefined: the broker keeps it secret. */
	value: string | undefined;
	source: number;
	documentation: string | undefined;
}

async function settingsOf(cluster: Cluster, input: Input, keys: string[] | null): Promise<Setting[]> {
	const broker = brokerOf(input);
	const name = broker === undefined ? topicOf(input).name : String(broker);
	const connection = broker === undefined ? cluster.main : await cluster.broker(broker);
	const resourceType = broker === undefined ? resource.topic : resource.broker;
	const asked = { resourceType, resourceName: name, configurationKeys: keys };
	const answer = await connection.call(describeConfigs, [asked], false, true).catch((error: unknown) => {
		throw kafkaError(error, broker === undefined ? `topic "${name}"` : `broker ${name}`);
	});
	return (answer.results[0]?.configs ?? [])
		.map((one) => ({
			name: one.name,
			value: one.isSensitive ? undefined : (one.value ?? ''),
			source: one.configSource,
			documentation: one.documentation ?? undefined,
		}))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** All settings as a document: those that were changed first, each with what it means where the broker says that. */
export async function showSettings({ cluster }: Context, act: Act): Promise<ActResult> {
	const broker = brokerOf(act);
	const name = broker === undefined ? `topic "${topicOf(act).name}"` : `broker ${broker}`;
	const settings = await settingsOf(cluster, act, null);
	const changed = settings.filter((one) => one.source !== source.default);
	const defaults = settings.filter((one) => one.source === source.default);
	const lines = (list: Setting[]) =>
		list.flatMap((one) => [
			...(one.documentation ? [`# ${peerText(firstSentence(one.documentation))}`] : []),
			`${peerText(one.name)} = ${one.value === undefined ? '(kept secret by the broker)' : peerText(one.value, { most: 4000 })}`,
		]);
	const section = (title: string, list: Setting[]) => (list.length > 0 ? [`### ${title}`, '', ...lines(list), ''] : []);
	const text = [`## Settings of the ${name}`, '', ...section('Changed', changed), ...section('Defaults', defaults)];
	return {
		text: `The ${name} has ${counted(settings.length, 'setting')}, ${changed.length} of them changed.`,
		document: { title: `Settings of the ${name}`, language: 'properties', text: text.join('\n') },
	};
}

const firstSentence = (text: string) => /^.*?[.!?](?=\s|$)/s.exec(text.trim())?.[0] ?? text.trim();

interface Change {
	topic: string;
	setting: string;
	/** Undefined: the default of the cluster. */
	value: string | undefined;
	current: Setting;
}

async function plan(cluster: Cluster, input: Input): Promise<Change> {
	const { name } = topicOf(input);
	const setting = (textValue(input.values, 'setting') ?? '').trim();
	const [current] = (await settingsOf(cluster, input, [setting])).filter((one) => one.name === setting);
	if (!current) {
		throw fail('bad-field', `Topics have no setting "${setting}".`, {
			field: 'setting',
			remedy: { text: 'Run "Show Settings" on the topic to see their names.' },
		});
	}
	const value = textValue(input.values, 'value');
	if (value === undefined && current.source !== source.topic)
		throw fail('nothing-to-do', `"${setting}" of the topic "${name}" already has its default, ${current.value}.`);
	if (value !== undefined && value === current.value && current.source === source.topic)
		throw fail('nothing-to-do', `"${setting}" of the topic "${name}" is ${value} already.`);
	return { topic: name, setting, value, current };
}

const shown = ({ value }: Setting) => (value === undefined ? 'a secret value' : peerText(value));

export async function askChangeSetting({ cluster }: Context, input: Input): Promise<Question> {
	const { topic, setting, value, current } = await plan(cluster, input);
	const risk = /^(retention|cleanup|delete\.retention|segment)/.test(setting)
		? ' It decides which messages the brokers delete.'
		: '';
	const from = current.source === source.topic ? shown(current) : `${shown(current)} (default)`;
	return {
		text: `Change "${setting}" of the topic "${topic}"?`,
		detail: `From ${from} to ${value ?? 'the default of the cluster'}.${risk}`,
		button: 'Change Setting',
	};
}

export async function changeSetting({ cluster }: Context, act: Act): Promise<ActResult> {
	const { topic, setting, value } = await plan(cluster, act);
	const change =
		value === undefined
			? { name: setting, configOperation: operation.delete }
			: { name: setting, configOperation: operation.set, value };
	const wanted = { resourceType: resource.topic, resourceName: topic, configs: [change] };
	await cluster.callController(incrementalAlterConfigs, [wanted], false).catch((error: unknown) => {
		throw kafkaError(error, `topic "${topic}"`);
	});
	const [now] = await settingsOf(cluster, act, [setting]).catch(() => []);
	return { text: `"${setting}" of the topic "${topic}" is ${now ? shown(now) : (value ?? 'the default')} now.` };
}
