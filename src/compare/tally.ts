/** What has arrived of the messages 0 to `total` - 1, by their numbers. */
export interface Tally {
	/** Returns whether it is the first time. Numbers outside are ignored. */
	arrived(sequence: number): boolean;
	/** Different messages. */
	readonly delivered: number;
	/** Further arrivals of the same messages. */
	readonly duplicated: number;
	/** Messages that arrived after a later one. */
	readonly reordered: number;
}

export function createTally(total: number): Tally {
	const seen = new Uint8Array(total);
	let delivered = 0;
	let duplicated = 0;
	let reordered = 0;
	let highest = -1;
	return {
		arrived(sequence) {
			if (sequence >= total) return false;
			if (seen[sequence]) {
				duplicated++;
				return false;
			}
			seen[sequence] = 1;
			delivered++;
			if (sequence < highest) reordered++;
			else highest = sequence;
			return true;
		},
		get delivered() {
			return delivered;
		},
		get duplicated() {
			return duplicated;
		},
		get reordered() {
			return reordered;
		},
	};
}
