import type { Measured } from './measure';
import type { Capacity } from './report/types';

/** Messages per second that the search begins with and ends at. */
const firstRate = 250;
const lastRate = 256_000;
/** Halvings between the highest rate that is sustained and the lowest that is not. */
const halvings = 4;
/** A queue below this share of a second, or below this number of messages, does not grow. */
const maxShare = 0.1;
const maxQueue = 20;
/** Attempts at a rate before it counts as one that is not sustained. */
const attempts = 2;

/**
 * Searches the highest rate at which the queue of messages on their way does not grow: doubles the rate until it does, and
 * then halves the distance. `probe` sends for a moment at a rate; undefined: the connection failed. Undefined: not even the lowest rate is sustained, or it was
 * stopped.
 */
export async function searchCapacity(
	probe: (rate: number) => Promise<Measured | undefined>,
	signal: AbortSignal,
): Promise<Capacity | undefined> {
	let good: { rate: number; arrived: number } | undefined;
	let bad: number | undefined;
	const passes = async (rate: number): Promise<boolean> => {
		// Another program may have had the processor for a moment.
		for (let attempt = 0; attempt < attempts && !signal.aborted; attempt++) {
			const measured = await probe(rate);
			if (!measured || !sustains(measured, rate)) continue;
			good = { rate, arrived: measured.arrivedRate };
			return true;
		}
		return false;
	};
	for (let rate = firstRate; rate <= lastRate && bad === undefined; rate *= 2) {
		if (signal.aborted) return undefined;
		if (!(await passes(rate))) bad = rate;
	}
	// A connection that does not carry the first rate carries a lower one.
	for (let rate = firstRate / 2; !good && rate >= 1; rate /= 2) {
		if (signal.aborted) return undefined;
		if (!(await passes(rate))) bad = rate;
	}
	for (let step = 0; good && bad !== undefined && step < halvings; step++) {
		if (signal.aborted) return undefined;
		const rate: number = (good.rate + bad) / 2;
		if (!(await passes(rate))) bad = rate;
	}
	if (!good) return undefined;
	return { rate: Math.round(good.arrived), ...(bad === undefined && { isLowerBound: true }) };
}

function sustains(measured: Measured, rate: number): boolean {
	const { backlog, arrivedRate, refused, overloaded, failure } = measured;
	if (overloaded || failure !== undefined || refused > 0) return false;
	return backlog <= Math.max(maxQueue, rate * maxShare) && arrivedRate >= rate * (1 - maxShare);
}
