import type { MessageFile, Range } from '../syntax/ast';
import { titleOf } from '../syntax/names';

export interface Symbol {
	kind: 'request' | 'variable' | 'step';
	name: string;
	/** The first line of a request, or the value of a variable. */
	detail: string;
	range: Range;
	/** The range that is selected when the user goes to the symbol. */
	selection: Range;
	/** The steps of a rule. */
	children?: Symbol[];
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
				children: request.steps.flatMap((step): Symbol[] => {
					if (!step.request) return [];
					const name = `${step.request.verb.text} ${step.request.target.text}`.trim();
					const { start: from, end } = step;
					return [{ kind: 'step', name, detail: '', range: { start: from, end }, selection: step.request.verb }];
				}),
			},
			...variables.filter(({ range }) => range.start >= start),
		];
	});
}

/** The ranges that can be folded, of two lines or more: sections, and the steps of a conversation. */
export function folding(file: MessageFile): Range[] {
	const ranges: Range[] = [];
	const add = (start: number, end: number) => {
		const stop = start + file.text.slice(start, end).trimEnd().length;
		if (file.text.slice(start, stop).includes('\n')) ranges.push({ start, end: stop });
	};
	for (const section of file.sections) {
		if (section.separator) add(section.start, section.end);
		const steps = section.request?.steps ?? [];
		for (const step of steps.length > 1 || steps[0]?.request ? steps : []) add(step.start, step.end);
	}
	return ranges;
}

/** The files that bodies are read from, relative to the folder of the message file. Paths with variables are left out. */
export function links(file: MessageFile): { range: Range; path: string }[] {
	return file.sections.flatMap(({ request }) =>
		(request?.steps ?? []).flatMap(({ parts, request: step }) =>
			[...parts, ...(step?.steps ?? []).flatMap((one) => one.parts)].flatMap((part) => {
				if (part.kind !== 'file' || part.path.text.includes('{{')) return [];
				return [{ range: { start: part.path.start, end: part.path.end }, path: part.path.text }];
			}),
		),
	);
}
