/** Samples that are kept of each row, and the interval between two. Milliseconds. */
export const maxSamples = 30;
export const sampleMs = 1000;
/** After a longer pause, such as that of a hidden page, counting starts again. Milliseconds. */
const maxPause = 3 * sampleMs;

/** A row with a count of messages that only grows. */
interface Counted {
	id: number;
	total: number;
}

/**
 * The rates of the rows that a page shows, as differences of their counts. Rows that are no longer shown are dropped, so
 * that nothing is kept for a topic outside the page.
 */
export class RateHistory {
	private rows = new Map<number, { total: number; samples: number[] }>();
	private time = Number.NEGATIVE_INFINITY;

	/** Takes one sample of each row. `now`: milliseconds. */
	sample(rows: readonly Counted[], now: number): void {
		const isPaused = now < this.time || now - this.time > maxPause;
		this.time = now;
		this.rows = new Map(
			rows.map(({ id, total }) => {
				const before = isPaused ? undefined : this.rows.get(id);
				if (!before) return [id, { total, samples: [] }];
				const samples = [...before.samples, Math.max(0, total - before.total)];
				return [id, { total, samples: samples.slice(-maxSamples) }];
			}),
		);
	}

	/** Messages between two samples, oldest first. */
	of(id: number): readonly number[] {
		return this.rows.get(id)?.samples ?? [];
	}
}
