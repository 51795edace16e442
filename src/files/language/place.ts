import type {
	Expectation,
	Header,
	MessageFile,
	Metadata,
	Placeholder,
	Range,
	Request,
	Section,
	Variable,
} from '../syntax/ast';
import { ruleSteps } from '../values/steps';

export const holds = ({ start, end }: Range, offset: number) => start <= offset && offset <= end;

export function sectionAt(file: MessageFile, offset: number): Section | undefined {
	return file.sections.findLast((section) => section.start <= offset);
}

/** The section, or for an offset in a step of a rule, the step as a section of its own. */
export function stepAt(section: Section, offset: number): Section {
	return ruleSteps(section).findLast(({ step }) => step.start <= offset)?.section ?? section;
}

export function placeholderAt(file: MessageFile, offset: number): Placeholder | undefined {
	return file.placeholders.find((placeholder) => placeholder.start < offset && offset < placeholder.end);
}

/** The part of the file at an offset, for hover, rename and the other language features. */
export type Place =
	| { kind: 'placeholder'; placeholder: Placeholder; section: Section }
	| { kind: 'variable'; variable: Variable; section: Section }
	| { kind: 'metadata'; metadata: Metadata; section: Section }
	| { kind: 'verb'; request: Request; section: Section }
	| { kind: 'target'; request: Request; section: Section }
	| { kind: 'header-name'; header: Header; request: Request; section: Section }
	| { kind: 'header-value'; header: Header; request: Request; section: Section }
	| { kind: 'expectation'; expectation: Expectation; range: Range; section: Section };

export function placeAt(file: MessageFile, offset: number): Place | undefined {
	const whole = sectionAt(file, offset);
	if (!whole) return undefined;
	const section = stepAt(whole, offset);
	const placeholder = placeholderAt(file, offset);
	if (placeholder) return { kind: 'placeholder', placeholder, section };
	const variable = section.variables.find(({ name }) => holds(name, offset));
	if (variable) return { kind: 'variable', variable, section };
	const metadata = section.metadata.find((item) => holds(item, offset));
	if (metadata) return { kind: 'metadata', metadata, section };
	const { request } = section;
	if (!request) return undefined;
	if (holds(request.verb, offset)) return { kind: 'verb', request, section };
	if (holds(request.target, offset)) return { kind: 'target', request, section };
	const header = request.headers.find((one) => holds(one, offset));
	const assertion = request.assertions.find((one) => holds(one, offset));
	if (assertion?.expectation)
		return { kind: 'expectation', expectation: assertion.expectation, range: assertion, section };
	if (!header) return undefined;
	return { kind: holds(header.name, offset) ? 'header-name' : 'header-value', header, request, section };
}

export function lineStart(text: string, offset: number): number {
	return text.lastIndexOf('\n', offset - 1) + 1;
}

/**
 * The place to insert a request for a cursor: behind the section that contains the cursor, so that neither becomes a part of
 * the other. `before` and `after` separate it with a blank line.
 */
export function insertionFor(file: MessageFile, offset: number): { offset: number; before: string; after: string } {
	const { text } = file;
	const end = sectionAt(file, offset)?.end ?? text.length;
	const above = text.slice(0, end);
	const before = above.trim() === '' || /\n[ \t]*\r?\n$/.test(above) ? '' : above.endsWith('\n') ? '\n' : '\n\n';
	return { offset: end, before, after: end < text.length ? '\n' : '' };
}
