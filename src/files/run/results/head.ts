import { redactSentence } from '../../../model/text/redact';
import { lineOf, type MessageFile, type Range, type Section } from '../../syntax/ast';
import { optionsOf } from '../../syntax/metadata';
import { titleOf } from '../../syntax/names';
import type { AssertionResult, RequestResult } from './result';

/** What a result says of an expectation, whatever comes of it. */
export const writtenAt = (
	{ text }: MessageFile,
	{ start, end }: Range,
): Pick<AssertionResult, 'range' | 'line' | 'text'> => ({
	...{ range: { start, end }, line: lineOf(text, start), text: text.slice(start, end) },
});

/** What a result says of its request, however it ends. */
export function headOf(
	file: MessageFile,
	section: Section,
): Pick<RequestResult, 'title' | 'name' | 'notes' | 'range' | 'line'> {
	const { name, notes } = optionsOf(file, section);
	const start = section.request?.start ?? section.start;
	return {
		title: redactSentence(titleOf(file, section)),
		...(name && { name: name.text }),
		...{ notes, range: { start, end: section.request?.end ?? section.end }, line: lineOf(file.text, start) },
	};
}
