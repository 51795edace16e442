const all = new Intl.ListFormat('en');
const either = new Intl.ListFormat('en', { type: 'disjunction' });

/** Items in a sentence: "a", "a and b", "a, b, and c". */
export const andList = (items: readonly string[]): string => all.format(items);

/** Items in a sentence: "a", "a or b", "a, b, or c". */
export const orList = (items: readonly string[]): string => either.format(items);
