import { fail } from '../../../base/failure';
import type { Outline } from '../../../model/json/outline';

const maxDepth = 200;

/**
 * Writes nested data on one line, as in `{"a": 1, "b": [2, 3]}`. Text beyond `limit` characters is left out, but the data is
 * read to its end, so that the verdict on it is the same as for the whole layout.
 */
export function createOneLine(limit: number): Outline {
	const counts = [0];
	const kinds: ('list' | 'map' | 'tag')[] = ['list'];
	const doubts: string[] = [];
	let text = '';
	let isOdd = false;

	function write(part: string): void {
		if (text.length < limit) text += part;
	}

	function separate(): void {
		const depth = counts.length - 1;
		const count = counts[depth] as number;
		counts[depth] = count + 1;
		if (kinds[depth] === 'map' && count % 2 === 1) write(': ');
		else if (count > 0 && kinds[depth] !== 'tag') write(', ');
	}

	return {
		open(kind, before) {
			if (counts.length > maxDepth) throw fail('too-deep', `It is nested more than ${maxDepth} levels deep.`);
			separate();
			write(before);
			counts.push(0);
			kinds.push(kind);
		},
		close(after) {
			counts.pop();
			kinds.pop();
			write(after);
		},
		leaf(leaf) {
			separate();
			write(leaf);
		},
		doubt(why) {
			if (!doubts.includes(why)) doubts.push(why);
		},
		wonder() {
			isOdd = true;
		},
		get isOdd() {
			return isOdd;
		},
		get items() {
			return counts[0] as number;
		},
		doubts,
		numbers: new Map(),
		digits: new Map(),
		text: () => text,
	};
}
