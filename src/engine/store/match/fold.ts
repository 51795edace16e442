const upper = /[A-Z]+/g;

/** ASCII letters in lower case, all else as it is: the same rule for text in topics and in payload bytes. */
export function foldCase(text: string): string {
	return text.replace(upper, (letters) => letters.toLowerCase());
}
