import type { Property } from '../../../model/contracts/session';
import { shortened } from '../../../model/text/text';
import { type Basic, readBasic } from '../wire/basic';
import { hex } from '../wire/bytes';
import { member, type Table, type TableValue, textOf } from '../wire/table';
import { amqpFlag } from './flags';
import { decimalText } from './headers/header-text';
import { type StoredMessage, storedMessage } from './stored-message';

/** All properties of a message as text. Never throws: unreadable properties are reported as such. */
export function amqpProperties(flags: number, meta: unknown): Property[] {
	const list: Property[] = [];
	const add = (label: string, value: string | undefined, help?: string) => {
		if (value !== undefined) list.push({ label, value, ...(help && { help }) });
	};
	const message = storedMessage(meta);
	const has = (flag: number) => (flags & flag) !== 0;
	if (message) {
		add('Exchange', message.exchange === '' ? '(default)' : message.exchange);
		add('Routing key', message.key);
		add('Queue', message.queue);
	}
	if (has(amqpFlag.redelivered))
		add('Redelivered', 'yes', 'It was delivered before and not acknowledged, so it may already have been processed.');
	if (has(amqpFlag.peeked)) add('Read by', 'peek: requeued, marked as redelivered');
	if (has(amqpFlag.consumed)) add('Read by', 'consume: removed from its queue');
	if (has(amqpFlag.read)) add('Read by', 'stream consumer: the stream keeps it');
	if (has(amqpFlag.traced)) add('Read by', 'firehose: properties and headers are those of the original');
	if (!message) return list;
	const basic = basicOf(message);
	if (typeof basic === 'string') {
		add('Properties', basic);
		return list;
	}
	add('Content type', basic.contentType);
	add('Content encoding', basic.contentEncoding);
	if (basic.deliveryMode !== undefined)
		add('Delivery mode', { 1: '1 (transient)', 2: '2 (persistent)' }[basic.deliveryMode] ?? String(basic.deliveryMode));
	add('Priority', basic.priority?.toString());
	add('Correlation ID', basic.correlationId);
	add('Reply to', basic.replyTo);
	if (basic.expiration !== undefined) add('Expiration', `${basic.expiration} ms`);
	add('Message ID', basic.messageId);
	if (basic.timestamp !== undefined) add('Timestamp', time(basic.timestamp));
	add('Type', basic.type);
	add('User ID', basic.userId);
	add('App ID', basic.appId);
	add('Cluster ID', basic.clusterId);
	for (const [name, value] of basic.headers ?? []) {
		if (name === 'x-death' && value.type === 'A') list.push(...deaths(value.value));
		else if (name === 'x-delivery-count')
			add(
				'Delivery count',
				inWords(value),
				'How often the quorum queue has delivered it without an acknowledgement (x-delivery-count).',
			);
		else list.push({ label: name, value: inWords(value), group: 'Headers', help: typeNames[value.type] });
	}
	return list;
}

/** The content type that the message declares. */
export const contentType = (meta: unknown): string | undefined => declared(meta)?.contentType;

/** The content encoding that the message declares. */
export const contentEncoding = (meta: unknown): string | undefined => declared(meta)?.contentEncoding;

/** Earlier deliveries that a quorum queue has counted; undefined for other queues. */
export function deliveryCount(meta: unknown): bigint | undefined {
	const value = member(declared(meta)?.headers, 'x-delivery-count')?.value;
	return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
		? BigInt(value)
		: undefined;
}

function declared(meta: unknown): Basic | undefined {
	const message = storedMessage(meta);
	const basic = message && basicOf(message);
	return typeof basic === 'object' ? basic : undefined;
}

function basicOf({ head }: StoredMessage): Basic | string {
	try {
		return readBasic(head);
	} catch (error) {
		return `they cannot be read: ${error instanceof Error ? error.message : 'malformed'}`;
	}
}

export interface Death {
	queue: string;
	reason: string;
	exchange: string;
	keys: string[];
	count?: string;
	time?: string;
}

/** Where and why a message was dead-lettered, the latest time first (RabbitMQ's guide to dead lettering). */
export function deathsOf(headers: Table | undefined): Death[] {
	const list = member(headers, 'x-death');
	if (list?.type !== 'A') return [];
	return list.value.flatMap((one) => (one.type === 'F' ? [deathOf(one.value)] : []));
}

function deathOf(table: Table): Death {
	const keys = member(table, 'routing-keys');
	const count = member(table, 'count');
	const when = member(table, 'time');
	return {
		queue: textOf(member(table, 'queue')) ?? '',
		reason: textOf(member(table, 'reason')) ?? '',
		exchange: textOf(member(table, 'exchange')) ?? '',
		keys: keys?.type === 'A' ? keys.value.flatMap((key) => textOf(key) ?? []) : [],
		...(count && { count: inWords(count) }),
		...(when && { time: inWords(when) }),
	};
}

const reasons: Record<string, string> = {
	rejected: 'rejected by a consumer',
	expired: 'expired',
	maxlen: 'the queue was full',
	delivery_limit: 'delivered too often',
};

function deaths(list: TableValue[]): Property[] {
	return deathsOf([['x-death', { type: 'A', value: list }]]).map(
		({ queue, reason, exchange, keys, count, time }, at) => ({
			group: 'Dead-lettered',
			label: at === 0 ? 'Last' : `${at + 1}.`,
			value: [
				`${reasons[reason] ?? reason} in the queue "${queue}"`,
				count && `${count} ×`,
				time,
				`published to ${exchange === '' ? 'the default exchange' : `"${exchange}"`} with ${keys.map((key) => `"${key}"`).join(', ')}`,
			]
				.filter((part) => part)
				.join(', '),
		}),
	);
}

const typeNames: Record<TableValue['type'], string> = {
	t: 'boolean',
	b: 'signed byte',
	B: 'byte',
	s: 'short',
	u: 'unsigned short',
	I: 'int',
	i: 'unsigned int',
	l: 'long',
	f: 'float',
	d: 'double',
	D: 'decimal',
	S: 'text',
	A: 'list',
	T: 'timestamp',
	F: 'table',
	V: 'null',
	x: 'bytes',
};

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Maximum length of a list or table that is shown. */
const maxShown = 4096;

export function inWords(input: TableValue): string {
	switch (input.type) {
		case 'S':
			try {
				return strict.decode(input.value);
			} catch {
				return shownHex(input.value);
			}
		case 'x':
			return shownHex(input.value);
		case 'T':
			return time(input.value);
		case 'D':
			return decimalText(input.value);
		case 'A':
			return shortened(`[${input.value.map(inWords).join(', ')}]`, maxShown);
		case 'F':
			return shortened(`{${input.value.map(([name, value]) => `${name}: ${inWords(value)}`).join(', ')}}`, maxShown);
		default:
			return Object.is(input.value, -0) ? '-0' : String(input.value);
	}
}

const shownHex = (bytes: Uint8Array) => `0x${hex(bytes.subarray(0, 1000))}${bytes.length > 1000 ? '…' : ''}`;

/** Formats seconds since the epoch; some senders write milliseconds. */
export function time(seconds: bigint): string {
	const value = Number(seconds);
	const date = new Date(value > 1e11 ? value : value * 1000);
	if (Number.isNaN(date.getTime())) return String(seconds);
	return `${date.toISOString().replace('.000', '')}${value > 1e11 ? ' (written in milliseconds)' : ''}`;
}
