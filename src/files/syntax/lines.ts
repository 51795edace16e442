/** A cursor over the lines of a text. A line ends with "\n" or "\r\n", which are not part of it. */
export interface Lines {
	readonly text: string;
	/** Start of the current line. */
	start: number;
	/** End of its text, before the line break. */
	end: number;
	/** Start of the next line; the length of the text if there is none. */
	next: number;
	/** False behind the last line. */
	open: boolean;
}

export function createLines(text: string, from: number): Lines {
	const lines: Lines = { text, start: from, end: from, next: from, open: true };
	advance(lines);
	return lines;
}

/** Moves to the next line. */
export function advance(lines: Lines): void {
	const { text, next: start } = lines;
	const feed = text.indexOf('\n', start);
	lines.start = start;
	lines.open = start < text.length;
	lines.next = feed === -1 ? text.length : feed + 1;
	lines.end = feed === -1 ? text.length : feed;
	if (feed > start && text.charCodeAt(feed - 1) === 13) lines.end--;
}

const isBlankCode = (code: number) => code === 32 || code === 9 || code === 13;

export function isBlank(text: string, start: number, end: number): boolean {
	for (let at = start; at < end; at++) if (!isBlankCode(text.charCodeAt(at))) return false;
	return true;
}

/** First offset from `start` that is neither space nor tab. */
export function skipBlank(text: string, start: number, end: number): number {
	let at = start;
	while (at < end && isBlankCode(text.charCodeAt(at))) at++;
	return at;
}

/** First offset from `start` that is a space or tab. */
export function skipWord(text: string, start: number, end: number): number {
	let at = start;
	while (at < end && !isBlankCode(text.charCodeAt(at))) at++;
	return at;
}

/** One past the last offset that is neither space nor tab. */
export function trimEnd(text: string, start: number, end: number): number {
	let at = end;
	while (at > start && isBlankCode(text.charCodeAt(at - 1))) at--;
	return at;
}
