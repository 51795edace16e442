/** C0, DEL and C1 controls, marks that reorder or hide text, line separators, and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds control characters.
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu;

/** Text on one line in which control characters and direction marks are visible and have no effect. */
export function makeVisible(text: string): string {
	return text.replace(invisible, (character) => {
		const code = character.codePointAt(0) as number;
		// Unicode has symbols for the ASCII controls.
		if (code < 0x20) return String.fromCodePoint(0x2400 + code);
		if (code === 0x7f) return '\u2421';
		return `\\u{${code.toString(16)}}`;
	});
}
