import { toText } from '../../../model/contracts/payload';
import type { FieldValue, Values } from '../../../model/profile/field';
import type { LeftOut } from '../../shared/commands/literals';
import type { Message, Sketch } from '../../shared/commands/sketch';
import { isTyped, readBody, readSequence, readTyped } from '../describe/values/typed-text';
import type { Value } from '../wire/codec/values';

/** Names in the specification (AMQP 1.0, part 3, sections 3.2.1 and 3.2.4). */
export type PropertyName =
	| ('message_id' | 'user_id' | 'to' | 'subject' | 'reply_to' | 'correlation_id' | 'content_type' | 'content_encoding')
	| ('absolute_expiry_time' | 'creation_time' | 'group_id' | 'group_sequence' | 'reply_to_group_id')
	| ('durable' | 'priority' | 'ttl' | 'first_acquirer' | 'delivery_count');

export type MapName = 'application_properties' | 'message_annotations' | 'delivery_annotations' | 'footer';

/** A message in the terms of the specification, independent of a library. */
export interface MessagePlan {
	/** Of the header and of the properties, without those of an unset field. */
	properties: [PropertyName, Value][];
	maps: [MapName, [Value, Value][]][];
	left: LeftOut[];
}

/** The body of a message: a data section, a value, or a sequence. */
export type Body = { kind: 'data'; message: Message } | { kind: 'value' | 'sequence'; value: Value } | { kind: 'none' };

const texts: readonly [key: string, name: PropertyName, type?: 'symbol' | 'id' | 'time'][] = [
	['messageId', 'message_id', 'id'],
	['userId', 'user_id', 'id'],
	['to', 'to', 'id'],
	['subject', 'subject'],
	['replyTo', 'reply_to', 'id'],
	['correlationId', 'correlation_id', 'id'],
	['contentType', 'content_type', 'symbol'],
	['contentEncoding', 'content_encoding', 'symbol'],
	['expires', 'absolute_expiry_time', 'time'],
	['created', 'creation_time', 'time'],
	['groupId', 'group_id'],
	['replyToGroupId', 'reply_to_group_id'],
];
const numbers: readonly [key: string, name: PropertyName, type: 'ubyte' | 'uint'][] = [
	['groupSequence', 'group_sequence', 'uint'],
	['priority', 'priority', 'ubyte'],
	['ttl', 'ttl', 'uint'],
	['deliveryCount', 'delivery_count', 'uint'],
];
const maps: readonly [key: string, name: MapName][] = [
	['properties', 'application_properties'],
	['annotations', 'message_annotations'],
	['deliveryAnnotations', 'delivery_annotations'],
	['footer', 'footer'],
];

const isPairs = (value: FieldValue | undefined): value is [string, string][] => Array.isArray(value);

export function planOf({ own }: Sketch): MessagePlan {
	const values: Values = own?.values ?? {};
	const plan: MessagePlan = { properties: [], maps: [], left: [] };
	/** Reads a value; what cannot be read is left out. */
	const read = (text: string, what: string): Value | undefined => {
		try {
			return readTyped(text, what);
		} catch {
			plan.left.push([`${what} ${text}`, 'which is not valid']);
			return undefined;
		}
	};
	if (values.durable !== false) plan.properties.push(['durable', { type: 'boolean', value: true }]);
	if (values.firstAcquirer === true) plan.properties.push(['first_acquirer', { type: 'boolean', value: true }]);
	for (const [key, name, type] of texts) {
		const text = values[key];
		if (typeof text !== 'string' || text === '') continue;
		const value: Value | undefined =
			type === 'id'
				? read(text, name)
				: type === 'time'
					? read(`(timestamp) ${text}`, name)
					: { type: type === 'symbol' ? 'symbol' : 'string', value: text };
		if (!value) continue;
		const isUser = name === 'user_id' && value.type === 'string';
		plan.properties.push([name, isUser ? { type: 'binary', value: new TextEncoder().encode(value.value) } : value]);
	}
	for (const [key, name, type] of numbers) {
		const value = values[key];
		if (typeof value === 'number') plan.properties.push([name, { type, value }]);
	}
	for (const [key, name] of maps) {
		const pairs = values[key];
		if (!isPairs(pairs) || pairs.length === 0) continue;
		const entries = pairs.flatMap(([written, text]): [Value, Value][] => {
			const own = read(written, name);
			const value = read(text, written);
			if (!own || !value) return [];
			const isSymbol = name !== 'application_properties' && own.type === 'string';
			return [[isSymbol ? { type: 'symbol', value: own.value } : own, value]];
		});
		plan.maps.push([name, entries]);
	}
	if (values.settled === true) plan.left.push(['Settled', 'since the program waits for the outcome']);
	return plan;
}

/** Throws an Error for a payload that is not a body of its kind. */
export function bodyOf({ own }: Sketch, message: Message): Body {
	const kind = own?.values.body ?? 'data';
	if (kind === 'data') return { kind: 'data', message };
	if (kind === 'none') return { kind: 'none' };
	if ('file' in message) throw new Error('The file holds data.');
	if (kind === 'binary') return { kind: 'value', value: { type: 'binary', value: message.bytes } };
	const text = toText(message.bytes);
	if (text === undefined) throw new Error('The payload is not text.');
	if (kind === 'text') return { kind: 'value', value: { type: 'string', value: text } };
	if (kind === 'sequence') return { kind: 'sequence', value: { type: 'list', value: readSequence(text) } };
	return { kind: 'value', value: readBody(text) };
}

/** The value of a text without a type in front: a selector, a host name. */
export const plainText = (value: FieldValue | undefined): string | undefined =>
	typeof value === 'string' && value !== '' && !isTyped(value) ? value : undefined;
