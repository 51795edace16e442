import { Reader, Writer } from './wire/bytes';
import { readValue, type Table, type TableValue, textValue, writeValue } from './wire/table';

const encoder = new TextEncoder();

/** Types that may stand in front of a header's value. Without one it is text. */
export const headerHelp =
	'A value is text unless its type stands in front: (int) 5, (long) 5, (double) 1.5, (boolean) true, (timestamp) 2026-01-31T12:00:00Z, (bytes) 0aff, (list) ["a", 1], (table) {"a": 1}, (null), (text); rarer ones are (byte), (unsigned-byte), (short), (unsigned-short), (unsigned-int), (float), (decimal) 1.50, and (encoded) with the bytes of the wire.';

/** Header fields as a user writes them. Throws one sentence that names the header. */
export function headerTable(pairs: readonly [string, string][]): Table {
	return pairs.map(([name, text]) => {
		if (encoder.encode(name).length > 255) throw new Error('The name of a header has at most 255 bytes.');
		return [name, headerValue(name, text)];
	});
}

function whole(text: string, from: bigint, to: bigint): bigint | undefined {
	if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
	const value = BigInt(text.replace('+', ''));
	return value >= from && value <= to ? value : undefined;
}

/** A whole number of so many bits. */
const number = (type: 'b' | 'B' | 's' | 'u' | 'I' | 'i', bits: bigint, signed: boolean) => (text: string) => {
	const value = signed ? whole(text, -(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n) : whole(text, 0n, 2n ** bits - 1n);
	return value === undefined ? undefined : { type, value: Number(value) };
};

const floating = (type: 'f' | 'd') => (text: string) =>
	/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? { type, value: Number(text) } : undefined;

const types: Record<string, (text: string) => TableValue | undefined> = {
	text: textValue,
	byte: number('b', 8n, true),
	'unsigned-byte': number('B', 8n, false),
	short: number('s', 16n, true),
	'unsigned-short': number('u', 16n, false),
	int: number('I', 32n, true),
	'unsigned-int': number('i', 32n, false),
	long(text) {
		const value = whole(text, -(2n ** 63n), 2n ** 63n - 1n);
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
	/** Type and value as they are on the wire (section 4.2.1), in hexadecimal: for what no other form can say. */
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
	list(text) {
		const value = json(text);
		return Array.isArray(value) ? fromJson(value) : undefined;
	},
	table(text) {
		const value = json(text);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? fromJson(value) : undefined;
	},
};

function headerValue(name: string, text: string): TableValue {
	const [, type, rest = ''] = /^\(([\w-]+)\)\s?([\s\S]*)$/.exec(text) ?? [];
	const read = type === undefined || !Object.hasOwn(types, type) ? undefined : types[type];
	if (!read) return textValue(text);
	const value = read(type === 'text' ? rest : rest.trim());
	if (!value) throw new Error(`The header "${name.slice(0, 60)}" is not a value of the type ${type}.`);
	return value;
}

const names: Partial<Record<TableValue['type'], string>> = {
	b: 'byte',
	B: 'unsigned-byte',
	s: 'short',
	u: 'unsigned-short',
	I: 'int',
	i: 'unsigned-int',
	l: 'long',
	f: 'float',
	d: 'double',
	t: 'boolean',
	T: 'timestamp',
};

/** A value in the form that `headerTable` reads as exactly this value. */
export function headerText(value: TableValue): string {
	const bytes = encoded(value);
	for (const text of spellings(value)) {
		try {
			if (encoded(headerValue('', text)) === bytes) return text;
		} catch {
			// A spelling that cannot be read is none.
		}
	}
	return `(encoded) ${bytes}`;
}

/** How a value may be written, the most readable first. */
function spellings(value: TableValue): string[] {
	const name = names[value.type];
	if (name) return [`(${name}) ${Object.is(value.value, -0) ? '-0' : String(value.value)}`];
	switch (value.type) {
		case 'S': {
			const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value.value);
			return [text, `(text) ${text}`];
		}
		case 'x':
			return [`(bytes) ${hex(value.value)}`];
		case 'D': {
			const { places, digits } = value.value;
			const padded = String(digits).padStart(places + 1, '0');
			return [`(decimal) ${places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`}`];
		}
		case 'A':
			return [`(list) ${JSON.stringify(toJson(value))}`];
		case 'F':
			return [`(table) ${JSON.stringify(toJson(value))}`];
		default:
			return ['(null)'];
	}
}

/** What JSON can say of a list or table; what it cannot is found out by reading it again. */
function toJson(value: TableValue): unknown {
	switch (value.type) {
		case 'A':
			return value.value.map(toJson);
		case 'F':
			return Object.fromEntries(value.value.map(([name, one]) => [name, toJson(one)]));
		case 'S':
			return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value.value);
		case 'l':
			return Number(value.value);
		case 'd':
		case 't':
			return value.value;
		default:
			return null;
	}
}

function encoded(value: TableValue): string {
	const writer = new Writer();
	writeValue(writer, value);
	return hex(writer.done());
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function json(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function fromJson(value: unknown, depth = 0): TableValue {
	if (depth > 30) throw new Error('A header is nested too deeply.');
	if (typeof value === 'string') return textValue(value);
	if (typeof value === 'boolean') return { type: 't', value };
	if (typeof value === 'number')
		return Number.isSafeInteger(value) ? { type: 'l', value: BigInt(value) } : { type: 'd', value };
	if (Array.isArray(value)) return { type: 'A', value: value.map((one) => fromJson(one, depth + 1)) };
	if (typeof value === 'object' && value !== null)
		return { type: 'F', value: Object.entries(value).map(([key, one]) => [key, fromJson(one, depth + 1)]) };
	return { type: 'V', value: null };
}

function fromHex(text: string): Uint8Array {
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
