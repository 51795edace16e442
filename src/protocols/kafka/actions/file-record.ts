import { fromBase64, toText } from '../../../model/contracts/payload';
import { type Json, membersOf, parseJson, textOf } from '../../../model/json/value';
import type { Values } from '../../../model/profile/field';

/** A line as a message: what a draft needs. */
export interface FileRecord {
	payload: Uint8Array;
	values: Values;
}

/** Reads a line; throws an Error with a phrase about it. */
export type LineReader = (line: Buffer) => FileRecord;

export const wholeLine: LineReader = (line) => ({ payload: line, values: {} });

/** The key stands in front of the separator. A line without separator has no key. */
export function keyedLine(separator: string): LineReader {
	const mark = Buffer.from(separator.replaceAll('\\t', '\t'));
	return (line) => {
		const at = mark.length === 0 ? -1 : line.indexOf(mark);
		if (at < 0) return { payload: line, values: {} };
		const key = line.subarray(0, at);
		const text = toText(key);
		return {
			payload: line.subarray(at + mark.length),
			values: {
				key: text === undefined ? { format: 'base64', text: key.toString('base64') } : { format: 'text', text },
			},
		};
	};
}

/**
 * An object with `value` or `payload` (text, null for a tombstone, or JSON that is sent as it is written) or `base64`; `key`,
 * `headers`, `partition` and `timestamp`. The command line writes `tombstone` in place of null. Other members, such as the
 * offset that a line was read at, are ignored.
 */
export const jsonLine: LineReader = (line) => {
	const text = toText(line);
	if (text === undefined) throw new Error('it is not UTF-8 text');
	const parsed = parseJson(text);
	const members = 'value' in parsed && membersOf(parsed.value);
	if (!members) throw new Error('it is no JSON object');
	const value = members.get('value') ?? members.get('payload');
	const base64 = members.get('base64');
	if ((value === undefined) === (base64 === undefined))
		throw new Error('it needs one of "value", "payload" and "base64"');
	const values: Values = {};
	const key = members.get('key');
	if (key && !isNull(key)) values.key = keyOf(key);
	const headers = members.get('headers');
	if (headers && !isNull(headers)) values.headers = headersOf(headers);
	const partition = members.get('partition');
	if (partition) values.partition = partitionOf(partition);
	const timestamp = members.get('timestamp') ?? members.get('ts');
	if (timestamp && !isNull(timestamp)) values.timestamp = textOf(timestamp);
	if ((value && isNull(value)) || members.get('tombstone')?.source === 'true') values.tombstone = true;
	return {
		payload: base64 ? bytesOf(base64) : value && !isNull(value) ? Buffer.from(textOf(value)) : new Uint8Array(),
		values,
	};
};

const isNull = (json: Json) => json.source === 'null';

function keyOf(json: Json): { format: 'text' | 'json' | 'hex' | 'base64'; text: string } {
	const members = json.kind === 'map' ? membersOf(json) : undefined;
	const [format, text] = [members?.get('format'), members?.get('text')];
	if (members?.size === 2 && format && text) {
		const found = (['text', 'json', 'hex', 'base64'] as const).find((one) => one === textOf(format));
		if (found) return { format: found, text: textOf(text) };
	}
	return { format: 'text', text: textOf(json) };
}

/** An object, a list of pairs, or names and values in turn. */
function headersOf(json: Json): [string, string][] {
	const wrong = new Error('"headers" is neither an object nor a list of pairs');
	if (json.kind === 'map') return [...json.members].map(([name, value]): [string, string] => [name, textOf(value)]);
	if (json.kind !== 'list') throw wrong;
	const { items } = json;
	if (items.every((item) => item.kind === 'list')) {
		return items.map((item): [string, string] => {
			const [name, value] = item.kind === 'list' ? item.items : [];
			if (!name || !value) throw wrong;
			return [textOf(name), textOf(value)];
		});
	}
	if (items.length % 2 !== 0) throw wrong;
	return Array.from({ length: items.length / 2 }, (_, index): [string, string] => [
		textOf(items[2 * index] as Json),
		textOf(items[2 * index + 1] as Json),
	]);
}

function partitionOf(json: Json): number {
	const partition = Number(json.source);
	if (!Number.isInteger(partition) || partition < 0 || partition > 2 ** 31 - 1)
		throw new Error('"partition" is no number of a partition');
	return partition;
}

function bytesOf(json: Json): Uint8Array {
	const decoded = fromBase64(textOf(json));
	if ('problem' in decoded) throw new Error(`"base64": ${decoded.problem}`);
	return decoded.bytes;
}
