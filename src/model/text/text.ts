/** At most `most` UTF-16 units of a text, never with half a surrogate pair at the end. */
export function cutText(text: string, most: number): string {
	if (text.length <= most) return text;
	const last = text.charCodeAt(most - 1);
	return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
}

/** The same, with an ellipsis behind a text that was cut. */
export const shortened = (text: string, most: number): string =>
	text.length > most ? `${cutText(text, most)}…` : text;

/** Halves of surrogate pairs become U+FFFD, as UTF-8 shows them: `encodeURIComponent` throws at them, and so does a URI. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');
