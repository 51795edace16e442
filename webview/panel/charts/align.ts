import type { Points } from './points';

/** Points in the columns that uPlot draws: seconds since the epoch, then the values of each line. */
export type Columns = [times: number[], ...values: (number | undefined)[][]];

/**
 * Merges points by their time. A line without a value at a time has `undefined` there, which does not interrupt it.
 * Points of one line with the same time stay apart.
 */
export function align(lines: readonly Pick<Points, 'times' | 'values'>[]): Columns {
	const next = lines.map(() => 0);
	const times: number[] = [];
	const columns: (number | undefined)[][] = lines.map(() => []);
	const timeOf = (line: number) => lines[line]?.times[next[line] as number] ?? Number.POSITIVE_INFINITY;
	for (;;) {
		let time = Number.POSITIVE_INFINITY;
		for (let line = 0; line < lines.length; line++) time = Math.min(time, timeOf(line));
		if (time === Number.POSITIVE_INFINITY) return [times, ...columns];
		times.push(time / 1000);
		for (let line = 0; line < lines.length; line++)
			columns[line]?.push(timeOf(line) === time ? lines[line]?.values[(next[line] as number)++] : undefined);
	}
}

/** Values from their lowest (0) to their highest (100). A line that does not change is at 50. */
export function percent(values: readonly number[]): number[] {
	let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of values) {
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	// Halves avoid an overflow between the ends of the range of doubles.
	const range = high / 2 - low / 2;
	return values.map((value) => (range === 0 ? 50 : ((value / 2 - low / 2) / range) * 100));
}
