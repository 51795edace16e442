import type { Points } from './points';

/** Numbers about points, with the position of the latest. */
export interface Statistics {
	latest: number;
	lowest: number;
	highest: number;
	count: number;
}

/** Undefined without points. */
export function statistics({ values }: Pick<Points, 'values'>): Statistics | undefined {
	const latest = values.at(-1);
	if (latest === undefined) return undefined;
	let [lowest, highest] = [latest, latest];
	for (const value of values) {
		lowest = Math.min(lowest, value);
		highest = Math.max(highest, value);
	}
	return { latest, lowest, highest, count: values.length };
}

/** The points of the last `span` milliseconds before `end`; all without a span. */
export function within(points: Points, span: number | undefined, end: number): Points {
	if (span === undefined) return points;
	const first = points.times.findIndex((time) => time >= end - span);
	const from = first < 0 ? points.times.length : first;
	const { seqs, times, values } = points;
	return { ...points, seqs: seqs.slice(from), times: times.slice(from), values: values.slice(from) };
}

/** Position of the point closest to a time; undefined without points. */
export function nearest(times: readonly number[], time: number): number | undefined {
	if (times.length === 0) return undefined;
	let [low, high] = [0, times.length - 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((times[middle] as number) < time) low = middle + 1;
		else high = middle;
	}
	const before = low - 1;
	const isCloser = before >= 0 && time - (times[before] as number) < (times[low] as number) - time;
	return isCloser ? before : low;
}

/** A number with up to twelve significant digits, so that a sum of fractions has no rounding error at its end. */
export const precise = (value: number): string => String(Number(value.toPrecision(12)));

/** A number with up to six significant digits. */
export const short = (value: number): string => String(Number(value.toPrecision(6)));
