/** In characters. */
const longest = 300;

/**
 * Text that the other side chose, for our own sentences: control and formatting characters (ANSI, right-to-left marks)
 * as visible escapes, cut at a length that a line can bear.
 */
export function peerText(text: string): string {
	const shown = text
		.slice(0, longest)
		.replace(
			/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
			(character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
		);
	return text.length > longest ? `${shown}…` : shown;
}
