import { fail } from '../../base/failure';
import type { FieldValue, Values } from '../../model/field';
import type { Draft } from '../../model/message';
import { checkAny, checkQueue, parseAddress } from './addresses';
import { type AmqpMeta, amqpFlag } from './flags';
import { headerTable } from './header-values';
import type { Parcel } from './publishing';
import { type Basic, writeBasic } from './wire/basic';
import { utf8Length } from './wire/bytes';
import { keptHead } from './wire/kept-head';

export interface Prepared extends Parcel {
	flags: number;
	meta: AmqpMeta;
	basic: Basic;
	/** Of a request, in milliseconds. */
	answerWithin?: number;
	/** The server checks it against the login, so that a wrong one ends the channel. */
	risky: boolean;
}

export const replyQueue = 'amq.rabbitmq.reply-to';
/** Room for a frame with all properties; AMQP cannot divide them. */
const mostProperties = 100_000;

/** A draft in the words of the wire. Throws a Failure that says what is wrong with it. */
export function prepareDraft(draft: Draft, correlationId: () => string): Prepared {
	const { verb, target, values, payload } = draft;
	const check = { publish: checkAny, queue: checkQueue, request: checkAny }[verb];
	if (!check) throw fail('bad-verb', 'AMQP can publish to an exchange, send to a queue, or request; nothing else.');
	const wrong = check(target);
	const address = parseAddress(target);
	if (wrong || !address) throw fail('bad-target', wrong ?? 'The target is neither an exchange nor a queue.');
	const route =
		address.kind === 'exchange'
			? { exchange: address.exchange, key: address.key }
			: { exchange: '', key: address.kind === 'queue' ? address.queue : '' };
	const basic = basicOf(values);
	if (verb === 'request') {
		basic.replyTo = replyQueue;
		basic.correlationId ??= correlationId();
	}
	const head = writeBasic(basic);
	if (head.length > mostProperties)
		throw fail(
			'properties-too-large',
			`Properties and headers have ${head.length.toLocaleString('en')} bytes; ${mostProperties.toLocaleString('en')} are possible.`,
		);
	const timeout = values.timeout;
	return {
		...route,
		...{ head, body: payload, basic },
		flags: basic.deliveryMode === 2 ? amqpFlag.persistent : 0,
		meta: { ...route, head: keptHead(head) },
		risky: basic.userId !== undefined,
		...(verb === 'request' && { answerWithin: (typeof timeout === 'number' ? timeout : 10) * 1000 }),
	};
}

function basicOf(values: Values): Basic {
	const short = (key: string, label: string) => {
		const value = values[key];
		if (value === undefined || value === '') return undefined;
		if (typeof value !== 'string') throw bad(label, 'is a text');
		if (utf8Length(value) > 255) throw bad(label, 'has at most 255 bytes');
		return value;
	};
	const { persistent = true, priority } = values;
	if (priority !== undefined && !(Number.isInteger(priority) && Number(priority) >= 0 && Number(priority) <= 255))
		throw bad('Priority', 'is a whole number from 0 to 255');
	const expiration = short('expiration', 'Expiration');
	if (expiration !== undefined && !/^\d{1,10}$/.test(expiration))
		throw bad('Expiration', 'is a number of milliseconds');
	return {
		contentType: short('contentType', 'Content type'),
		contentEncoding: short('contentEncoding', 'Content encoding'),
		headers: headers(values.headers),
		deliveryMode: persistent === false ? 1 : 2,
		priority: priority === undefined ? undefined : Number(priority),
		correlationId: short('correlationId', 'Correlation ID'),
		replyTo: short('replyTo', 'Reply to'),
		expiration,
		messageId: short('messageId', 'Message ID'),
		timestamp: timestamp(short('timestamp', 'Timestamp')),
		type: short('type', 'Type'),
		userId: short('userId', 'User ID'),
		appId: short('appId', 'App ID'),
	};
}

const bad = (label: string, what: string) => fail('bad-field', `"${label}" ${what}.`);

export function headers(value: FieldValue | undefined): Basic['headers'] {
	if (value === undefined) return undefined;
	const pairs = Array.isArray(value) ? value.filter((pair) => Array.isArray(pair) && pair.length === 2) : undefined;
	if (!pairs || !Array.isArray(value) || pairs.length !== value.length)
		throw bad('Headers', 'are pairs of name and value');
	if (pairs.length === 0) return undefined;
	try {
		return headerTable(pairs as [string, string][]);
	} catch (error) {
		throw fail('bad-header', error instanceof Error ? error.message : 'A header is not as it should be.');
	}
}

function timestamp(text: string | undefined): bigint | undefined {
	if (text === undefined) return undefined;
	if (/^\d{1,15}$/.test(text)) return BigInt(text);
	const ms = Date.parse(text);
	if (!(ms >= 0)) throw bad('Timestamp', 'is a time, or seconds since 1970');
	return BigInt(Math.floor(ms / 1000));
}
