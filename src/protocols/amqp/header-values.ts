import { type Table, type TableValue, textValue } from './wire/table';

const encoder = new TextEncoder();

/** Types that may stand in front of a header's value. Without one it is text. */
export const headerHelp =
	'A value is text unless its type stands in front: (int) 5, (long) 5, (double) 1.5, (boolean) true, (timestamp) 2026-01-31T12:00:00Z, (bytes) 0aff, (list) ["a", 1], (table) {"a": 1}, (null), (text).';

/** Header fields as a user writes them. Throws one sentence that names the header. */
export function headerTable(pairs: readonly [string, string][]): Table {
	return pairs.map(([name, text]) => {
		if (encoder.encode(name).length > 255) throw new Error('The name of a header has at most 255 bytes.');
		return [name, headerValue(name, text)];
	});
}

const whole = (from: bigint, to: bigint) => (text: string) => {
	if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
	const value = BigInt(text.replace('+', ''));
	return value >= from && value <= to ? value : undefined;
};
const int32 = whole(-(2n ** 31n), 2n ** 31n - 1n);
const int64 = whole(-(2n ** 63n), 2n ** 63n - 1n);

const types: Record<string, (text: string) => TableValue | undefined> = {
	text: textValue,
	int(text) {
		const value = int32(text);
		return value === undefined ? undefined : { type: 'I', value: Number(value) };
	},
	long(text) {
		const value = int64(text);
		return value === undefined ? undefined : { type: 'l', value };
	},
	double: (text) =>
		/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? { type: 'd', value: Number(text) } : undefined,
	boolean: (text) => (/^(true|false)$/.test(text) ? { type: 't', value: text === 'true' } : undefined),
	timestamp(text) {
		const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
		return Number.isFinite(ms) && ms >= 0 ? { type: 'T', value: BigInt(Math.floor(ms / 1000)) } : undefined;
	},
	bytes: (text) => (/^([0-9a-f]{2})*$/i.test(text) ? { type: 'x', value: fromHex(text) } : undefined),
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
	const [, type, rest = ''] = /^\((\w+)\)\s?([\s\S]*)$/.exec(text) ?? [];
	const read = type === undefined || !Object.hasOwn(types, type) ? undefined : types[type];
	if (!read) return textValue(text);
	const value = read(type === 'text' ? rest : rest.trim());
	if (!value) throw new Error(`The header "${name.slice(0, 60)}" is not a value of the type ${type}.`);
	return value;
}

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
