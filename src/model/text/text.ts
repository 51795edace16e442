/** Cuts a text to at most `most` UTF-16 units without splitting a surrogate pair. */
export function cutText(text: string, most: number): string {
	if (text.length <= most) return text;
	const last = text.charCodeAt(most - 1);
	return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
}

/** Like `cutText`, with an ellipsis after a text that was cut. */
export const shortened = (text: string, most: number): string =>
	text.length > most ? `${cutText(text, most)}…` : text;

/** Replaces lone surrogates with U+FFFD, as UTF-8 encoding does; `encodeURIComponent` would throw. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');
