import type { Words } from '../../../src/protocols/description';
import { count } from '../../base/words';
import type { Selection } from './selection';

/** The result of the last command on messages, or how many are selected. */
export function selectionText({ message, messages }: Words, { size, isFull }: Selection, result: string): string {
	if (result !== '' || size < 2) return result;
	const limit = isFull ? ' (no more can be selected)' : '';
	return `${count(size, message, messages)} selected${limit}`;
}
