const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** A text as itself in HTML, in an element or an attribute in quotes. Characters that are not visible are shown as codes. */
export function htmlText(text: string): string {
	return text
		.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
		.replace(
			/[\p{Cf}\p{Cs}]/gu,
			(character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
		)
		.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
