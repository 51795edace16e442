import { fail } from '../../base/failure';
import type { MessageFile, Range } from '../syntax/ast';
import { definitionOf, isOfRule, referenceOf, sectionNamed } from '../syntax/names';
import { placeAt, placeholderAt } from './place';

interface Renamed {
	kind: 'variable' | 'request';
	name: string;
	/** The name at the offset. */
	range: Range;
}

/** The name to rename at an offset: that of a variable of the file or of a request. */
export function renameAt(file: MessageFile, offset: number): Renamed | undefined {
	const place = placeAt(file, offset);
	if (place?.kind === 'variable')
		return { kind: 'variable', name: place.variable.name.text, range: place.variable.name };
	if (place?.kind === 'metadata' && place.metadata.name.text === 'name' && place.metadata.value)
		return { kind: 'request', name: place.metadata.value.text, range: place.metadata.value };
	if (place?.kind !== 'placeholder') return undefined;
	const { content } = place.placeholder;
	const text = content.text.trim();
	const start = content.start + content.text.indexOf(text);
	const defined = file.sections.some(({ variables }) => variables.some(({ name }) => name.text === text));
	if (defined) return { kind: 'variable', name: text, range: { start, end: start + text.length } };
	const name = referenceOf(text)?.request;
	// In a rule, these two are no names of requests.
	if (name !== undefined && isOfRule(name) && !sectionNamed(file, name)) return undefined;
	return name === undefined ? undefined : { kind: 'request', name, range: { start, end: start + name.length } };
}

/** The edits that rename the name at an offset. Throws `bad-name` or `name-taken`. */
export function rename(file: MessageFile, offset: number, to: string): { range: Range; text: string }[] {
	const renamed = renameAt(file, offset);
	if (!renamed) throw fail('bad-name', 'Only variables and names of requests in this file can be renamed.');
	if (!/^[^\s{}=$.[\]]+$/.test(to))
		throw fail('bad-name', 'A name cannot contain spaces, dots, brackets, braces, "=" or "$".');
	const places: Range[] = [];
	const names = new Set<string>();
	for (const section of file.sections) {
		const own =
			renamed.kind === 'variable'
				? section.variables.map(({ name }) => name)
				: section.metadata.flatMap(({ name, value }) => (name.text === 'name' && value ? [value] : []));
		for (const name of own) {
			names.add(name.text);
			if (name.text === renamed.name) places.push({ start: name.start, end: name.end });
		}
	}
	if (to !== renamed.name && names.has(to)) throw fail('name-taken', `The name "${to}" already exists in this file.`);
	for (const { content } of file.placeholders) {
		const text = content.text.trim();
		const used = renamed.kind === 'variable' ? text : referenceOf(text)?.request;
		if (used !== renamed.name) continue;
		const start = content.start + content.text.indexOf(text);
		places.push({ start, end: start + used.length });
	}
	return places.sort((a, b) => a.start - b.start).map((range) => ({ range, text: to }));
}

/** The place in the file where the name in the placeholder at an offset is defined. */
export function definition(file: MessageFile, offset: number): { from: Range; to: Range } | undefined {
	const placeholder = placeholderAt(file, offset);
	if (!placeholder) return undefined;
	const content = placeholder.content.text.trim();
	const variable = definitionOf(file, content, placeholder.start);
	if (variable) return { from: placeholder.content, to: variable.name };
	const reference = referenceOf(content);
	const section = reference && sectionNamed(file, reference.request);
	const name = section?.metadata.findLast((item) => item.name.text === 'name')?.value;
	return name ? { from: placeholder.content, to: name } : undefined;
}
