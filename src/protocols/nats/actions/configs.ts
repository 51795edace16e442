import { fail } from '../../../base/failure';
import { membersOf, parseJson } from '../../../model/json/value';
import type { Values } from '../../../model/profile/field';
import { listValue, numberValue, textValue } from '../../shared/values';
import { checkFilter, checkName } from '../describe/subjects';
import { type JsonInput, jsonText } from '../jetstream/json-text';
import { bucketStream, storeStream } from '../jetstream/streams';

type Config = { readonly [name: string]: JsonInput | undefined };

const second = 1_000_000_000n;

/** The number of a text field; undefined if it is empty. */
const digits = (values: Values, key: string): bigint | undefined => {
	const text = textValue(values, key);
	return text === undefined ? undefined : BigInt(text);
};

export function nameOf(values: Values, what: string): string {
	const name = textValue(values, 'name') ?? '';
	const wrong = checkName(name, what);
	if (wrong) throw fail('bad-name', wrong, { field: 'name' });
	return name;
}

function subjectsIn(values: Values): string[] {
	const subjects = listValue(values, 'subjects')
		.map((subject) => subject.trim())
		.filter((subject) => subject !== '');
	for (const subject of subjects) {
		const wrong = checkFilter(subject);
		if (wrong) throw fail('bad-subject', wrong, { field: 'subjects' });
	}
	return subjects;
}

function limits(values: Values): Config {
	const age = digits(values, 'maxAge');
	return {
		max_msgs: digits(values, 'maxMessages'),
		max_bytes: digits(values, 'maxBytes'),
		max_age: age === undefined ? undefined : age * second,
		max_msgs_per_subject: digits(values, 'maxPerSubject'),
		max_msg_size: digits(values, 'maxMessageSize'),
	};
}

const kept = (values: Values): Config => ({
	storage: textValue(values, 'storage') ?? 'file',
	num_replicas: numberValue(values, 'replicas') ?? 1,
	description: textValue(values, 'description'),
});

export function streamConfig(values: Values): Config {
	const name = nameOf(values, 'stream');
	const subjects = subjectsIn(values);
	return {
		...{ name, subjects: subjects.length > 0 ? subjects : [name], ...limits(values), ...kept(values) },
		retention: textValue(values, 'retention') ?? 'limits',
		discard: textValue(values, 'discard') ?? 'old',
		allow_direct: values.direct !== false,
	};
}

/** The stream of a bucket as other clients create it (ADR-8). */
export function bucketConfig(values: Values): Config {
	const name = nameOf(values, 'bucket');
	const { max_bytes, max_age } = limits(values);
	const age = typeof max_age === 'bigint' ? max_age : 0n;
	const twoMinutes = 120n * second;
	return {
		...{ ...kept(values), name: bucketStream(name), subjects: [`$KV.${name}.>`], max_bytes, max_age },
		...{ max_msgs_per_subject: numberValue(values, 'history') ?? 1, discard: 'new' },
		...{ allow_rollup_hdrs: true, deny_delete: true, allow_direct: true },
		// It may not be longer than the age.
		duplicate_window: age > 0n && age < twoMinutes ? age : twoMinutes,
	};
}

/** The stream of an object store as other clients create it (ADR-20). */
export function storeConfig(values: Values): Config {
	const name = nameOf(values, 'object store');
	const { max_bytes, max_age } = limits(values);
	return {
		...{ ...kept(values), name: storeStream(name), subjects: [`$O.${name}.C.>`, `$O.${name}.M.>`] },
		...{ max_bytes, max_age, discard: 'new', allow_rollup_hdrs: true, allow_direct: true },
	};
}

export function consumerConfig(values: Values): { name: string; config: Config } {
	const name = nameOf(values, 'consumer');
	const filter = textValue(values, 'filter');
	const wrong = filter === undefined ? undefined : checkFilter(filter);
	if (wrong) throw fail('bad-subject', wrong, { field: 'filter' });
	const wait = numberValue(values, 'ackWait') ?? 30;
	return {
		name,
		config: {
			...{ durable_name: name, name, filter_subject: filter },
			deliver_policy: textValue(values, 'deliver') ?? 'all',
			ack_policy: textValue(values, 'ack') ?? 'explicit',
			ack_wait: BigInt(Math.round(wait * 1000)) * 1_000_000n,
			max_deliver: digits(values, 'maxDeliver'),
		},
	};
}

/**
 * The configuration of a stream as JSON with the members of the form. The others keep the text that the server has sent, so
 * that their numbers stay exact.
 */
export function editedConfig(source: string, values: Values): { source: string; changed: string[] } {
	const subjects = subjectsIn(values);
	const changes = new Map<string, string>();
	const wanted: Config = { ...limits(values), ...(subjects.length > 0 && { subjects }) };
	for (const [name, value] of Object.entries(wanted)) if (value !== undefined) changes.set(name, jsonText(value));
	const more = textValue(values, 'config');
	if (more !== undefined) {
		const parsed = parseJson(more);
		const members = 'value' in parsed ? membersOf(parsed.value) : undefined;
		if (!members)
			throw fail('bad-config', 'problem' in parsed ? parsed.problem : 'The settings are not a JSON object.', {
				field: 'config',
			});
		for (const [name, value] of members) changes.set(name, value.source);
	}
	const parsed = parseJson(source);
	const members = 'value' in parsed ? membersOf(parsed.value) : undefined;
	if (!members) throw fail('protocol-violation', 'The server sent a configuration that is no JSON object.');
	const all = new Map([...[...members].map(([name, value]) => [name, value.source] as const), ...changes]);
	const text = [...all].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',');
	return { source: `{${text}}`, changed: [...changes.keys()] };
}
