import { Reader, Writer } from './bytes';
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

const headersBit = 1 << 13;
const deliveryModeBit = 1 << 12;

/** The bytes of stored properties (`keptHead`). Without Node's Buffer, since the panel reads properties as well. */
export function headBytes(kept: string): Uint8Array {
	const bytes = new Uint8Array(kept.length);
	for (let at = 0; at < kept.length; at++) bytes[at] = kept.charCodeAt(at);
	return bytes;
}

/** Reads only what each message of a flood needs: its persistence and its encoded headers. Throws `Malformed`. */
export function skim(bytes: Uint8Array): { persistent: boolean; headers?: Uint8Array } {
	const flags = bytes.length < 2 ? -1 : ((bytes[0] as number) << 8) | (bytes[1] as number);
	if (flags === 0 && bytes.length === 2) return { persistent: false };
	if (flags === deliveryModeBit && bytes.length === 3) return { persistent: bytes[2] === 2 };
	const reader = new Reader(bytes);
	reader.uint16();
	let persistent = false;
	let headers: Uint8Array | undefined;
	for (const [index, [, kind]] of order.entries()) {
		const bit = 1 << (15 - index);
		if ((flags & bit) === 0) continue;
		if (kind === 'short') reader.take(reader.uint8());
		else if (kind === 'time') reader.take(8);
		else if (kind === 'octet') {
			const value = reader.uint8();
			if (bit === deliveryModeBit) persistent = value === 2;
		} else if (bit === headersBit) headers = reader.longBytes();
	}
	return { persistent, headers };
}
