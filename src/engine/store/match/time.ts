import type { LogFilter } from '../../../model/contracts/message';
import type { Segment } from '../log/segment';

/** Tests the times of rows. They ascend, except where the system's clock was set back. */
export interface TimeTest {
	fits(segment: Segment, row: number): boolean;
	/** The part of these rows from the first to the last one that fits. */
	narrow(segment: Segment, from: number, to: number): { from: number; to: number };
}

export function createTimeTest(filter: Pick<LogFilter, 'from' | 'to'>): TimeTest {
	const start = filter.from ?? Number.NEGATIVE_INFINITY;
	const end = filter.to ?? Number.POSITIVE_INFINITY;
	const fits = ({ time }: Segment, row: number) => (time[row] as number) >= start && (time[row] as number) < end;
	return {
		fits,
		narrow(segment, from, to) {
			let first = from;
			let last = to;
			while (first < last && !fits(segment, first)) first++;
			while (last > first && !fits(segment, last - 1)) last--;
			return { from: first, to: last };
		},
	};
}
