import { type FailureError, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';

/** Types of Socket.IO packets (protocol revisions 4 and 5). */
export const packetType = {
	connect: 0,
	disconnect: 1,
	event: 2,
	ack: 3,
	connectError: 4,
	binaryEvent: 5,
	binaryAck: 6,
} as const;

/** A packet as it was received. */
export interface Packet {
	type: number;
	/** Attachments that follow it. */
	attachments: number;
	/** With its slash in front. */
	namespace: string;
	/** Digits, which need not fit a number. */
	id: string | undefined;
	/** The JSON behind the head, as it was sent; may be empty. Valid as long as the bytes that were read. */
	data: Buffer;
}

const digit0 = 0x30;
const dash = 0x2d;
const slash = 0x2f;
const comma = 0x2c;
const quote = 0x22;
const backslash = 0x5c;
const open = 0x5b;
const close = 0x5d;
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= digit0 && byte <= 0x39;
const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Limits of what a peer may write into a head: digits of an id, bytes of a namespace, attachments of a packet. */
const maxId = 40;
const maxNamespace = 1000;
const maxAttachments = 10_000;

export const violation = (message: string, evidence?: Buffer): FailureError =>
	fail('protocol-violation', message, {
		...(evidence && { evidence: `it begins with ${peerText(evidence.toString('utf8', 0, 100))}` }),
	});

/** Reads a packet from `at` on. Throws `protocol-violation`. */
export function readPacket(bytes: Buffer, at: number): Packet {
	const broken = () => violation('The server sent a packet that is not valid Socket.IO.', bytes);
	const type = (bytes[at] ?? 0) - digit0;
	if (type < packetType.connect || type > packetType.binaryAck) throw broken();
	let next = at + 1;
	let attachments = 0;
	if (type >= packetType.binaryEvent) {
		const start = next;
		for (; isDigit(bytes[next]); next++) attachments = attachments * 10 + (bytes[next] as number) - digit0;
		if (next === start || bytes[next] !== dash || attachments < 1) throw broken();
		if (attachments > maxAttachments)
			throw violation(`The server announced more than ${maxAttachments} attachments of one event.`, bytes);
		next++;
	}
	let namespace = '/';
	if (bytes[next] === slash) {
		const comma = bytes.indexOf(',', next);
		const end = comma < 0 ? bytes.length : comma;
		if (end - next > maxNamespace) throw broken();
		namespace = bytes.toString('utf8', next, end);
		// Version 2 writes the query of the namespace behind it.
		const query = namespace.indexOf('?');
		if (query >= 0) namespace = namespace.slice(0, query);
		next = end + 1;
	}
	const start = next;
	while (isDigit(bytes[next])) next++;
	if (next - start > maxId) throw broken();
	const id = next > start ? bytes.toString('latin1', start, next) : undefined;
	return { type, attachments, namespace, id, data: bytes.subarray(next) };
}

export interface Event {
	name: string;
	/** Its name is a number in the packet. */
	isNumbered: boolean;
	/** The JSON list of its arguments, in the memory of the packet. */
	args: Buffer;
}

/** Event names by their JSON, so that it is parsed once for a flood of one event. */
export type NameCache = Map<string, string>;
const maxNames = 1000;
const maxCached = 200;
const noArgs = Buffer.from('[]');

/**
 * Splits the list of an event into its name and its arguments, which stay as they were written: the comma behind the name is
 * overwritten with the bracket that opens their list. Throws `protocol-violation`.
 */
export function splitEvent(data: Buffer, names: NameCache): Event {
	const broken = () => violation('The server sent an event without a name.', data);
	const { length } = data;
	let last = length - 1;
	while (isSpace(data[last])) last--;
	if (data[0] !== open || last < 2 || data[last] !== close) throw broken();
	let at = 1;
	while (isSpace(data[at])) at++;
	const start = at;
	const isText = data[at] === quote;
	if (isText) {
		for (at++; at < last && data[at] !== quote; at++) if (data[at] === backslash) at++;
		at++;
	} else while (at < last && data[at] !== comma && !isSpace(data[at])) at++;
	const end = at;
	while (isSpace(data[at])) at++;
	if (at > last || (at < last && data[at] !== comma)) throw broken();
	const name = nameOf(data, start, end, names);
	if (name === undefined) throw broken();
	if (at === last) return { name, isNumbered: !isText, args: noArgs };
	data[at] = open;
	return { name, isNumbered: !isText, args: data.subarray(at, last + 1) };
}

function nameOf(data: Buffer, start: number, end: number, names: NameCache): string | undefined {
	if (end - start > maxCached) return parsedName(data.toString('utf8', start, end));
	const key = data.toString('latin1', start, end);
	const cached = names.get(key);
	if (cached !== undefined) return cached;
	const name = parsedName(data.toString('utf8', start, end));
	if (name === undefined) return undefined;
	if (names.size >= maxNames) names.clear();
	names.set(key, name);
	return name;
}

/** A number is written with its digits; undefined for anything else that is no text. */
function parsedName(json: string): string | undefined {
	if (/^-?\d/.test(json)) return json.length <= maxId && Number.isFinite(Number(json)) ? json : undefined;
	try {
		const value: unknown = JSON.parse(json);
		return typeof value === 'string' ? value : undefined;
	} catch {
		return undefined;
	}
}

export interface Head {
	type: number;
	attachments?: number;
	namespace: string;
	id?: string;
}

/** The head of a packet to send. */
export function writeHead({ type, attachments = 0, namespace, id = '' }: Head): string {
	return `${type}${attachments > 0 ? `${attachments}-` : ''}${namespace === '/' ? '' : `${namespace},`}${id}`;
}
