import type { JsonPath } from '../json/path';

/** A value in a JSON text: where its source is, and what it is. */
export type Scan =
	| { kind: 'string' | 'number'; start: number; end: number }
	/** `what`: "an object", "null". */
	| { kind: 'other'; what: string }
	| { kind: 'missing' }
	| { kind: 'malformed' };

const missing: Scan = { kind: 'missing' };
const malformed: Scan = { kind: 'malformed' };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

const decoder = new TextDecoder();

/**
 * Finds the value at a path without parsing the rest: a check reads one field of each message of a flood, and parsing all
 * of it costs several times as much. Of members with the same name the last counts, as in JSON.parse, so that a sender
 * cannot show one value to the check and another one to the receiver. Not recursive.
 */
export function scanJsonAt(bytes: Uint8Array, path: JsonPath): Scan {
	let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
	for (const step of path) {
		at = space(bytes, at);
		const code = bytes[at];
		const found =
			code === openBrace
				? member(bytes, at + 1, String(step))
				: code === openBracket && /^\d+$/.test(String(step))
					? item(bytes, at + 1, Number(step))
					: code === openBracket || isValueStart(code)
						? notThere
						: broken;
		if (found === notThere) return missing;
		if (found === broken) return malformed;
		at = found;
	}
	return valueAt(bytes, space(bytes, at));
}

const notThere = -1;
const broken = -2;

/** Whether a string, a number or a word of JSON may start like this. */
function isValueStart(code: number | undefined): boolean {
	if (code === quote || code === 0x2d || code === 0x74 || code === 0x66 || code === 0x6e) return true;
	return code !== undefined && code >= 0x30 && code <= 0x39;
}

function space(bytes: Uint8Array, from: number): number {
	let at = from;
	for (;;) {
		const code = bytes[at];
		if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) at++;
		else return at;
	}
}

/** Where the value of the last member with this name starts. */
function member(bytes: Uint8Array, from: number, name: string): number {
	let found = notThere;
	let at = space(bytes, from);
	if (bytes[at] === closeBrace) return notThere;
	for (;;) {
		if (bytes[at] !== quote) return broken;
		const end = stringEnd(bytes, at);
		if (end < 0) return broken;
		const isIt = isName(bytes, at + 1, end - 1, name);
		at = space(bytes, end);
		if (bytes[at] !== colon) return broken;
		at = space(bytes, at + 1);
		if (isIt) found = at;
		at = skipValue(bytes, at);
		if (at < 0) return broken;
		at = space(bytes, at);
		if (bytes[at] === closeBrace) return found;
		if (bytes[at] !== comma) return broken;
		at = space(bytes, at + 1);
	}
}

function item(bytes: Uint8Array, from: number, index: number): number {
	let at = space(bytes, from);
	if (bytes[at] === closeBracket) return notThere;
	for (let count = 0; ; count++) {
		if (count === index) return at;
		at = skipValue(bytes, at);
		if (at < 0) return broken;
		at = space(bytes, at);
		if (bytes[at] === closeBracket) return notThere;
		if (bytes[at] !== comma) return broken;
		at = space(bytes, at + 1);
	}
}

/** Offset behind the closing quotation mark, or -1. */
function stringEnd(bytes: Uint8Array, start: number): number {
	for (let at = start + 1; at < bytes.length; at++) {
		const code = bytes[at];
		if (code === backslash) at++;
		else if (code === quote) return at + 1;
	}
	return -1;
}

function isName(bytes: Uint8Array, start: number, end: number, name: string): boolean {
	if (end - start === name.length) {
		let at = 0;
		while (at < name.length && bytes[start + at] === name.charCodeAt(at) && bytes[start + at] !== backslash) at++;
		if (at === name.length) return true;
	}
	// Names with escapes or other than ASCII are rare.
	for (let at = start; at < end; at++)
		if (bytes[at] === backslash || (bytes[at] as number) > 0x7f) return stringIn(bytes, start - 1, end + 1) === name;
	return false;
}

/** The characters of a string with its quotation marks; undefined if an escape is invalid. */
export function stringIn(bytes: Uint8Array, start: number, end: number): string | undefined {
	const isPlain = end - start < 200;
	let text = '';
	for (let at = start + 1; isPlain && at < end - 1; at++) {
		const code = bytes[at] as number;
		if (code > 0x7f || code === backslash) return decoded(bytes, start, end);
		text += String.fromCharCode(code);
	}
	return isPlain ? text : decoded(bytes, start, end);
}

function decoded(bytes: Uint8Array, start: number, end: number): string | undefined {
	try {
		return JSON.parse(decoder.decode(bytes.subarray(start, end)));
	} catch {
		return undefined;
	}
}

/** The source of a number, which is ASCII. */
export function asciiIn(bytes: Uint8Array, start: number, end: number): string {
	let text = '';
	for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number);
	return text;
}

/** Offset behind a value, or -1. */
function skipValue(bytes: Uint8Array, start: number): number {
	const code = bytes[start];
	if (code === quote) return stringEnd(bytes, start);
	if (code !== openBrace && code !== openBracket) {
		const end = tokenEnd(bytes, start);
		return end > start ? end : -1;
	}
	let depth = 0;
	for (let at = start; at < bytes.length; at++) {
		const one = bytes[at];
		if (one === quote) {
			at = stringEnd(bytes, at) - 1;
			if (at < 0) return -1;
		} else if (one === openBrace || one === openBracket) depth++;
		else if (one === closeBrace || one === closeBracket) {
			depth--;
			if (depth === 0) return at + 1;
		}
	}
	return -1;
}

/** The end of a number or a word. */
function tokenEnd(bytes: Uint8Array, start: number): number {
	let at = start;
	for (; at < bytes.length; at++) {
		const code = bytes[at] as number;
		if (code <= 0x20 || code === comma || code === closeBrace || code === closeBracket || code === colon) break;
		if (code === quote || code === openBrace || code === openBracket) break;
	}
	return at;
}

function valueAt(bytes: Uint8Array, start: number): Scan {
	const code = bytes[start];
	if (code === undefined) return malformed;
	if (code === quote) {
		const end = stringEnd(bytes, start);
		return end < 0 ? malformed : { kind: 'string', start, end };
	}
	if (code === openBrace) return { kind: 'other', what: 'an object' };
	if (code === openBracket) return { kind: 'other', what: 'a list' };
	const end = tokenEnd(bytes, start);
	if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return { kind: 'number', start, end };
	const word = asciiIn(bytes, start, Math.min(end, start + 6));
	return word === 'true' || word === 'false' || word === 'null' ? { kind: 'other', what: word } : malformed;
}
