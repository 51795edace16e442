import type { MessageFile } from '../syntax/ast';
import { sectionAt } from './place';

/**
 * Where a request is added for a cursor: behind the section that the cursor is in, so that nothing of that section becomes
 * part of the new request, nor the other way round. `before` and `after` set it off with a blank line.
 */
export function insertionFor(file: MessageFile, offset: number): { offset: number; before: string; after: string } {
	const { text } = file;
	const end = sectionAt(file, offset)?.end ?? text.length;
	const above = text.slice(0, end);
	const before = above.trim() === '' || /\n[ \t]*\r?\n$/.test(above) ? '' : above.endsWith('\n') ? '\n' : '\n\n';
	return { offset: end, before, after: end < text.length ? '\n' : '' };
}
