const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** A text on one line, in which characters that are not visible or change the direction are shown as codes. */
export function oneLine(text: string): string {
	return text
		.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
		.replace(
			/[\p{Cf}\p{Cs}]/gu,
			(character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
		);
}

/** A text as itself in HTML, in an element or an attribute in quotes. */
export const htmlText = (text: string): string =>
	oneLine(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
