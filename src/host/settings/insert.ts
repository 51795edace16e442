import type { Node } from 'jsonc-parser';
import { commaAfter } from './text';

export interface Layout {
	/** One level: a tab or some spaces. */
	unit: string;
	eol: string;
}

export function layoutOf(text: string): Layout {
	return { unit: /^([ \t]+)\S/m.exec(text)?.[1] ?? '\t', eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** A value as JSON, laid out as the rest of the file, its first line without indentation. */
export function jsonText(value: unknown, indent: string, { unit, eol }: Layout): string {
	return JSON.stringify(value, undefined, unit)
		.split('\n')
		.join(eol + indent);
}

/**
 * Puts a new last item into an array or object. `make` is given the item's indentation. Nothing that stands there is
 * touched but for a comma: the editing functions of jsonc-parser lay out the neighboring line anew.
 */
export function insertLast(text: string, container: Node, make: (indent: string) => string): string {
	const { unit, eol } = layoutOf(text);
	const closing = container.offset + container.length - 1;
	const lineStart = text.lastIndexOf('\n', container.offset - 1) + 1;
	const outer = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
	const last = container.children?.at(-1);
	const lastEnd = last ? last.offset + last.length : container.offset + 1;
	const trailing = last ? commaAfter(text, lastEnd) : -1;
	// Behind comments that follow the last item: they belong to it.
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
