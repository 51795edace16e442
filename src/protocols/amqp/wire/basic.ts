import { amqpFlag } from '../describe/flags';
import { Malformed, Reader, uint32At, Writer } from './bytes';
import { readTable, type Table, writeTable } from './table';

/** The properties of a message (AMQP 0-9-1, class basic); those that are not set are missing. */
export interface Basic {
	contentType?: string;
	contentEncoding?: string;
	headers?: Table;
	/** 1 is transient; 2 is persistent, stored on disk where the queue is durable. */
	deliveryMode?: number;
	priority?: number;
	correlationId?: string;
	replyTo?: string;
	/** Milliseconds, in decimal digits. */
	expiration?: string;
	messageId?: string;
	/** Seconds since the epoch. */
	timestamp?: bigint;
	type?: string;
	userId?: string;
	appId?: string;
	clusterId?: string;
}

type Name = keyof Basic;

/** In wire order: the first property has bit 15 of the flags. */
const order: readonly [Name, 'short' | 'table' | 'octet' | 'time'][] = [
	['contentType', 'short'],
	['contentEncoding', 'short'],
	['headers', 'table'],
	['deliveryMode', 'octet'],
	['priority', 'octet'],
	['correlationId', 'short'],
	['replyTo', 'short'],
	['expiration', 'short'],
	['messageId', 'short'],
	['timestamp', 'time'],
	['type', 'short'],
	['userId', 'short'],
	['appId', 'short'],
	['clusterId', 'short'],
];

/** Reads flags and values, which follow the body size in a content header (section 4.2.6.1). Throws `Malformed`. */
export function readBasic(bytes: Uint8Array): Basic {
	const reader = new Reader(bytes);
	const flags = reader.uint16();
	const basic: Record<string, unknown> = {};
	for (const [index, [name, kind]] of order.entries()) {
		if ((flags & (1 << (15 - index))) === 0) continue;
		if (kind === 'short') basic[name] = reader.short();
		else if (kind === 'table') basic[name] = readTable(reader);
		else if (kind === 'octet') basic[name] = reader.uint8();
		else basic[name] = reader.uint64();
	}
	return basic;
}

export function writeBasic(basic: Basic): Uint8Array {
	const writer = new Writer();
	let flags = 0;
	for (const [index, [name]] of order.entries()) if (basic[name] !== undefined) flags |= 1 << (15 - index);
	writer.uint16(flags);
	for (const [name, kind] of order) {
		const value = basic[name];
		if (value === undefined) continue;
		if (kind === 'short') writer.short(value as string);
		else if (kind === 'table') writeTable(writer, value as Table);
		else if (kind === 'octet') writer.uint8(value as number);
		else writer.uint64(value as bigint);
	}
	return writer.done();
}

/** Bytes of each property's value in wire order; 0 for a short string and -1 for a table, which carry their length. */
const sizes = order.map(([, kind]) => ({ short: 0, table: -1, octet: 1, time: 8 })[kind]);
const deliveryMode = order.findIndex(([name]) => name === 'deliveryMode');

/**
 * The flags of a message whose encoded properties are `bytes` from `start` to `end`: `persistent`, and `dead` if its
 * headers contain the name `x-death`. Hot path: creates no object. Throws `Malformed`.
 */
export function flagsOf(bytes: Uint8Array, start: number, end: number): number {
	let at = start + 2;
	if (at > end) throw new Malformed('it ends early');
	const set = ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
	let flags = 0;
	for (let index = 0; index < sizes.length && at <= end; index++) {
		if ((set & (1 << (15 - index))) === 0) continue;
		const fixed = sizes[index] as number;
		if (fixed > 0) {
			if (index === deliveryMode && bytes[at] === 2) flags |= amqpFlag.persistent;
			at += fixed;
		} else if (fixed === 0) at += at < end ? 1 + (bytes[at] as number) : 1;
		else {
			const from = at + 4;
			at = from <= end ? from + uint32At(bytes, at) : from;
			if (at <= end && namesDeath(bytes, from, at)) flags |= amqpFlag.dead;
		}
	}
	if (at > end) throw new Malformed('it ends early');
	return flags;
}

/** "x-death" as a short string. */
const death = Uint8Array.of(7, ...new TextEncoder().encode('x-death'));

function namesDeath(bytes: Uint8Array, start: number, end: number): boolean {
	for (let at = start; at + death.length <= end; at++) {
		let same = 0;
		while (same < death.length && bytes[at + same] === death[same]) same++;
		if (same === death.length) return true;
	}
	return false;
}
