/** Length of a bucket in milliseconds, and number of buckets in the window. */
const bucketMs = 250;
const buckets = 12;

export interface Rate {
	count(time: number): void;
	/** Per second over the last three seconds. */
	value(time: number): number;
}

export function createRate(): Rate {
	const counts = new Float64Array(buckets);
	let current = 0;
	/** Place of the current bucket, and its time; the hot path calculates neither. */
	let slot = 0;
	let [start, end] = [0, 0];
	let first: number | undefined;

	function advance(time: number): void {
		const bucket = Math.floor(time / bucketMs);
		if (bucket < current) {
			// Restart the window when the clock was set back.
			counts.fill(0);
			first = time;
		}
		for (let at = Math.max(current + 1, bucket - buckets + 1); at <= bucket; at++) counts[at % buckets] = 0;
		current = bucket;
		slot = bucket % buckets;
		start = bucket * bucketMs;
		end = start + bucketMs;
	}

	return {
		count(time) {
			if (first === undefined) first = time;
			if (time < start || time >= end) advance(time);
			(counts[slot] as number)++;
		},
		value(time) {
			if (first === undefined) return 0;
			advance(time);
			const started = Math.max(first, (current - buckets + 1) * bucketMs);
			const seconds = Math.max(1, (time - started) / 1000);
			return counts.reduce((sum, count) => sum + count, 0) / seconds;
		},
	};
}
