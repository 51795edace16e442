import { type FailureError, fail } from '../../base/failure';
import type { Outline } from './outline';

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings.
const stringPart = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** What the end of the text may have left of a token. */
const partial = /^(?:-|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|\.|[eE][+-]?|\\(?:u[0-9a-fA-F]{0,3})?)?$/;
const space = /[ \t\r\n]*/y;

/** How far the text was laid out, and why not further. */
export interface Scanned {
	end: number;
	error?: FailureError;
}

/**
 * Lays out JSON (RFC 8259) from its source text, so that big numbers, duplicate keys and the order of keys stay as they
 * are. The code of an error is `cut` where the text ends too early.
 */
export function scanJson(text: string, outline: Outline): Scanned {
	let at = text.startsWith('\ufeff') ? 1 : 0;
	/** End of the last token that was written. */
	let end = at;

	function match(pattern: RegExp): string | undefined {
		pattern.lastIndex = at;
		const found = pattern.exec(text)?.[0];
		if (found !== undefined) at += found.length;
		return found;
	}

	function stop(expected: string): never {
		if (partial.test(text.slice(at, at + 7))) throw fail('cut', `The JSON text ends where ${expected} should follow.`);
		const before = text.slice(0, at);
		const line = before.split('\n').length;
		const column = at - before.lastIndexOf('\n');
		throw fail('malformed', `Not valid JSON: at line ${line}, column ${column} ${expected} should stand.`);
	}

	function peek(): string | undefined {
		match(space);
		return text[at];
	}

	function string(): string {
		const start = at++;
		for (;;) {
			match(stringPart);
			if (text[at] === '"') break;
			if (match(escaped) !== undefined) continue;
			stop('the rest of the string');
		}
		at++;
		return text.slice(start, at);
	}

	function value() {
		const next = peek();
		if (next === '{' || next === '[') return container(next);
		if (next === '"') outline.leaf(string());
		else {
			const found = match(word);
			const digits = found ?? match(number);
			if (digits === undefined) stop('a value');
			outline.leaf(digits, found === undefined ? Number(digits) : undefined);
		}
		end = at;
	}

	function key(): void {
		if (peek() !== '"') stop('a key in double quotes');
		const source = string();
		outline.leaf(source, undefined, source.includes('\\') ? JSON.parse(source) : source.slice(1, -1));
		end = at;
		if (peek() !== ':') stop('a colon');
		at++;
	}

	function container(bracket: '{' | '['): void {
		const closing = bracket === '{' ? '}' : ']';
		outline.open(bracket === '{' ? 'map' : 'list', bracket);
		end = ++at;
		if (peek() !== closing) {
			for (;;) {
				if (bracket === '{') key();
				value();
				const next = peek();
				if (next === closing) break;
				if (next !== ',') stop(`a comma or ${closing}`);
				at++;
			}
		}
		outline.close(closing);
		end = ++at;
	}

	try {
		value();
		if (peek() !== undefined) stop('the end');
		return { end };
	} catch (error) {
		return { end, error: error as FailureError };
	}
}
