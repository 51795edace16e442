import { literalOf, type MessageFile, type Placeholder, type Range, type Section, type Variable } from './ast';
import { optionText } from './metadata';

interface Index {
	/** In the order of the file. */
	variables: Map<string, Variable[]>;
	named: Map<string, Section>;
}

const indexes = new WeakMap<MessageFile, Index>();

/** Names are looked up for every placeholder: searching the file each time would cost its length squared. */
function indexOf(file: MessageFile): Index {
	const known = indexes.get(file);
	if (known) return known;
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

/** The definition that counts at an offset: the last one above it, or else the first below. */
export function definitionOf(file: MessageFile, name: string, offset: number): Variable | undefined {
	let below: Variable | undefined;
	let above: Variable | undefined;
	for (const variable of indexOf(file).variables.get(name) ?? []) {
		// Its own value cannot mean itself, but an earlier one.
		if (variable.end < offset) above = variable;
		else if (variable.start > offset) below ??= variable;
	}
	return above ?? below;
}

/** The section whose request has this name, by `# @name`. The last one if there are several. */
export function sectionNamed(file: MessageFile, name: string): Section | undefined {
	return indexOf(file).named.get(name);
}

/** What a request is called: `# @name`, else the title, else its first line. */
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

/** `{{name.body.path}}` taken apart; `response` in between, as REST Client writes it, is the same. */
export interface Reference {
	request: string;
	part: 'body' | 'header';
	/** A path into the body, or the header's name. */
	path: string;
}

export function referenceOf(content: string): Reference | undefined {
	const match = /^([^\s.[\]$]+)\.(?:response\.)?(body|headers?)(?:\.(?=[^.])|(?=\[)|$)(.*)$/.exec(content);
	if (!match) return undefined;
	const [, request = '', part = '', path = ''] = match;
	return { request, part: part === 'body' ? 'body' : 'header', path: path === '*' ? '' : path };
}

/** Sections whose results this section's text refers to, directly or through other requests, in the order of the file. */
export function dependenciesOf(file: MessageFile, section: Section): Section[] {
	const found = new Set<Section>();
	const visit = (from: Section) => {
		for (const text of contentsIn(file, from)) {
			const reference = referenceOf(text);
			const target = reference && sectionNamed(file, reference.request);
			if (!target || target === section || found.has(target)) continue;
			found.add(target);
			visit(target);
		}
	};
	visit(section);
	return found.size === 0 ? [] : file.sections.filter((one) => found.has(one));
}

/** What stands between the braces in a range, and in the values of the variables that are named there. */
export function contentsIn(file: MessageFile, { start, end }: Range, seen = new Set<Variable>()): string[] {
	const contents: string[] = [];
	for (let at = firstFrom(file.placeholders, start); at < file.placeholders.length; at++) {
		const one = file.placeholders[at] as Placeholder;
		if (one.start >= end) break;
		const content = one.content.text.trim();
		contents.push(content);
		const variable = definitionOf(file, content, one.start);
		// Each once: variables that name others twice would double with every level.
		if (!variable || seen.has(variable)) continue;
		seen.add(variable);
		contents.push(...contentsIn(file, variable.value, seen));
	}
	return contents;
}

/** Index of the first that starts at an offset or behind it: they stand in order. */
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
