import type { MessageFile, Range } from '../syntax/ast';
import { definitionOf, referenceOf, sectionNamed } from '../syntax/names';
import { placeholderAt } from './place';

/** Where what the placeholder at this offset names is defined, in this file. */
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
