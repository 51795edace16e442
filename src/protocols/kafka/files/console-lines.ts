import { toText } from '../../../model/contracts/payload';
import { type Message, textOf } from '../../shared/commands/sketch';
import { ownHeader, type RecordOptions } from './record';
import type { LineRecord } from './record-lines';

/** Properties of `LineMessageReader` (Apache Kafka), which reads headers, key and value from a line of text. */
export const lineProperties = [
	...['parse.key', 'key.separator', 'parse.headers', 'headers.delimiter', 'headers.separator'],
	...['headers.key.separator', 'null.marker'],
];

/** The records in the lines of a text. */
export function readLines(text: string, reader: ReadonlyMap<string, string>): LineRecord[] {
	const isOn = (name: string) => reader.get(name)?.trim().toLowerCase() === 'true';
	const marker = reader.get('null.marker');
	const encode = (text: string) => new TextEncoder().encode(text);
	const unlessNull = (text: string) => (text === marker ? undefined : encode(text));
	const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
	return lines.map((line): LineRecord => {
		let remaining = line.replace(/[\r\n]+$/, '');
		/** Takes the text in front of a separator; undefined if the line has none. */
		const take = (separator: string): string | undefined => {
			const at = remaining.indexOf(separator);
			if (at === -1) return undefined;
			const taken = remaining.slice(0, at);
			remaining = remaining.slice(at + separator.length);
			return taken;
		};
		const headers = isOn('parse.headers') ? take(reader.get('headers.delimiter') ?? '\t') : undefined;
		const key = isOn('parse.key') ? take(reader.get('key.separator') ?? '\t') : undefined;
		const pairs =
			headers === undefined || headers === marker ? [] : headers.split(reader.get('headers.separator') ?? ',');
		const between = reader.get('headers.key.separator') ?? ':';
		return {
			key: key === undefined ? undefined : unlessNull(key),
			value: unlessNull(remaining),
			headers: pairs
				.filter((pair) => pair !== '')
				.map((pair) => {
					const at = pair.indexOf(between);
					const value = at === -1 ? '' : pair.slice(at + between.length);
					return ownHeader(at === -1 ? pair : pair.slice(0, at), value === marker ? undefined : value);
				}),
		};
	});
}

const isLine = (text: string | undefined): text is string => text !== undefined && !/[\r\n]/.test(text);

/**
 * The first of some separators that stands in none of the texts, the tool's own first. None is a character of regular
 * expressions, as which the command reads the one between headers.
 */
const separatorFor = (usual: string, texts: readonly string[], taken: readonly (string | undefined)[] = []) =>
	[usual, '\t', ';', ',', ':', '=', '#', '~', '\x1f', '\x1e', '\x1d', '\x1c', '~~', '#~#', '=~='].find(
		(one) => !taken.includes(one) && texts.every((text) => !text.includes(one)),
	);

/** A record as a line, and the properties with which the command reads it. Undefined for what no line can hold. */
export function lineOf(one: Message, record: RecordOptions): { text: string; properties: string[] } | undefined {
	const value = record.tombstone ? '' : textOf(one);
	const key = record.key && toText(record.key);
	if (!isLine(value) || (record.key !== undefined && !isLine(key))) return undefined;
	const properties: string[] = [];
	const marker = ['\\N', 'NULL', '<null>', '~null~'].find((text) => text !== key && text !== value);
	if (record.tombstone && marker !== undefined) properties.push(`null.marker=${marker}`);
	let text = record.tombstone ? (marker ?? '') : value;
	if (key !== undefined) {
		const separator = separatorFor('\t', [key]);
		if (separator === undefined) return undefined;
		properties.push('parse.key=true', ...(separator === '\t' ? [] : [`key.separator=${separator}`]));
		text = `${key}${separator}${text}`;
	}
	if (record.headers.length === 0) return { text, properties };
	const names = record.headers.map(([name]) => name);
	const values = record.headers.map(([, bytes]) => (bytes ? toText(bytes) : undefined));
	if (!names.every(isLine) || !values.every(isLine) || names.includes('')) return undefined;
	const parts = [...names, ...values];
	const between = separatorFor(':', names);
	const next = separatorFor(',', parts, [between]);
	const end = separatorFor('\t', parts, [between, next]);
	if (between === undefined || next === undefined || end === undefined) return undefined;
	properties.push('parse.headers=true');
	if (end !== '\t') properties.push(`headers.delimiter=${end}`);
	if (next !== ',') properties.push(`headers.separator=${next}`);
	if (between !== ':') properties.push(`headers.key.separator=${between}`);
	return { text: `${names.map((name, at) => `${name}${between}${values[at]}`).join(next)}${end}${text}`, properties };
}
