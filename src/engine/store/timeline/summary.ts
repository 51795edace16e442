import { flag } from '../../../model/contracts/message';
import type { Segment } from '../log/segment';
import { stepFor } from './steps';

/** Counts per interval, added up by `add`. */
export interface Counts {
	/** Start of the first interval, in steps since the epoch. */
	start: number;
	/** Milliseconds. */
	step: number;
	received: number[];
	sent: number[];
	failed: number[];
	/** Of the received ones. */
	marked: number[];
}

/** The rows of a segment, counted in short intervals. */
export interface Summary {
	/** Rows that are counted, and the sequence number of the first: arrays of evicted segments are reused. */
	rows: number;
	first: number;
	/** Times of the earliest and the latest row. */
	earliest: number;
	latest: number;
	step: number;
	/** Four numbers for each interval: its number since the epoch, received, sent, failed notes. */
	cells: Float64Array;
}

/** Maximum number of intervals that a segment is counted in, while its times ascend. */
const maxCells = 64;
const width = 4;

/** By the flags `out`, `note` and `bad`: what a row counts as; -1: not at all. */
const kinds = Int8Array.from({ length: 8 }, (_, flags) =>
	flags & flag.note ? (flags & flag.bad ? 3 : -1) : flags & flag.out ? 2 : 1,
);

/** Counts the rows of a segment that is not empty. */
export function summarize(segment: Segment): Summary {
	const { rows, time, first } = segment;
	const span = [time[0] as number, time[rows - 1] as number] as const;
	const step = stepFor(Math.min(...span), Math.max(...span), maxCells);
	const cells = countRows(segment, step);
	let earliest = Number.POSITIVE_INFINITY;
	let latest = Number.NEGATIVE_INFINITY;
	for (let at = 0; at < cells.length; at += width) {
		earliest = Math.min(earliest, cells[at] as number);
		latest = Math.max(latest, cells[at] as number);
	}
	return { rows, first, earliest: earliest * step, latest: latest * step + step - 1, step, cells };
}

/** Cells in the order of the rows; a time that goes back starts a new cell. */
function countRows({ rows, time, flags }: Segment, step: number): Float64Array {
	const cells: number[] = [];
	let start = Number.POSITIVE_INFINITY;
	let end = Number.NEGATIVE_INFINITY;
	let at = -width;
	for (let row = 0; row < rows; row++) {
		const now = time[row] as number;
		if (now >= end || now < start) {
			const number = Math.floor(now / step);
			start = number * step;
			end = start + step;
			at += width;
			cells.push(number, 0, 0, 0);
		}
		const kind = kinds[(flags[row] as number) & 7] as number;
		if (kind > 0) (cells[at + kind] as number)++;
	}
	return Float64Array.from(cells);
}

/** Adds the rows of a segment. */
export function add(counts: Counts, segment: Segment, summary: Summary): void {
	const isFine = summary.step <= counts.step;
	const cells = isFine ? summary.cells : countRows(segment, counts.step);
	const ratio = isFine ? counts.step / summary.step : 1;
	for (let at = 0; at < cells.length; at += width) {
		const interval = Math.floor((cells[at] as number) / ratio) - counts.start;
		(counts.received[interval] as number) += cells[at + 1] as number;
		(counts.sent[interval] as number) += cells[at + 2] as number;
		(counts.failed[interval] as number) += cells[at + 3] as number;
	}
	for (const seq of segment.marks?.keys() ?? []) {
		const interval = Math.floor((segment.time[seq - segment.first] as number) / counts.step) - counts.start;
		(counts.marked[interval] as number)++;
	}
	// Receipts change later, so that failed messages are not part of the summary.
	for (const seq of segment.failed ?? []) {
		const interval = Math.floor((segment.time[seq - segment.first] as number) / counts.step) - counts.start;
		(counts.failed[interval] as number)++;
		(counts.sent[interval] as number)--;
	}
}
