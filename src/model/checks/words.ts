import { shortened } from '../text/text';
import type { Mark } from './mark';
import type { Integer, Seen } from './sequence';

/** Longest name of a field or sender in a reason, in UTF-16 units. */
const maxShown = 60;

export const shown = (text: string): string => shortened(text, maxShown);

/** A mark for a number of a stream. `label`: what is counted, such as "Offset". `of`: the sender, if it was told apart. */
export function sequenceMark(label: string, value: Integer, seen: Seen, of = ''): Mark {
	const what = `${label} ${value}${of}`;
	switch (seen.kind) {
		case 'duplicate':
			return { kind: 'duplicate', reason: `${what} again` };
		case 'gap':
			return { kind: 'gap', reason: `${what} after ${seen.after}: ${formatInteger(seen.missing)} missing` };
		case 'reordered':
			return { kind: 'reordered', reason: `${what} after ${seen.after}` };
		case 'restarted':
			return { kind: 'restarted', reason: `${what} after ${seen.after}: the counter started over` };
	}
}

const formatInteger = (value: Integer): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
