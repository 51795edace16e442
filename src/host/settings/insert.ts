import type { Node } from 'jsonc-parser';
import { commaAfter } from './text';

export interface Layout {
	/** Indentation of one level: a tab or spaces. */
	unit: string;
	eol: string;
}

export function layoutOf(text: string): Layout {
	return { unit: /^([ \t]+)\S/m.exec(text)?.[1] ?? '\t', eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** A value as JSON in the layout of the file. The first line is not indented. */
export function jsonText(value: unknown, indent: string, { unit, eol }: Layout): string {
	return JSON.stringify(value, undefined, unit)
		.split('\n')
		.join(eol + indent);
}

/**
 * Appends an item to an array or object. `make` returns its text for an indentation. The existing text changes by a comma
 * at most; the editing functions of jsonc-parser would reformat the neighboring line.
 */
export function insertLast(text: string, container: Node, make: (indent: string) => string): string {
	const { unit, eol } = layoutOf(text);
	const closing = container.offset + container.length - 1;
	const lineStart = text.lastIndexOf('\n', container.offset - 1) + 1;
	const outer = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
	const last = container.children?.at(-1);
	const lastEnd = last ? last.offset + last.length : container.offset + 1;
	const trailing = last ? commaAfter(text, lastEnd) : -1;
	// After the comments that follow the last item, because they belong to it.
	const end = container.offset + 1 + text.slice(container.offset + 1, closing).trimEnd().length;
	const tail = text.slice(end, closing);
	const item = `${eol}${outer}${unit}${make(outer + unit)}${trailing >= 0 ? ',' : ''}`;
	return [
		text.slice(0, lastEnd),
		last && trailing < 0 ? ',' : '',
		text.slice(lastEnd, end),
		item,
		tail.includes('\n') ? tail : eol + outer,
		text.slice(closing),
	].join('');
}
