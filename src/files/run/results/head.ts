import { redactSentence } from '../../../model/text/redact';
import { lineOf, type MessageFile, type Section } from '../../syntax/ast';
import { optionsOf } from '../../syntax/metadata';
import { titleOf } from '../../syntax/names';
import type { RequestResult } from './result';

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
