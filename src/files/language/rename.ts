import { fail } from '../../base/failure';
import type { MessageFile, Range } from '../syntax/ast';
import { referenceOf } from '../syntax/names';
import { placeAt } from './place';

interface Renamed {
	kind: 'variable' | 'request';
	name: string;
	/** The name at the offset. */
	range: Range;
}

/** What can be renamed at this offset: a variable of the file, or a request's name. */
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
	return name === undefined ? undefined : { kind: 'request', name, range: { start, end: start + name.length } };
}

/** Every place to change. Throws `bad-name` or `name-taken` in one sentence. */
export function rename(file: MessageFile, offset: number, to: string): { range: Range; text: string }[] {
	const renamed = renameAt(file, offset);
	if (!renamed) throw fail('bad-name', 'Only variables and names of requests of this file can be renamed here.');
	if (!/^[^\s{}=$.[\]]+$/.test(to)) throw fail('bad-name', 'A name has no spaces, dots, brackets, braces, "=" or "$".');
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
	if (to !== renamed.name && names.has(to)) throw fail('name-taken', `"${to}" is there already.`);
	for (const { content } of file.placeholders) {
		const text = content.text.trim();
		const used = renamed.kind === 'variable' ? text : referenceOf(text)?.request;
		if (used !== renamed.name) continue;
		const start = content.start + content.text.indexOf(text);
		places.push({ start, end: start + used.length });
	}
	return places.sort((a, b) => a.start - b.start).map((range) => ({ range, text: to }));
}
