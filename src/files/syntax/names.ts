import { literalOf, type MessageFile, type Placeholder, type Range, type Section, type Variable } from './ast';
import { optionText } from './metadata';
import { verbOf } from './words';

/** Returns true if the request of the section is a rule. */
export const isRule = ({ request }: Section): boolean =>
	request !== undefined && verbOf(request.verb.text)?.rule === true;

interface Index {
	/** In the order of the file. */
	variables: Map<string, Variable[]>;
	named: Map<string, Section>;
}

const indexes = new WeakMap<MessageFile, Index>();

/** Names are looked up for every placeholder. Searching the file each time would make that quadratic in its length. */
function indexOf(file: MessageFile): Index {
	const cached = indexes.get(file);
	if (cached) return cached;
	const index: Index = { variables: new Map(), named: new Map() };
	for (const section of file.sections) {
		for (const variable of section.variables) {
			const same = index.variables.get(variable.name.text);
			if (same) same.push(variable);
			else index.variables.set(variable.name.text, [variable]);
		}
		const name = section.request && optionText(file, section, 'name');
		if (name !== undefined) index.named.set(name, section);
	}
	indexes.set(file, index);
	return index;
}

/** The definition that applies at an offset: the last one above it, otherwise the first one below. */
export function definitionOf(file: MessageFile, name: string, offset: number): Variable | undefined {
	let below: Variable | undefined;
	let above: Variable | undefined;
	for (const variable of indexOf(file).variables.get(name) ?? []) {
		// Within the value of a definition, its name refers to an earlier definition.
		if (variable.end < offset) above = variable;
		else if (variable.start > offset) below ??= variable;
	}
	return above ?? below;
}

/** The section whose request has this `# @name`. The last one if there are several. */
export function sectionNamed(file: MessageFile, name: string): Section | undefined {
	return indexOf(file).named.get(name);
}

/** The title of a request for the user: `# @name`, otherwise the title, otherwise its first line. */
export function titleOf(file: MessageFile, section: Section): string {
	const title = section.metadata.find(({ name }) => name.text === 'title')?.value;
	const { request } = section;
	return (
		optionText(file, section, 'name') ??
		title?.text ??
		section.separator?.title?.text ??
		(request ? `${request.verb.text} ${literalOf(request.target)}`.trim() : '')
	);
}

/** The parts of `{{name.body.path}}`. REST Client's `{{name.response.body.path}}` is equivalent. */
export interface Reference {
	request: string;
	/** `target`, `level`, `time` and `code` only of the message of a rule and of the answer of its step. */
	part: 'body' | 'header' | 'target' | 'level' | 'time' | 'code';
	/** A path into the body, the name of a header, or the index of a level of the target. */
	path: string;
}

/** The names by which the steps of a rule refer to the message, and to the answer of the step before. */
export const messageName = 'message';
export const answerName = 'answer';

/** Returns true for a name that stands for something else than a request within a rule. */
export const isOfRule = (name: string): boolean => name === messageName || name === answerName;

export function referenceOf(content: string): Reference | undefined {
	const ofMessage = /^(message|answer)\.(?:(target|time|code)|level\.(\d{1,3}))$/.exec(content);
	if (ofMessage) {
		const [, own = '', kind = 'level', level = ''] = ofMessage;
		return { request: own, part: kind as Reference['part'], path: level };
	}
	const match = /^([^\s.[\]$]+)\.(?:response\.)?(body|headers?)(?:\.(?=[^.])|(?=\[)|$)(.*)$/.exec(content);
	if (!match) return undefined;
	const [, request = '', part = '', path = ''] = match;
	return { request, part: part === 'body' ? 'body' : 'header', path: path === '*' ? '' : path };
}

/** Sections whose results this section's text refers to, directly or through other requests, in the order of the file. */
export function dependenciesOf(file: MessageFile, section: Section): Section[] {
	const found = new Set<Section>();
	const visit = (from: Section) => {
		const inRule = isRule(from);
		for (const text of contentsIn(file, from)) {
			const reference = referenceOf(text);
			if (!reference || (inRule && isOfRule(reference.request))) continue;
			const target = sectionNamed(file, reference.request);
			if (!target || target === section || found.has(target)) continue;
			found.add(target);
			visit(target);
		}
	};
	visit(section);
	return found.size === 0 ? [] : file.sections.filter((one) => found.has(one));
}

/** The contents of all placeholders in a range, and in the values of the variables that they name. */
export function contentsIn(file: MessageFile, { start, end }: Range, seen = new Set<Variable>()): string[] {
	const contents: string[] = [];
	for (let at = firstFrom(file.placeholders, start); at < file.placeholders.length; at++) {
		const one = file.placeholders[at] as Placeholder;
		if (one.start >= end) break;
		const content = one.content.text.trim();
		contents.push(content);
		const variable = definitionOf(file, content, one.start);
		// Each variable once: the list would double with every level of variables that name others twice.
		if (!variable || seen.has(variable)) continue;
		seen.add(variable);
		contents.push(...contentsIn(file, variable.value, seen));
	}
	return contents;
}

/** Index of the first placeholder that starts at or behind an offset (binary search). */
function firstFrom(placeholders: readonly Placeholder[], offset: number): number {
	let low = 0;
	let high = placeholders.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((placeholders[middle] as Placeholder).start < offset) low = middle + 1;
		else high = middle;
	}
	return low;
}
