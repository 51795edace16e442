import { isDecimal } from '../json/decimal';
import { type JsonPath, parsePath } from '../json/path';
import { asciiIn, scanJsonAt, stringIn } from './scan';

/** A field of a message: at a path in its JSON body, or one of its headers or properties. */
export type Field = { kind: 'body'; path: JsonPath; text: string } | { kind: 'header'; name: string; text: string };

/** `text`: of a string, or the digits of a number. `problem`: why there is none, as the end of a sentence. */
export type FieldValue = { text: string; isNumber: boolean } | { problem: string };

/** Longest value that is compared, in UTF-16 units, so that what is remembered stays bounded. */
const maxText = 256;

/** Reads "seq", "data.seq", "body data.seq" or "header X-Seq". Undefined if it is neither. */
export function parseField(text: string): Field | undefined {
	const [, kind, rest] = /^(?:(body|header)\s+)?(.+)$/s.exec(text.trim()) ?? [];
	if (rest === undefined) return undefined;
	if (kind === 'header') return { kind, name: rest, text };
	const path = parsePath(rest);
	return path && path.length > 0 ? { kind: 'body', path, text: rest } : undefined;
}

export interface FieldSource {
	payload: Uint8Array;
	/** The value of a header, whatever the case of its name. */
	header(name: string): string | undefined;
}

/** Never throws, whatever the message is. */
export function readField(field: Field, source: FieldSource): FieldValue {
	if (field.kind === 'header') {
		const text = source.header(field.name);
		if (text === undefined) return { problem: `there is no header "${field.name}"` };
		if (text.length > maxText) return { problem: `the header "${field.name}" is too long` };
		return { text, isNumber: isDecimal(text) };
	}
	const { payload } = source;
	const found = scanJsonAt(payload, field.path);
	switch (found.kind) {
		case 'missing':
			return { problem: `there is nothing at "${field.text}"` };
		case 'malformed':
			return { problem: 'the body is not JSON' };
		case 'other':
			return { problem: `"${field.text}" is ${found.what}` };
		case 'number': {
			if (found.end - found.start > maxText) return { problem: `the number at "${field.text}" is too long` };
			const text = asciiIn(payload, found.start, found.end);
			return isDecimal(text) ? { text, isNumber: true } : { problem: 'the body is not JSON' };
		}
		case 'string': {
			if (found.end - found.start > 6 * maxText) return { problem: `the text at "${field.text}" is too long` };
			const text = stringIn(payload, found.start, found.end);
			if (text === undefined) return { problem: 'the body is not JSON' };
			return text.length > maxText ? { problem: `the text at "${field.text}" is too long` } : { text, isNumber: false };
		}
	}
}
