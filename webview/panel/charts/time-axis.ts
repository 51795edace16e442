import { clock } from '../../base/words';

/** The shortest time that an axis covers. Milliseconds. */
const minSpan = 1000;
const day = 86_400_000;

const isSameDay = (one: number, other: number) => new Date(one).toDateString() === new Date(other).toDateString();

/** The range of an axis over these times: at least a second long, ending with the latest. Milliseconds. */
export function timeRange(first: number, last: number): [from: number, to: number] {
	return [Math.min(first, last - minSpan), last];
}

/**
 * The labels of an axis of times, `step` apart, in milliseconds: the clock as precise as the step requires. The first time of
 * another day has the date.
 */
export function timeLabels(times: readonly number[], step: number): string[] {
	return times.map((time, at) => {
		const before = times[at - 1];
		const date = new Date(time);
		const monthAndDay = `${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
		if (step >= day || (before !== undefined && !isSameDay(before, time))) return monthAndDay;
		const text = clock(time);
		return step >= 60_000 ? text.slice(0, 5) : step >= 1000 ? text.slice(0, 8) : text;
	});
}

/** The space that a label needs on an axis of this length. Pixels. */
export function labelSpace(from: number, to: number): number {
	const span = to - from;
	return span < 6000 ? 110 : span < 600_000 ? 80 : 60;
}
