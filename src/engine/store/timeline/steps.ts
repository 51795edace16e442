/** Lengths of intervals in milliseconds. Each divides the next, so that counts of a shorter one add up exactly. */
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps: readonly number[] = [
	10,
	50,
	100,
	500,
	second,
	5 * second,
	10 * second,
	30 * second,
	minute,
	5 * minute,
	10 * minute,
	30 * minute,
	hour,
	6 * hour,
	day,
	10 * day,
	100 * day,
	1000 * day,
];
const longest = 10_000 * day;

/** The shortest step that divides the time between two messages into at most `count` intervals. */
export const stepFor = (first: number, last: number, count: number): number =>
	steps.find((step) => Math.floor(last / step) - Math.floor(first / step) < count) ?? longest;
