const upper = /[A-Z]+/g;

/** Lower-cases ASCII letters only, the same rule for topics and for payload bytes. */
export function foldCase(text: string): string {
	return text.replace(upper, (letters) => letters.toLowerCase());
}
