import type { MessageFile, Range } from '../syntax/ast';
import { titleOf } from '../syntax/names';

export interface Symbol {
	kind: 'request' | 'variable';
	name: string;
	/** The request's first line, the variable's value. */
	detail: string;
	range: Range;
	/** What is selected on going there. */
	selection: Range;
}

/** The outline: requests and variables, in the order of the file. */
export function symbols(file: MessageFile): Symbol[] {
	return file.sections.flatMap((section): Symbol[] => {
		const variables = section.variables.map(({ name, value, start, end }): Symbol => {
			return { kind: 'variable', name: `@${name.text}`, detail: value.text, range: { start, end }, selection: name };
		});
		const { request } = section;
		if (!request) return variables;
		const { verb, target } = request;
		const start = section.separator?.start ?? request.start;
		return [
			...variables.filter(({ range }) => range.start < start),
			{
				kind: 'request',
				name: titleOf(file, section),
				detail: `${verb.text} ${target.text}`.trim(),
				range: { start, end: request.end },
				selection: { start: verb.start, end: target.end },
			},
			...variables.filter(({ range }) => range.start >= start),
		];
	});
}
