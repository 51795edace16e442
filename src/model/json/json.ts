import { FailureError, fail } from '../../base/failure';

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** Rest of a token at the end of the text. */
const partial = /^(?:-|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|\.|[eE][+-]?|\\(?:u[0-9a-fA-F]{0,3})?)?$/;
const space = /[ \t\r\n]*/y;

/** Receives the parts of a JSON text in order. May throw a FailureError, which ends the reading. */
export interface JsonVisitor {
	/** `at`: offset of the bracket. */
	open(kind: 'list' | 'map', bracket: string, at: number): void;
	/** `end`: offset after the bracket. */
	close(bracket: string, end: number): void;
	/** A value or a key as written. `number`: the nearest double; `name`: the decoded text of a key. */
	leaf(source: string, number?: number, name?: string): void;
}

export interface Scanned {
	/** Offset after the last token that the visitor has received. */
	end: number;
	/** Offset where reading stopped. */
	at: number;
	/** Code `cut` if the text ends too early, else `malformed` or the code that the visitor has thrown. */
	error?: FailureError;
	/** The error without its place, as a clause: "a value is expected". */
	reason?: string;
}

/**
 * Reads JSON (RFC 8259) token by token, so that the digits of numbers, duplicate keys and the order of keys are kept.
 * Not recursive: any depth is read. Never throws. A byte order mark is skipped.
 */
export function scanJson(text: string, visitor: JsonVisitor): Scanned {
	let at = text.startsWith('\ufeff') ? 1 : 0;
	let end = at;
	/** Closing brackets of the open containers. */
	const open: ('}' | ']')[] = [];
	let reason: string | undefined;

	/** Skips the pattern; returns whether it was there. */
	function skip(pattern: RegExp): boolean {
		pattern.lastIndex = at;
		const found = pattern.test(text);
		if (found) at = pattern.lastIndex;
		return found;
	}

	function stop(expected?: string): never {
		const code = partial.test(text.slice(at, at + 7)) ? 'cut' : 'malformed';
		reason = expected ? `${expected} is expected` : 'unexpected text after the value';
		if (expected && code === 'cut') throw fail(code, `The JSON ends where ${expected} is expected.`);
		const { line, column } = lineAndColumn(text, at);
		const place = `line ${line}, column ${column}`;
		throw fail(code, expected ? `At ${place} the JSON needs ${expected}.` : `Something follows the JSON at ${place}.`);
	}

	function peek(): string | undefined {
		skip(space);
		return text[at];
	}

	function string(): string {
		const start = at++;
		for (;;) {
			const code = text.charCodeAt(at);
			if (code === 0x22) break;
			if (code === 0x5c) {
				if (!skip(escaped)) stop('a valid escape');
			} else if (code >= 0x20) at++;
			else if (code === 0x0a || code === 0x0d) stop('a closing quotation mark, or \\n in place of the line break');
			else stop(at < text.length ? 'an escape for this control character' : 'the rest of the string');
		}
		return text.slice(start, ++at);
	}

	function key(): void {
		if (peek() !== '"') stop('a key in double quotes');
		const source = string();
		visitor.leaf(source, undefined, stringText(source));
		end = at;
		if (peek() !== ':') stop('a colon');
		at++;
	}

	function scalar(next: string | undefined): void {
		const start = at;
		if (next === '"') visitor.leaf(string());
		else if (skip(word)) visitor.leaf(text.slice(start, at));
		else if (skip(number)) {
			const source = text.slice(start, at);
			visitor.leaf(source, Number(source));
		} else stop('a value');
		end = at;
	}

	/**
	 * Reads a scalar, an empty container, or an opening bracket. Returns true if the container's first value follows.
	 */
	function value(): boolean {
		const next = peek();
		if (next !== '{' && next !== '[') {
			scalar(next);
			return false;
		}
		visitor.open(next === '{' ? 'map' : 'list', next, at);
		const closing = next === '{' ? '}' : ']';
		open.push(closing);
		end = ++at;
		if (peek() === closing) {
			close(closing);
			return false;
		}
		if (closing === '}') key();
		return true;
	}

	function close(closing: string): void {
		open.pop();
		visitor.close(closing, ++at);
		end = at;
	}

	/** Reads closing brackets and a comma after a value. Returns false at the end of the text. */
	function more(): boolean {
		for (;;) {
			const closing = open.at(-1);
			const next = peek();
			if (closing === undefined) return next !== undefined && stop();
			if (next === closing) close(closing);
			else if (next === ',') {
				at++;
				if (closing === '}') key();
				return true;
			} else stop(`a comma or ${closing}`);
		}
	}

	try {
		do while (value());
		while (more());
		return { end, at };
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		return { end, at, error, ...(reason === undefined ? {} : { reason }) };
	}
}

/** A string token, decoded. */
export const stringText = (source: string): string =>
	source.includes('\\') ? JSON.parse(source) : source.slice(1, -1);

/** Line and column, counted from 1. */
export function lineAndColumn(text: string, at: number): { line: number; column: number } {
	const before = text.slice(0, at).split('\n');
	return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
