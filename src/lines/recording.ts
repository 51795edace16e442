import { isRecord } from '../base/check';
import { maxDepth, tooDeep } from '../base/nesting';
import { type Mark, markKinds } from '../model/checks/mark';
import { flag } from '../model/contracts/message';
import { type Json, membersOf, parseJson } from '../model/json/value';
import { shownUrl } from '../model/profile/shown-url';
import { cutText } from '../model/text/text';
import type { ProtocolDescription } from '../protocols/description';
import { type LineMessage, membersOfLine } from './write';

/**
 * A recording is JSON Lines: a head, then one line for each message or note, which is the line of `toLine` with the members
 * `at` (milliseconds since the start, with fractions), `direction`, and `log`. So each line can be published, and the lines
 * of `listen` are a recording without a head. `log` holds what the adapter logged, so that a recording is shown as it was
 * seen: the flags of the protocol, and the properties as Base64 or as an object.
 */
export interface RecordingHead {
	protocol: string;
	/** Name of the connection. */
	connection: string;
	/** Without credentials and query. */
	url: string;
	/** Milliseconds since the epoch. */
	started: number;
}

/** The version of the format that is written. Later versions may only add members: an unknown version is refused. */
export const recordingVersion = 1;

export interface Recorded extends LineMessage {
	/** Milliseconds since the start. */
	at: number;
	/** Milliseconds since the epoch. */
	time: number;
	/** The line as it stands in a file without a head, such as the output of `listen`: its options are in no flags and properties. */
	line?: string;
}

export const headLine = ({ protocol, connection, url, started }: RecordingHead): string =>
	`${JSON.stringify({
		recording: recordingVersion,
		...{ protocol, connection, url: shownUrl(url), started: new Date(started).toISOString() },
	})}\n`;

/** `time`: milliseconds since the epoch. The line has an end. */
export function recordedLine(
	description: ProtocolDescription,
	message: LineMessage,
	{ time, started }: { time: number; started: number },
): string {
	const { flags, meta } = message;
	const own = flags & ~0xff;
	const log = { ...(own !== 0 && { flags: own }), ...(meta && { meta: packed(meta) }) };
	return `${JSON.stringify({
		at: Math.round((time - started) * 1000) / 1000,
		...membersOfLine(description, message, time),
		direction: flags & flag.note ? (flags & flag.bad ? 'failure' : 'note') : flags & flag.out ? 'out' : 'in',
		...(Object.keys(log).length > 0 && { log }),
	})}\n`;
}

/**
 * The head of a recording by its first line. `problem`: it is a head that cannot be used, in a sentence. Undefined: the line
 * is no head, as in the output of `listen`.
 */
export function readHead(line: string): { head: RecordingHead } | { problem: string } | undefined {
	const members = parsed(line);
	const version = members?.recording;
	if (!members || version === undefined) return undefined;
	if (typeof version !== 'number' || version < 1 || version > recordingVersion)
		return {
			problem: `The recording has version ${String(version).slice(0, 20)} of the format, and this version reads ${recordingVersion}.`,
		};
	const { protocol, connection, url, started } = members;
	const time = typeof started === 'string' ? Date.parse(started) : Number.NaN;
	if (typeof protocol !== 'string' || Number.isNaN(time))
		return { problem: 'The first line of the recording names no protocol or no start.' };
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	return { head: { protocol, connection: text(connection), url: shownUrl(text(url)), started: time } };
}

/** The directions of a line, and the flags that they stand for. */
const directions = new Map<unknown, number>([
	[undefined, 0],
	['in', 0],
	['out', flag.out],
	['note', flag.note],
	['failure', flag.note | flag.bad],
]);

/**
 * Reads a line that `recordedLine` or `toLine` has written. `started`: of the recording; undefined: times are taken from the
 * line. Throws an Error with a phrase about the line.
 */
