import type { MessageFile, Range } from '../syntax/ast';

/** What can be folded: sections, and steps of a conversation. Each spans at least two lines. */
export function folding(file: MessageFile): Range[] {
	const ranges: Range[] = [];
	const add = (start: number, end: number) => {
		const stop = start + file.text.slice(start, end).trimEnd().length;
		if (file.text.slice(start, stop).includes('\n')) ranges.push({ start, end: stop });
	};
	for (const section of file.sections) {
		if (section.separator) add(section.start, section.end);
		const steps = section.request?.steps ?? [];
		for (const step of steps.length > 1 ? steps : []) add(step.start, step.end);
	}
	return ranges;
}
