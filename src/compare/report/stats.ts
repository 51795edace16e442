import type { Bytes, Cell, Run } from './types';

/** The middle of some values and their range. */
export interface Spread {
	median: number;
	low: number;
	high: number;
}

/** Undefined without values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
	if (values.length === 0) return undefined;
	const sorted = [...values].sort((one, other) => one - other);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] as number;
	const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
	return { median, low: sorted[0] as number, high: sorted.at(-1) as number };
}

/** One figure over the runs of a cell that have it. */
export function over(cell: Cell, figure: (run: Run) => number | undefined): Spread | undefined {
	return spreadOf(cell.runs.map(figure).filter((value) => value !== undefined));
}

/** Sum over all runs of a cell. */
export const sum = (cell: Cell, figure: (run: Run) => number): number =>
	cell.runs.reduce((total, run) => total + figure(run), 0);

export const both = ({ sent, received }: Bytes): number => sent + received;

/** Bytes of one message on the wire, of sender and receiver and in both directions: the median of the runs. */
export function bytesOf(cell: Cell): { sender: Bytes; receiver: Bytes; total: number } | undefined {
	const of = (figure: (run: Run) => number) => over(cell, figure)?.median ?? 0;
	if (cell.runs.length === 0) return undefined;
	const sender = { sent: of((run) => run.sender.sent), received: of((run) => run.sender.received) };
	const receiver = { sent: of((run) => run.receiver.sent), received: of((run) => run.receiver.received) };
	return { sender, receiver, total: both(sender) + both(receiver) };
}
