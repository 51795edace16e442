import type { Values } from '../../../model/profile/field';
import type { Answer, Logged, LoggedValues, Resent } from '../../message-files';
import { queueTarget } from '../describe/addresses';
import { amqpFlag } from '../describe/flags';
import { headerText } from '../describe/headers/header-text';
import type { AmqpVerb } from '../describe/ids';
import { inWords, time } from '../describe/properties';
import { storedMessage } from '../describe/stored-message';
import { basicOf } from '../messages/message-properties';
import { type Basic, readBasic, writeBasic } from '../wire/basic';

/** The properties of a logged message by the keys of the fields. Header values are in words, without their types. */
export function values(_: number, meta: unknown): LoggedValues {
	const logged = storedMessage(meta);
	if (!logged) return { values: {} };
	try {
		const {
			headers = [],
			timestamp,
			expiration: _,
			deliveryMode: __,
			clusterId: ___,
			...others
		} = readBasic(logged.head);
		const pairs = headers
			// `properties` shows these two in words of their own.
			.filter(([name, { type }]) => name !== 'x-delivery-count' && !(name === 'x-death' && type === 'A'))
			.map(([name, value]): [string, string] => [name, inWords(value)]);
		return {
			values: {
				...others,
				...(timestamp !== undefined && { timestamp: time(timestamp) }),
				...(pairs.length > 0 && { headers: pairs }),
			},
		};
	} catch {
		return { values: {} };
	}
}

/** The queue of `reply-to`, with the correlation ID of the request, otherwise its message ID. */
export function answer({ flags, meta }: Logged): Answer<AmqpVerb> | undefined {
	const { replyTo, correlationId, messageId } = values(flags, meta).values;
	if (typeof replyTo !== 'string' || replyTo === '') return undefined;
	const correlation = correlationId ?? messageId;
	return {
		verb: 'queue',
		// The name of a queue, also where it looks like another address.
		target: queueTarget(replyTo),
		values: { ...(correlation !== undefined && { correlationId: correlation }) },
		// RabbitMQ returns mandatory messages to these pseudo-queues as unrouted, and delivers them.
		...(replyTo.startsWith('amq.rabbitmq.reply-to.') && { isUnrouted: true as const }),
	};
}

/** The fields that send a logged message again with the same properties, byte for byte. */
export function resend({ flags, meta }: Logged): Resent<never> {
	const logged = storedMessage(meta);
	const persistent = (flags & amqpFlag.persistent) !== 0;
	if (!logged) return { values: { persistent } };
	const bytes = logged.head;
	let basic: Basic;
	try {
		basic = readBasic(bytes);
	} catch {
		return { values: { persistent }, lost: 'its properties, which cannot be read' };
	}
	const { headers, priority, timestamp, deliveryMode: _, clusterId, ...texts } = basic;
	const values: Values = {
		...texts,
		persistent,
		...(headers &&
			headers.length > 0 && { headers: headers.map(([name, value]): [string, string] => [name, headerText(value)]) }),
		...(priority !== undefined && { priority }),
		...(timestamp !== undefined && { timestamp: String(timestamp) }),
	};
	// Exchange and key were decoded: U+FFFD stands for bytes that are not UTF-8.
	if (/\ufffd/.test(`${logged.exchange}${logged.key}`))
		return { values, lost: 'its routing key, which is not valid text' };
	const empty = Object.entries(texts).find(([, value]) => value === '')?.[0];
	if (empty !== undefined) return { values, lost: `its property "${empty}", which is set to an empty text` };
	if (clusterId !== undefined) return { values, lost: 'its cluster ID' };
	return isSame(basic, values, bytes) ? { values } : { values, lost: 'its properties, which are not valid text' };
}

/** A message without a delivery mode is transient, as with delivery mode 1 (AMQP 0-9-1, section 1.8.3.4). */
function isSame(basic: Basic, values: Values, bytes: Uint8Array): boolean {
	try {
		const written = { ...basicOf(values), deliveryMode: basic.deliveryMode };
		if (basic.headers?.length === 0) written.headers = [];
		const again = writeBasic(written);
		return again.length === bytes.length && again.every((byte, at) => byte === bytes[at]);
	} catch {
		return false;
	}
}
