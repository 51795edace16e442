/**
 * The only escape in message files is a text in quotation marks, written like a JSON string (RFC 8259, section 7). Variables
 * are not replaced in it, and a quoted name is never an option.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings.
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Reads the quoted text at an offset: its characters, and the offset behind its closing quotation mark. */
export function readQuoted(text: string, start: number, end: number): { literal: string; end: number } | undefined {
	if (text.charCodeAt(start) !== 34) return undefined;
	quoted.lastIndex = start;
	const found = quoted.exec(text)?.[0];
	if (found === undefined || start + found.length > end) return undefined;
	return { literal: JSON.parse(found) as string, end: start + found.length };
}

/** Characters that are invisible, or that change how the text around them is displayed. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** Puts a text in quotation marks and escapes every invisible character. */
export function quote(text: string): string {
	return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) =>
		[...Array(one.length).keys()].map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
	);
}

/** Returns true if parsing the text gives the same text: as a target, a header's value or an option's name. */
export function isPlain(text: string): boolean {
	return !/^[" \t]|[ \t]$|\{\{/.test(text) && !invisible.test(text);
}

/** Quotes a text that would not be read as itself. An empty text stays empty. */
export function quoteIfNeeded(text: string): string {
	return isPlain(text) ? text : quote(text);
}