export function readRecorded(line: string, started: number | undefined): Recorded {
	const members = parsed(line);
	if (!members) throw new Error('it is no JSON object');
	const direction = directions.get(members.direction);
	if (direction === undefined) throw new Error('"direction" is none of in, out, note and failure');
	const { target = '' } = members;
	if (typeof target !== 'string') throw new Error('"target" is not a text');
	const { at, time } = timesOf(members, started);
	const log = isRecord(members.log) ? members.log : {};
	const own = typeof log.flags === 'number' ? log.flags & 0xff00 : 0;
	const meta = log.meta === undefined ? undefined : unpacked(log.meta);
	const marks = marksOf(members.marks);
	return {
		...{ at, time, target, payload: payloadOf(members, line), flags: direction | own },
		...(meta && { meta }),
		...(marks && { marks }),
	};
}

/** Marks of a line, and characters of a reason, that are read. */
const [maxMarks, maxReason] = [10, 1000];

/** What is no mark is left out: marks are notes about a message and no part of it. */
function marksOf(value: unknown): Mark[] | undefined {
	if (!Array.isArray(value)) return undefined;
	const marks = value.slice(0, maxMarks).flatMap((one: unknown): Mark[] => {
		const kind = isRecord(one) && markKinds.find((known) => known === one.kind);
		return isRecord(one) && kind && typeof one.reason === 'string'
			? [{ kind, reason: cutText(one.reason, maxReason) }]
			: [];
	});
	return marks.length > 0 ? marks : undefined;
}

function timesOf({ at, time }: Record<string, unknown>, started: number | undefined): { at: number; time: number } {
	if (typeof at === 'number' && started !== undefined && Math.abs(at) < 1e13) return { at, time: started + at };
	const parsedTime = typeof time === 'string' ? Date.parse(time) : Number.NaN;
	if (Number.isNaN(parsedTime)) throw new Error('it has no time');
	return { at: started === undefined ? 0 : parsedTime - started, time: parsedTime };
}

function payloadOf({ payload, base64 }: Record<string, unknown>, line: string): Uint8Array {
	if (typeof base64 === 'string' && payload === undefined) {
		const bytes = Buffer.from(base64, 'base64');
		// What Node skips would be missing in the payload.
		if (bytes.length !== Math.floor((base64.replace(/=+$/, '').length * 3) / 4))
			throw new Error('"base64" is not Base64');
		return bytes;
	}
	if (payload === undefined || base64 !== undefined) throw new Error('it needs either "payload" or "base64"');
	if (typeof payload === 'string') return Buffer.from(payload);
	// A payload that is not a text is the JSON that is written: its digits and spaces count.
	const parsedLine = parseJson(line);
	const source = 'value' in parsedLine ? membersOf(parsedLine.value)?.get('payload') : undefined;
	return Buffer.from((source as Json).source);
}

/** Numbers are only read from members whose digits are ours. */
function parsed(line: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(line);
		return isRecord(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Names of members that stand for values which JSON does not have. */
const bytesMember = '$bytes';
const integerMember = '$integer';

/** Properties as JSON: bytes as Base64, and inside of an object as objects of one member, as are big integers. */
function packed(meta: object): unknown {
	if (meta instanceof Uint8Array) return base64(meta);
	const inside = (value: unknown): unknown => {
		if (value instanceof Uint8Array) return { [bytesMember]: base64(value) };
		if (typeof value === 'bigint') return { [integerMember]: String(value) };
		if (Array.isArray(value)) return value.map(inside);
		if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inside(one)]));
		return value;
	};
	return inside(meta);
}

function unpacked(meta: unknown): object | undefined {
	if (typeof meta === 'string') return Buffer.from(meta, 'base64');
	const inside = (value: unknown, depth = 0): unknown => {
		if (depth > maxDepth) throw new Error(`its properties have ${tooDeep}`);
		if (Array.isArray(value)) return value.map((one) => inside(one, depth + 1));
		if (!isRecord(value)) return value;
		const { [bytesMember]: bytes, [integerMember]: integer } = value;
		if (typeof bytes === 'string') return new Uint8Array(Buffer.from(bytes, 'base64'));
		if (typeof integer === 'string' && /^-?\d{1,40}$/.test(integer)) return BigInt(integer);
		return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inside(one, depth + 1)]));
	};
	return isRecord(meta) || Array.isArray(meta) ? (inside(meta) as object) : undefined;
}

const base64 = (bytes: Uint8Array): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
