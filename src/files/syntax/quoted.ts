/**
 * The one escape of message files: a text in quotation marks, written like a JSON string (RFC 8259, section 7). It stands
 * for exactly its characters. Variables are not replaced in it, and as a name it is never an option.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings.
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** The quoted text that starts at an offset: its characters, and one past its closing mark. */
export function readQuoted(text: string, start: number, end: number): { literal: string; end: number } | undefined {
	if (text.charCodeAt(start) !== 34) return undefined;
	quoted.lastIndex = start;
	const found = quoted.exec(text)?.[0];
	if (found === undefined || start + found.length > end) return undefined;
	return { literal: JSON.parse(found) as string, end: start + found.length };
}

/** Characters that a reader would not see, or that would change how the text around them is drawn. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** The text in quotation marks, with every invisible character as an escape. */
export function quote(text: string): string {
	return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) =>
		[...Array(one.length).keys()].map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
	);
}

/** Whether a text, written as it is, is read as exactly itself: as a target, a header's value or an option's name. */
export function isPlain(text: string): boolean {
	return !/^[" \t]|[ \t]$|\{\{/.test(text) && !invisible.test(text);
}

/** The text as it is where that is read as itself, else in quotation marks. An empty text stays empty. */
export function quoteIfNeeded(text: string): string {
	return isPlain(text) ? text : quote(text);
}
