import { isRecord } from '../../base/check';
import type { FieldValue, Values } from '../../model/profile/field';
import { wrongValue } from '../../model/profile/fields';
import type { ProtocolDescription, Verb } from '../../protocols/description';
import { fieldValue, plain, reservedFor } from '../values/headers';
import type { Received } from './connection';

/** What the log's properties call a field of the message. */
const otherNames: Record<string, string> = {
	expiry: 'messageExpiry',
	correlation: 'correlationData',
	utf8: 'payloadFormat',
};

/**
 * The options of a received message by the keys of the fields that would send it again just so. `meta` is what the
 * adapter logged with it; `verb`: what would send it.
 */
export function receivedValues(
	description: ProtocolDescription,
	flags: number,
	meta: unknown,
	verb: Verb | undefined = description.verbs[0],
): Values {
	const fields = verb?.fields ?? [];
	const values: Values = {};
	for (const column of description.columns) {
		const field = fields.find(({ key }) => key === column.id);
		const text = column.text(flags);
		if (field?.type !== 'choice') continue;
		const choice = field.choices.find(({ value }) => String(value) === text);
		if (choice) values[field.key] = choice.value;
	}
	if (description.retained && fields.some(({ key }) => key === 'retain'))
		values.retain = (flags & description.retained.flag) !== 0;
	if (!isRecord(meta)) return values;
	const keyOf = (name: string) => (Object.hasOwn(otherNames, name) ? (otherNames[name] as string) : name);
	const fieldOf = (name: string) => fields.find(({ key }) => key === keyOf(name));
	for (const [name, value] of Object.entries(meta)) {
		const field = fieldOf(name);
		// The alias belongs to the connection it came over.
		if (!field || field.key === 'topicAlias') continue;
		const given = field.key === 'correlationData' ? `0x${String(value)}` : value;
		if (wrongValue(field, given) === undefined) values[field.key] = given as FieldValue;
	}
	if (!inWords(description, meta)) return values;
	const pairs: [string, string][] = [];
	for (const { label, value, group } of description.properties(flags, meta)) {
		const field = fields.find(({ key }) => plain(key) === plain(label.replaceAll(' ', '')));
		if (group === 'Headers') pairs.push([label, value]);
		if (group !== undefined || !field || values[field.key] !== undefined) continue;
		const converted = fieldValue(field, value);
		if ('value' in converted && wrongValue(field, converted.value) === undefined) values[field.key] = converted.value;
	}
	const own = fields.find(({ type }) => type === 'pairs');
	if (own && pairs.length > 0) values[own.key] = pairs;
	return values;
}

/** Whether the log keeps more of a message than its fields say, as its adapter alone can read it. */
function inWords({ verbs }: ProtocolDescription, meta: Record<string, unknown>): boolean {
	const fields = verbs[0]?.fields ?? [];
	return Object.keys(meta).some((name) => {
		const key = Object.hasOwn(otherNames, name) ? otherNames[name] : name;
		return !fields.some((field) => field.key === key) && !['subscriptionIds', 'code'].includes(name);
	});
}

/** The response's code, where the protocol's messages have one: "2.05". */
export function codeOf({ columns }: ProtocolDescription, flags: number): string | undefined {
	return columns.find(({ id }) => id === 'code')?.text(flags) || undefined;
}

/** A message as the session hands it on, for expectations. */
export function toReceived(
	description: ProtocolDescription,
	message: { target: string; payload: Uint8Array; flags: number; meta?: unknown; time: number; answers?: number },
): Received {
	const values = receivedValues(description, message.flags, message.meta);
	const names = reservedFor('PUBLISH', description);
	const headers: [string, string][] = [];
	const own: [string, string][] = [];
	for (const [key, value] of Object.entries(values)) {
		if (Array.isArray(value)) own.push(...(value as [string, string][]));
		else {
			const reserved = names.find(({ sets }) => 'field' in sets && plain(sets.field.key) === plain(key));
			headers.push([reserved?.name ?? key, String(value)]);
		}
	}
	const meta = isRecord(message.meta) ? message.meta : {};
	if (inWords(description, meta)) {
		const said = new Set([...headers, ...own].map(([name]) => plain(name)));
		for (const { label, value } of description.properties(message.flags, message.meta)) {
			const name = label.replaceAll(' ', '-');
			if (!said.has(plain(name))) own.push([name, value]);
		}
	}
	const code = codeOf(description, message.flags);
	return {
		target: message.target,
		payload: message.payload,
		headers: [...headers, ...own],
		time: message.time,
		...(typeof meta.correlation === 'string' && { correlation: meta.correlation }),
		...(code && { code }),
		...(message.answers !== undefined && { answers: message.answers }),
	};
}
