import { fitsDouble, isDecimal } from '../../../../model/json/decimal';
import { type Json, parseJson } from '../../../../model/json/value';
import { shortened } from '../../../../model/text/text';
import { arrayCodes, Reader, type Value } from '../../wire/codec/values';

/** Help for the types that may precede a value. */
export const typedHelp =
	'A value is text unless a type precedes it: (int) 5, (long) 5, (ulong) 5, (double) 1.5, (boolean) true, (timestamp) 2026-01-31T12:00:00Z, (symbol) name, (uuid) …, (binary) 0aff, (list) ["a", 1], (map) {"a": 1}, (null), (string); less common ones are (byte), (ubyte), (short), (ushort), (uint), (float), (char), (array) int [1, 2], (decimal32), (decimal64), (decimal128), (described) {"descriptor": "(symbol) d", "value": 1}, and (encoded) with hexadecimal bytes.';

const maxNesting = 30;

/** Lower-case hexadecimal digits. */
export const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Bytes of hexadecimal digits; undefined for other text. */
export function fromHex(text: string): Uint8Array | undefined {
	if (!/^([0-9a-f]{2})*$/i.test(text)) return undefined;
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function whole(text: string, from: bigint, to: bigint): bigint | undefined {
	if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
	const value = BigInt(text.replace('+', ''));
	return value >= from && value <= to ? value : undefined;
}

const int64 = (text: string) => whole(text, -(2n ** 63n), 2n ** 63n - 1n);
const uint64 = (text: string) => whole(text, 0n, 2n ** 64n - 1n);

type Read = (text: string) => Value | undefined;

const small =
	(type: 'ubyte' | 'ushort' | 'uint' | 'byte' | 'short' | 'int', bits: bigint, signed: boolean): Read =>
	(text) => {
		const value = signed ? whole(text, -(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n) : whole(text, 0n, 2n ** bits - 1n);
		return value === undefined ? undefined : { type, value: Number(value) };
	};

const floating =
	(type: 'float' | 'double'): Read =>
	(text) => {
		if (/^(NaN|-?Infinity)$/.test(text)) return { type, value: Number(text) };
		return isDecimal(text) && Number.isFinite(Number(text)) ? { type, value: Number(text) } : undefined;
	};

const bytes =
	(type: 'decimal32' | 'decimal64' | 'decimal128' | 'binary', size?: number): Read =>
	(text) => {
		const value = fromHex(text);
		return value && (size === undefined || value.length === size) ? { type, value } : undefined;
	};

const readers: Readonly<Record<string, Read>> = {
	string: (value) => ({ type: 'string', value }),
	symbol: (value) => ({ type: 'symbol', value }),
	null: (text) => (text === '' ? { type: 'null' } : undefined),
	boolean: (text) => (/^(true|false)$/.test(text) ? { type: 'boolean', value: text === 'true' } : undefined),
	ubyte: small('ubyte', 8n, false),
	ushort: small('ushort', 16n, false),
	uint: small('uint', 32n, false),
	byte: small('byte', 8n, true),
	short: small('short', 16n, true),
	int: small('int', 32n, true),
	ulong(text) {
		const value = uint64(text);
		return value === undefined ? undefined : { type: 'ulong', value };
	},
	long(text) {
		const value = int64(text);
		return value === undefined ? undefined : { type: 'long', value };
	},
	float: floating('float'),
	double: floating('double'),
	decimal32: bytes('decimal32', 4),
	decimal64: bytes('decimal64', 8),
	decimal128: bytes('decimal128', 16),
	char(text) {
		const points = Array.from(text);
		return points.length === 1 ? { type: 'char', value: (points[0] as string).codePointAt(0) ?? 0 } : undefined;
	},
	timestamp(text) {
		const ms = int64(text);
		if (ms !== undefined) return { type: 'timestamp', value: ms };
		const parsed = Date.parse(text);
		return Number.isFinite(parsed) ? { type: 'timestamp', value: BigInt(parsed) } : undefined;
	},
	uuid(text) {
		const value = fromHex(text.replaceAll('-', ''));
		return value?.length === 16 ? { type: 'uuid', value } : undefined;
	},
	binary: bytes('binary'),
	list: (text) => ofKind(text, 'list'),
	map: (text) => ofKind(text, 'map'),
	array(text) {
		const [, of = '', items = ''] = /^([a-z0-9]+)\s+(\[[\s\S]*)$/.exec(text) ?? [];
		const list = parseJson(items);
		if (!Object.hasOwn(arrayCodes, of) || !('value' in list) || list.value.kind !== 'list') return undefined;
		const value: Value[] = [];
		for (const item of list.value.items) {
			const one = item.kind === 'string' ? fromTyped(of, item.text) : fromTyped(of, item.source);
			if (one?.type !== of) return undefined;
			value.push(one);
		}
		return { type: 'array', of: of as Value['type'], value };
	},
	described(text) {
		const parsed = parseJson(text);
		const map = 'value' in parsed && parsed.value.kind === 'map' ? new Map(parsed.value.members) : undefined;
		const descriptor = map?.get('descriptor');
		const value = map?.get('value');
		if (!descriptor || !value || map?.size !== 2) return undefined;
		return { type: 'described', descriptor: fromJson(descriptor, 0), value: fromJson(value, 0) };
	},
	/** A constructor and its bytes, for values that no other form expresses. */
	encoded(text) {
		const input = fromHex(text);
		if (!input || input.length === 0) return undefined;
		try {
			const reader = new Reader(input);
			const value = reader.value();
			return reader.left === 0 ? value : undefined;
		} catch {
			return undefined;
		}
	},
};

const fromTyped = (type: string, text: string): Value | undefined =>
	Object.hasOwn(readers, type) ? readers[type]?.(text) : undefined;

/** The type that precedes the text and its rest; undefined for text without one. */
function typed(text: string): [type: string, rest: string] | undefined {
	const [, type, rest = ''] = /^\(([a-z0-9]+)\) ?([\s\S]*)$/.exec(text) ?? [];
	return type !== undefined && Object.hasOwn(readers, type) ? [type, rest] : undefined;
}

/** Reads a value as a user writes it. `what` names it in the Error that is thrown, which has one sentence. */
export function readTyped(text: string, what: string): Value {
	const own = typed(text);
	if (!own) return { type: 'string', value: text };
	const [type, rest] = own;
	const isText = type === 'string' || type === 'symbol' || type === 'char';
	const value = fromTyped(type, isText ? rest : rest.trim());
	if (!value) throw new Error(`${shortened(what, 80)} is not a valid value of the type ${type}.`);
	return value;
}

/** Reads a body of one value: with a type in front, or as JSON. Throws an Error with one sentence. */
export function readBody(text: string): Value {
	if (typed(text)) return readTyped(text, 'The body');
	const parsed = parseJson(text);
	if ('problem' in parsed)
		throw new Error(
			'The body is neither JSON nor a value with a type, such as (ulong) 5. To send a text, choose "Text" as the body.',
		);
	return fromJson(parsed.value, 0);
}

/** Reads a body that is a sequence. Throws an Error with one sentence. */
export function readSequence(text: string): Value[] {
	const value = ofKind(text, 'list');
	if (value?.type !== 'list') throw new Error('A sequence is written as a JSON list, such as ["a", 1, "(ulong) 5"].');
	return value.value;
}

function ofKind(text: string, kind: 'list' | 'map'): Value | undefined {
	const parsed = parseJson(text);
	return 'value' in parsed && parsed.value.kind === kind ? fromJson(parsed.value, 0) : undefined;
}

/** Texts in JSON may have a type in front. A whole number becomes a long or a ulong, one with a fraction a double. */
function fromJson(json: Json, depth: number): Value {
	if (depth > maxNesting) throw new Error('A value is nested too deeply.');
	switch (json.kind) {
		case 'string':
			return readTyped(json.text, `"${shortened(json.text, 60)}"`);
		case 'number':
			return fromNumber(json.source);
		case 'list':
			return { type: 'list', value: json.items.map((one) => fromJson(one, depth + 1)) };
		case 'map':
			return {
				type: 'map',
				value: json.members.map(([name, one]) => [
					readTyped(name, `The key "${shortened(name, 60)}"`),
					fromJson(one, depth + 1),
				]),
			};
		case 'word':
			return json.source === 'null' ? { type: 'null' } : { type: 'boolean', value: json.source === 'true' };
	}
}

/** Throws where the number cannot be represented exactly. */
function fromNumber(source: string): Value {
	// Integers have no negative zero.
	const long = source === '-0' ? undefined : int64(source);
	if (long !== undefined) return { type: 'long', value: long };
	const ulong = uint64(source);
	if (ulong !== undefined) return { type: 'ulong', value: ulong };
	if (fitsDouble(source)) return { type: 'double', value: Number(source) };
	throw new Error(
		`${shortened(source, 60)} fits neither a 64-bit integer nor a double: write it in double quotes, as text.`,
	);
}

export const isTyped = (text: string): boolean => typed(text) !== undefined;
