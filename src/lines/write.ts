import type { Mark } from '../model/checks/mark';
import { direction } from '../model/contracts/message';
import { toBase64, toText } from '../model/contracts/payload';
import { bytesOf, isBytesValue } from '../model/profile/bytes-value';
import type { ProtocolDescription } from '../protocols/description';
import { codeOf, receivedValues } from './values';

/** A message as it was received or logged. */
export interface LineMessage {
	target: string;
	payload: Uint8Array;
	flags: number;
	meta?: object;
	/** What was wrong about its arrival, such as a replayed nonce. */
	marks?: readonly Mark[];
}

/** The options of a message; bytes as a text or, if they are not UTF-8, as an object with the member "base64". */
function lineValues(description: ProtocolDescription, { flags, meta }: LineMessage): Record<string, unknown> {
	const inLine = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(inLine);
		const bytes = isBytesValue(value) ? bytesOf(value) : undefined;
		return bytes ? (toText(bytes) ?? { base64: toBase64(bytes) }) : value;
	};
	const values: Record<string, unknown> = receivedValues(description, flags, meta);
	for (const key in values) if (typeof values[key] === 'object') values[key] = inLine(values[key]);
	return values;
}

/** Members of a line that are not options of the protocol. `at` and `log` are those of recordings. */
export const lineMembers = [
	...['time', 'direction', 'target', 'code', 'sender', 'written', 'payload', 'base64', 'marks', 'at', 'log'],
] as const;

/**
 * A message as one line of JSON, with a line end. The payload is text if it is UTF-8, else Base64; options have their
 * field keys. A sent message has the direction "out", a received one none. `time`: milliseconds since the epoch.
 */
export const toLine = (description: ProtocolDescription, message: LineMessage, time: number): string =>
	`${JSON.stringify(membersOfLine(description, message, time))}\n`;

/** The members of that line. */
export function membersOfLine(
	description: ProtocolDescription,
	message: LineMessage,
	time: number,
): Record<string, unknown> {
	const text = toText(message.payload);
	const code = codeOf(description, message.flags);
	const { sender, written } = description.authorship?.(message.meta, message.flags) ?? {};
	return {
		time: new Date(time).toISOString(),
		...(direction(message.flags) === 'out' && { direction: 'out' }),
		...(message.target !== '' && { target: message.target }),
		...(code && { code }),
		...(sender !== undefined && { sender }),
		...(written !== undefined && { written: new Date(written).toISOString() }),
		...(text === undefined ? { base64: toBase64(message.payload) } : { payload: text }),
		...lineValues(description, message),
		...(message.marks && { marks: message.marks }),
	};
}

const columns = ['time', 'direction', 'target', 'code', 'sender', 'encoding', 'payload', 'properties'];

export const csvHead = `${columns.join(',')}\r\n`;

/**
 * A message as a record of CSV (RFC 4180), with a line end. `encoding` is "text" or "base64", `properties` an object of
 * JSON.
 */
export function toCsvRecord(description: ProtocolDescription, message: LineMessage, time: number): string {
	const text = toText(message.payload);
	const values = lineValues(description, message);
	const cells = [
		new Date(time).toISOString(),
		direction(message.flags),
		message.target,
		codeOf(description, message.flags) ?? '',
		description.authorship?.(message.meta, message.flags).sender ?? '',
		text === undefined ? 'base64' : 'text',
		text ?? toBase64(message.payload),
		Object.keys(values).length > 0 ? JSON.stringify(values) : '',
	];
	return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * A spreadsheet runs a cell that starts with one of these characters as a formula, and the text comes from a peer: an
 * apostrophe keeps it text. Numbers stay as they are.
 */
const formula = /^[=@\t\r]|^[+-](?![\d.]+(?:e[+-]?\d+)?$)/i;

function csvCell(text: string): string {
	const safe = formula.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
