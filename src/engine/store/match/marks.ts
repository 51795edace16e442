import type { TextQuery } from '../../../model/contracts/message';
import { foldCase } from './fold';
import { compile } from './sandbox';

/** Maximum number of marks in one text, and milliseconds for the marks of a page. */
const maxMarks = 50;
const marksMs = 20;

/** Finds the matches in each of these texts: start and end alternately, in UTF-16 units. */
export type Marker = (texts: readonly string[]) => number[][];

/** Throws `bad-filter`. */
export function createMarker(query: TextQuery): Marker {
	if (query.text === '') return (texts) => texts.map(() => []);
	if (!query.regex) return (texts) => texts.map((text) => occurrences(text, query));
	const expression = compile(query);
	return (texts) => {
		const marks: number[][] = texts.map(() => []);
		const ranges = expression.mark(texts, maxMarks, marksMs);
		for (let at = 0; at < ranges.length; at += 3)
			marks[ranges[at] as number]?.push(ranges[at + 1] as number, ranges[at + 2] as number);
		return marks;
	};
}

function occurrences(text: string, { text: wanted, matchCase }: TextQuery): number[] {
	const [hay, needle] = matchCase ? [text, wanted] : [foldCase(text), foldCase(wanted)];
	const marks: number[] = [];
	for (
		let at = hay.indexOf(needle);
		at >= 0 && marks.length < 2 * maxMarks;
		at = hay.indexOf(needle, at + needle.length)
	)
		marks.push(at, at + needle.length);
	return marks;
}
