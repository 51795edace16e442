import { fitsDouble, isDecimal } from '../../../../model/json/decimal';
import { type Json, parseJson } from '../../../../model/json/value';
import { shortened } from '../../../../model/text/text';
import { Reader } from '../../wire/bytes';
import { readValue, type Table, type TableValue, textValue } from '../../wire/table';
import { tooLong } from '../addresses';

/** Help for the types that may precede a header's value. */
export const headerHelp =
	'A value is text unless a type precedes it: (int) 5, (long) 5, (double) 1.5, (boolean) true, (timestamp) 2026-01-31T12:00:00Z, (bytes) 0aff, (list) ["a", 1], (table) {"a": 1}, (null), (text); less common ones are (byte), (unsigned-byte), (short), (unsigned-short), (unsigned-int), (float), (decimal) 1.50, and (encoded) with type and value as hexadecimal bytes.';

/** Headers as a user writes them. Throws an Error with one sentence that names the header. */
export function headerTable(pairs: readonly [string, string][]): Table {
	return pairs.map(([name, text]) => [checked(name), headerValue(name, text)]);
}

function checked(name: string): string {
	if (tooLong(name)) throw new Error('The name of a header must not exceed 255 bytes.');
	return name;
}

function whole(text: string, from: bigint, to: bigint): bigint | undefined {
	if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
	const value = BigInt(text.replace('+', ''));
	return value >= from && value <= to ? value : undefined;
}

const int64 = (text: string) => whole(text, -(2n ** 63n), 2n ** 63n - 1n);

/** A whole number with this many bits. */
const number = (type: 'b' | 'B' | 's' | 'u' | 'I' | 'i', bits: bigint, signed: boolean) => (text: string) => {
	const value = signed ? whole(text, -(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n) : whole(text, 0n, 2n ** bits - 1n);
	return value === undefined ? undefined : { type, value: Number(value) };
};

const floating = (type: 'f' | 'd') => (text: string) =>
	isDecimal(text) && Number.isFinite(Number(text)) ? { type, value: Number(text) } : undefined;

const types: Record<string, (text: string) => TableValue | undefined> = {
	text: textValue,
	byte: number('b', 8n, true),
	'unsigned-byte': number('B', 8n, false),
	short: number('s', 16n, true),
	'unsigned-short': number('u', 16n, false),
	int: number('I', 32n, true),
	'unsigned-int': number('i', 32n, false),
	long(text) {
		const value = int64(text);
		return value === undefined ? undefined : { type: 'l', value };
	},
	float: floating('f'),
	double: floating('d'),
	decimal(text) {
		const [, digits, fraction = ''] = /^(\d{1,10})(?:\.(\d{1,10}))?$/.exec(text) ?? [];
		const value = digits === undefined ? undefined : whole(digits + fraction, 0n, 2n ** 32n - 1n);
		return value === undefined ? undefined : { type: 'D', value: { places: fraction.length, digits: Number(value) } };
	},
	boolean: (text) => (/^(true|false)$/.test(text) ? { type: 't', value: text === 'true' } : undefined),
	timestamp(text) {
		const seconds = whole(text, 0n, 2n ** 64n - 1n);
		if (seconds !== undefined) return { type: 'T', value: seconds };
		const ms = Date.parse(text);
		return Number.isFinite(ms) && ms >= 0 ? { type: 'T', value: BigInt(Math.floor(ms / 1000)) } : undefined;
	},
	bytes: (text) => (/^([0-9a-f]{2})*$/i.test(text) ? { type: 'x', value: fromHex(text) } : undefined),
	/** Type and value as on the wire (section 4.2.1), in hexadecimal, for values that no other form can express. */
	encoded(text) {
		if (!/^([0-9a-f]{2})+$/i.test(text)) return undefined;
		try {
			const reader = new Reader(fromHex(text));
			const value = readValue(reader, 0);
			return reader.left === 0 ? value : undefined;
		} catch {
			return undefined;
		}
	},
	null: (text) => (text === '' ? { type: 'V', value: null } : undefined),
	list: (text) => fromJson(text, 'list'),
	table: (text) => fromJson(text, 'map'),
};

export function headerValue(name: string, text: string): TableValue {
	const [, type, rest = ''] = /^\(([\w-]+)\)\s?([\s\S]*)$/.exec(text) ?? [];
	const read = type === undefined || !Object.hasOwn(types, type) ? undefined : types[type];
	if (!read) return textValue(text);
	const value = read(type === 'text' ? rest : rest.trim());
	if (!value) throw new Error(`The header "${shortened(name, 60)}" is not a valid value of the type ${type}.`);
	return value;
}

function fromJson(text: string, kind: 'list' | 'map'): TableValue | undefined {
	const parsed = parseJson(text);
	return 'value' in parsed && parsed.value.kind === kind ? fromValue(parsed.value, 0) : undefined;
}

/** Members keep order and duplicates. A whole number becomes a long, one with a fraction or an exponent a double. */
function fromValue(json: Json, depth: number): TableValue {
	if (depth > 30) throw new Error('A header is nested too deeply.');
	switch (json.kind) {
		case 'string':
			return textValue(json.text);
		case 'number':
			return fromNumber(json.source);
		case 'list':
			return { type: 'A', value: json.items.map((one) => fromValue(one, depth + 1)) };
		case 'map':
			return { type: 'F', value: json.members.map(([name, one]) => [checked(name), fromValue(one, depth + 1)]) };
		case 'word':
			return json.source === 'null' ? { type: 'V', value: null } : { type: 't', value: json.source === 'true' };
	}
}

/** Throws where the number cannot be represented exactly. */
function fromNumber(source: string): TableValue {
	// A long has no negative zero.
	const value = source === '-0' ? undefined : int64(source);
	if (value !== undefined) return { type: 'l', value };
	if (fitsDouble(source)) return { type: 'd', value: Number(source) };
	throw new Error(
		`${source.slice(0, 60)} in a header fits neither a 64-bit integer nor a double: write it in double quotes, as text.`,
	);
}

function fromHex(text: string): Uint8Array {
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
