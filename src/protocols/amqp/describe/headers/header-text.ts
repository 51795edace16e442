import { hex, Writer } from '../../wire/bytes';
import { type TableValue, textOf, writeValue } from '../../wire/table';
import { headerValue } from './header-values';

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

/** A value as text that `headerTable` reads as exactly this value. */
export function headerText(value: TableValue): string {
	const bytes = encoded(value);
	for (const text of spellings(value)) {
		try {
			if (encoded(headerValue('', text)) === bytes) return text;
		} catch {
			// A spelling that cannot be read is skipped.
		}
	}
	return `(encoded) ${bytes}`;
}

/** Possible spellings of a value, the most readable first. */
function spellings(value: TableValue): string[] {
	const name = names[value.type];
	if (name) return [`(${name}) ${Object.is(value.value, -0) ? '-0' : String(value.value)}`];
	switch (value.type) {
		case 'S':
			return [textOf(value) ?? '', `(text) ${textOf(value)}`];
		case 'x':
			return [`(bytes) ${hex(value.value)}`];
		case 'D':
			return [`(decimal) ${decimalText(value.value)}`];
		case 'A':
			return [`(list) ${json(value)}`];
		case 'F':
			return [`(table) ${json(value)}`];
		default:
			return ['(null)'];
	}
}

/** A decimal with all its digits, `places` of them after the point. */
export function decimalText({ places, digits }: { places: number; digits: number }): string {
	if (places === 0) return String(digits);
	const all = String(digits).padStart(places + 1, '0');
	return `${all.slice(0, -places)}.${all.slice(-places)}`;
}

/** A list or table as JSON. The caller finds out by reading it again whether JSON can express the value. */
function json(value: TableValue): string {
	switch (value.type) {
		case 'A':
			return `[${value.value.map(json).join(', ')}]`;
		case 'F':
			return `{${value.value.map(([name, one]) => `${JSON.stringify(name)}: ${json(one)}`).join(', ')}}`;
		case 'S':
			return JSON.stringify(textOf(value));
		case 'd': {
			const text = Object.is(value.value, -0) ? '-0' : String(value.value);
			// A whole number would be read as a long.
			return /^-?\d+$/.test(text) ? `${text}.0` : text;
		}
		case 'l':
		case 't':
			return String(value.value);
		default:
			return 'null';
	}
}

function encoded(value: TableValue): string {
	const writer = new Writer();
	writeValue(writer, value);
	return hex(writer.done());
}
