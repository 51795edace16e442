import type { Values } from '../../../model/profile/field';
import type { Answer, Logged, LoggedValues, Resent } from '../../message-files';
import { amqp1Flag } from '../describe/flags';
import type { Amqp1Verb } from '../describe/ids';
import { inWords } from '../describe/properties';
import { bodyKinds, sectionsOf, storedMessage } from '../describe/stored-message';
import { hex } from '../describe/values/typed-text';
import { time, valueText } from '../describe/values/value-text';
import type { Value } from '../wire/codec/values';
import { encodeValue } from '../wire/codec/writer';

/** Keys of the fields for the properties section, in its order. */
const keys = [
	...['messageId', 'userId', 'to', 'subject', 'replyTo', 'correlationId', 'contentType', 'contentEncoding'],
	...['expires', 'created', 'groupId', 'groupSequence', 'replyToGroupId'],
] as const;
const correlationField = 5;

const isSet = (value: Value | undefined): value is Value => value !== undefined && value.type !== 'null';

/** The properties of a logged message by the keys of the fields. Values are in words, without their types. */
export function values(_: number, meta: unknown): LoggedValues {
	const logged = storedMessage(meta);
	const sections = logged && sectionsOf(logged);
	if (!logged || typeof sections !== 'object') return { values: {} };
	const found: Values = { body: logged.kind };
	keys.forEach((key, at) => {
		const value = sections.properties[at];
		if (isSet(value)) found[key] = key === 'userId' ? userText(value) : inWords(value);
	});
	const [durable, priority, ttl] = sections.header;
	found.durable = durable?.type === 'boolean' && durable.value;
	if (priority?.type === 'ubyte') found.priority = priority.value;
	if (ttl?.type === 'uint') found.ttl = ttl.value;
	const words = (pairs: readonly [Value, Value][]): [string, string][] =>
		pairs.map(([name, value]) => [inWords(name), inWords(value)]);
	if (sections.applicationProperties.length > 0) found.properties = words(sections.applicationProperties);
	if (sections.messageAnnotations.length > 0) found.annotations = words(sections.messageAnnotations);
	const correlation = sections.properties[correlationField];
	return {
		values: found,
		...(isSet(correlation) && { correlation: hex(encodeValue(correlation)) }),
	};
}

/** The fields that send a logged message again with the same properties and the same types. */
export function resend({ flags, meta }: Logged): Resent<never> {
	const durable = (flags & amqp1Flag.durable) !== 0;
	const logged = storedMessage(meta);
	if (!logged) return { values: { durable } };
	const sections = sectionsOf(logged);
	if (logged.kind === 'unreadable') return { values: { durable }, lost: 'its sections, which cannot be read' };
	const body = bodyKinds.includes(logged.kind) ? logged.kind : 'data';
	if (typeof sections !== 'object') return { values: { durable, body }, lost: 'its properties, which cannot be read' };
	const found: Values = { durable, body };
	keys.forEach((key, at) => {
		const value = sections.properties[at];
		if (!isSet(value)) return;
		if (key === 'userId') found[key] = userText(value);
		else if (value.type === 'timestamp') found[key] = time(value.value);
		else if (key === 'groupSequence' && value.type === 'uint') found[key] = value.value;
		else if (['messageId', 'to', 'replyTo', 'correlationId'].includes(key)) found[key] = valueText(value);
		else found[key] = inWords(value);
	});
	const [, priority, ttl, firstAcquirer, count] = sections.header;
	if (priority?.type === 'ubyte') found.priority = priority.value;
	if (ttl?.type === 'uint') found.ttl = ttl.value;
	if (firstAcquirer?.type === 'boolean' && firstAcquirer.value) found.firstAcquirer = true;
	if (count?.type === 'uint' && count.value > 0) found.deliveryCount = count.value;
	const pairs = (key: string, list: readonly [Value, Value][], names: 'string' | 'symbol') => {
		if (list.length > 0)
			found[key] = list.map(([name, value]): [string, string] => [
				// A plain name has the type of its map.
				name.type === names ? valueText({ type: 'string', value: name.value }) : valueText(name),
				valueText(value),
			]);
	};
	pairs('properties', sections.applicationProperties, 'string');
	pairs('annotations', sections.messageAnnotations, 'symbol');
	pairs('deliveryAnnotations', sections.deliveryAnnotations, 'symbol');
	pairs('footer', sections.footer, 'symbol');
	const many = logged.bodySections > 1;
	return { values: found, ...(many && { lost: 'the borders between the sections of its body' }) };
}

/** The address of `reply-to`, with the correlation ID of the request, otherwise its message ID, both with their types. */
export function answer(logged: Logged): Answer<Amqp1Verb> | undefined {
	const { replyTo } = values(logged.flags, logged.meta).values;
	if (typeof replyTo !== 'string' || replyTo === '') return undefined;
	const { correlationId, messageId } = resend(logged).values;
	const correlation = correlationId ?? messageId;
	return {
		verb: 'send',
		target: replyTo,
		values: { ...(correlation !== undefined && { correlationId: correlation }) },
	};
}

/** A user ID is bytes, in most cases of text. */
function userText(value: Value): string {
	if (value.type !== 'binary') return valueText(value);
	try {
		const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value.value);
		if (text !== '') return valueText({ type: 'string', value: text });
	} catch {
		// Not text.
	}
	return valueText(value);
}
