import { encodePayload, type PayloadFormat, payloadFormats } from '../../../model/contracts/payload';
import { bytesValue } from '../../../model/profile/bytes-value';
import { wellFormed } from '../../shared/commands/code';
import { hostOf, type LeftOut, sortHeaders } from '../../shared/commands/literals';
import type { Sketch, SketchHeader } from '../../shared/commands/sketch';
import { headerBytes, headerText } from '../describe/header-values';
import { type End, readEnd, readPartitions, readStart, type Start } from '../describe/positions';

/** Headers of a request that are options and no headers of its record. */
const fields = [
	...['Key', 'Key-format', 'Partition', 'Partitioner', 'Timestamp', 'Acks', 'Compression', 'Tombstone'],
	...['Verb', 'Timeout'],
];

/** The valid options of a record, independent of the tool. */
export interface RecordOptions {
	/** Undefined: the record has no key. */
	key?: Uint8Array;
	/** The record has no value, which deletes its key in a compacted topic. */
	tombstone: boolean;
	partition?: number;
	/** Milliseconds since the epoch. */
	timestamp?: number;
	acks?: Acks;
	compression?: string;
	/** Undefined: a header without a value. */
	headers: [name: string, value: Uint8Array | undefined][];
	left: LeftOut[];
}

export type Acks = 'all' | '1' | '0';

const acksOf = (text: string): Acks | undefined =>
	text === '-1' ? 'all' : (['all', '1', '0'] as const).find((one) => one === text.toLowerCase());

export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** A whole number of at most 15 digits, so that it is exact in every language. */
export const wholeNumber = (text: string | undefined): number | undefined =>
	text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** Milliseconds since the epoch, from digits or a time (ISO 8601). */
export function milliseconds(text: string): number | undefined {
	const time = wholeNumber(text) ?? Date.parse(text);
	return Number.isFinite(time) && time >= 0 ? time : undefined;
}

export function recordOptions(sketch: Sketch): RecordOptions {
	const { field, own } = sortHeaders(sketch, fields);
	const left: LeftOut[] = [];
	/** The converted value of a field. A value that is not valid is left out. */
	const value = <T>(name: string, convert: (text: string) => T | undefined): T | undefined => {
		const text = field(name);
		const converted = text === undefined || text === '' ? undefined : convert(text);
		if (text && converted === undefined) left.push([`${name} ${text}`, 'which is not valid']);
		return converted;
	};
	return {
		key: keyOf(field('Key'), field('Key-format'), left),
		tombstone: field('Tombstone')?.toLowerCase() === 'true',
		partition: value('Partition', (text) => wholeNumber(text)),
		timestamp: value('Timestamp', milliseconds),
		acks: value('Acks', acksOf),
		compression: value('Compression', (text) => codecs.find((one) => one === text.toLowerCase())),
		headers: own.flatMap(([name, text]): RecordOptions['headers'] => {
			try {
				return [[name, headerBytes(name, wellFormed(text))]];
			} catch {
				left.push([`${name}: ${text}`, 'which is not a valid value of its type']);
				return [];
			}
		}),
		left,
	};
}

function keyOf(text: string | undefined, format: string | undefined, left: LeftOut[]): Uint8Array | undefined {
	if (text === undefined) return undefined;
	const notation = payloadFormats.find((one) => one === format?.toLowerCase()) ?? ('text' satisfies PayloadFormat);
	const encoded = encodePayload(notation === 'json' ? 'text' : notation, wellFormed(text));
	if ('bytes' in encoded) return encoded.bytes;
	left.push([`Key ${text}`, 'which is not valid']);
	return undefined;
}

/** A header of a record. `value`: undefined for one without a value. */
export const ownHeader = (name: string, value: Uint8Array | string | undefined): SketchHeader => [
	name,
	headerText(typeof value === 'string' ? new TextEncoder().encode(value) : value),
	'message',
];

