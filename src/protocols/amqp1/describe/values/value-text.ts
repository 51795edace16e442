import type { Value } from '../../wire/codec/values';
import { encodeValue } from '../../wire/codec/writer';
import { hex, isTyped, readBody, readTyped } from './typed-text';

/** A value as text that `readTyped` reads as exactly this value. */
export const valueText = (value: Value): string => exact(value, [plain(value)], (text) => readTyped(text, ''));

/** A value as text that `readBody` reads as exactly this value; JSON where that is possible. */
export const bodyText = (value: Value): string => exact(value, [json(value), plain(value)], readBody);

function exact(value: Value, spellings: (string | undefined)[], read: (text: string) => Value): string {
	const wanted = encoded(value);
	for (const text of spellings) {
		try {
			if (text !== undefined && encoded(read(text)) === wanted) return text;
		} catch {
			// A spelling that cannot be read is skipped.
		}
	}
	return `(encoded) ${wanted}`;
}

const encoded = (value: Value) => hex(encodeValue(value));

/** Text with the type in front, except for a text without one. */
function plain(input: Value): string | undefined {
	switch (input.type) {
		case 'string':
			return isTyped(input.value) ? `(string) ${input.value}` : input.value;
		case 'null':
			return '(null)';
		default: {
			const text = bare(input);
			return text === undefined ? undefined : `(${input.type}) ${text}`;
		}
	}
}

/** Text behind the type. */
function bare(input: Value): string | undefined {
	switch (input.type) {
		case 'null':
			return '';
		case 'float':
		case 'double':
			return Object.is(input.value, -0) ? '-0' : String(input.value);
		case 'char':
			return input.value < 0x110000 ? String.fromCodePoint(input.value) : undefined;
		case 'timestamp':
			return time(input.value);
		case 'uuid':
			return uuidText(input.value);
		case 'binary':
		case 'decimal32':
		case 'decimal64':
		case 'decimal128':
			return hex(input.value);
		case 'list':
		case 'map':
			return json(input);
		case 'array': {
			const items = input.value.map(bare);
			return items.includes(undefined)
				? undefined
				: `${input.of} [${items.map((one) => JSON.stringify(one)).join(', ')}]`;
		}
		case 'described': {
			const [descriptor, value] = [json(input.descriptor), json(input.value)];
			return descriptor && value ? `{"descriptor": ${descriptor}, "value": ${value}}` : undefined;
		}
		default:
			return String(input.value);
	}
}

/** A value in JSON, where types that JSON does not have are texts with the type in front. */
function json(input: Value): string | undefined {
	switch (input.type) {
		case 'null':
			return 'null';
		case 'boolean':
			return String(input.value);
		case 'long':
			return String(input.value);
		case 'double': {
			const text = Object.is(input.value, -0) ? '-0' : String(input.value);
			if (!Number.isFinite(input.value)) return JSON.stringify(`(double) ${text}`);
			// A whole number would be read as a long.
			return /^-?\d+$/.test(text) ? `${text}.0` : text;
		}
		case 'list': {
			const items = input.value.map(json);
			return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
		}
		case 'map': {
			const members = input.value.map(([key, value]) => {
				const [name, text] = [plain(key), json(value)];
				return name === undefined || text === undefined ? undefined : `${JSON.stringify(name)}: ${text}`;
			});
			return members.includes(undefined) ? undefined : `{${members.join(', ')}}`;
		}
		default: {
			const text = plain(input);
			return text === undefined ? undefined : JSON.stringify(text);
		}
	}
}

export function uuidText(bytes: Uint8Array): string {
	return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Milliseconds since the epoch as a time, or as digits beyond the range of dates. */
export function time(ms: bigint): string {
	const date = new Date(Number(ms));
	return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().replace('.000Z', 'Z');
}
