/**
 * A sort key that orders names by code units like the explorer does: numbers by value, letters without regard to case
 * and accents, punctuation before digits and digits before letters. `Intl.Collator` with `numeric` is too slow for tens
 * of thousands of siblings.
 */
export function naturalKey(name: string): string {
	const plain = ascii.test(name) ? name : name.normalize('NFKD').replace(/\p{M}+/gu, '');
	const folded = plain.toLowerCase();
	return special.test(folded) ? folded.replace(/\d+|[:-@[-`{-~]/g, keyOf) : folded;
}

const ascii = /^[\0-\x7f]*$/;
const special = /[\d:-@[-`{-~]/;
/** Maximum number of digits that fits into one character between the digits and the letters. */
const maxShort = 45;

function keyOf(part: string): string {
	// Punctuation after the digits in ASCII moves in front of them.
	if (!/\d/.test(part)) return `!${part}`;
	const digits = part.replace(/^0+(?=\d)/, '');
	if (digits.length <= maxShort) return String.fromCharCode(0x30 + digits.length) + digits;
	return `\`${String(digits.length).padStart(9, '0')}${digits}`;
}

/** For short lists: each comparison computes both keys. */
export function byName(one: string, other: string): number {
	return compare(naturalKey(one), naturalKey(other)) || compare(one, other);
}

/** Returns a sorted copy. Each key is computed once. */
export function sortedByName<T>(list: readonly T[], nameOf: (item: T) => string): T[] {
	const keyed = list.map((item) => ({ item, name: nameOf(item), key: naturalKey(nameOf(item)) }));
	keyed.sort((a, b) => compare(a.key, b.key) || compare(a.name, b.name));
	return keyed.map(({ item }) => item);
}

/** Compares by code units. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