/** The headers that set the key of a record. */
export function keyHeaders(key: Uint8Array): SketchHeader[] {
	const { format, text } = bytesValue(key);
	const written = format === 'text' || format === 'json';
	return [['Key', text, 'bytes'], ...(written ? [] : [['Key-format', format] satisfies SketchHeader])];
}

/** Reads `acks` of the tools, which accept -1 for "all". */
export const acksHeader = (text: string): SketchHeader[] => {
	const acks = acksOf(text);
	return acks === undefined ? [] : [['Acks', acks]];
};

/** Options of reading, as the headers of a request state them. */
export interface ReadOptions {
	/** Undefined: the default of a request. */
	from?: Start;
	until?: End;
	/** Undefined: all partitions. */
	partition?: number;
	group?: string;
	isolation?: string;
	limit?: number;
	left: LeftOut[];
}

const readFields = ['From', 'Until', 'Limit', 'Partitions', 'Group', 'Initial', 'Isolation', 'Mode'];

/** `now`: milliseconds since the epoch, from which an age such as "1h" is counted. */
export function readOptionsOf(sketch: Sketch, now = Date.now()): ReadOptions {
	const { field, own } = sortHeaders(sketch, readFields);
	const left: LeftOut[] = own.map(([name, value]) => [`${name} ${value}`, 'which is an option of the subscription']);
	const value = <T>(name: string, convert: (text: string) => T | undefined): T | undefined => {
		const text = field(name);
		const converted = text ? convert(text) : undefined;
		if (text && converted === undefined) left.push([`${name} ${text}`, 'which is not valid']);
		return converted;
	};
	const partitions = value('Partitions', readPartitions) ?? [];
	if (partitions.length > 1) left.push([`Partitions ${field('Partitions')}`, 'since the command reads one or all']);
	const group = field('Mode') === 'read' ? undefined : field('Group') || undefined;
	const limit = field('Limit') ?? sketch.metadata?.find(([name]) => name === 'maxMessages')?.[1];
	const until = value('Until', (text) => readEnd(text, now));
	return {
		from: value(group === undefined ? 'From' : 'Initial', (text) => readStart(text, now)),
		until: until?.kind === 'none' ? undefined : until,
		partition: partitions.length === 1 ? partitions[0] : undefined,
		group,
		isolation: field('Isolation') || undefined,
		limit: wholeNumber(limit),
		left,
	};
}

/** A position for a remark. */
export const shownPosition = (position: Start | End): string =>
	position.kind === 'offset'
		? String(position.offset)
		: position.kind === 'newest'
			? `-${position.count}`
			: position.kind === 'time'
				? new Date(position.time).toISOString()
				: position.kind;

export const receives = ({ verb }: Sketch) => ['SUBSCRIBE', 'CONSUME'].includes(verb);

/** The bootstrap address of a sketch, and whether it uses TLS. */
export function addressOf({ url = '' }: Sketch): { address: string; tls: boolean } {
	const { scheme, host, port } = hostOf(url, 'kafka');
	const tls = scheme.endsWith('+ssl');
	return { address: `${host.includes(':') ? `[${host}]` : host}:${port ?? (tls ? 9093 : 9092)}`, tls };
}

/** The URL of the first of several bootstrap addresses, and the others. */
export function urlOf(servers: string, tls: boolean): { url: string; others: string[] } {
	const [first = 'localhost', ...others] = servers
		.split(',')
		.map((one) => one.trim().replace(/^[A-Z_]+:\/\//, ''))
		.filter((one) => one !== '');
	return { url: `${tls ? 'kafka+ssl' : 'kafka'}://${first}`, others };
}

/** A member of a group reads from the committed offset. Where there is none, it begins as the options say. */
export function joining(sketch: Sketch, group: string, starts: readonly SketchHeader[]): Sketch {
	const given = [...sketch.headers, ...starts].findLast(([name]) => name === 'From')?.[1];
	const others = sketch.headers.filter(([name]) => name !== 'From');
	const initial: SketchHeader[] = given === 'earliest' || given === 'latest' ? [['Initial', given]] : [];
	return { ...sketch, headers: [['Mode', 'group'], ['Group', group], ...initial, ...others] };
}
