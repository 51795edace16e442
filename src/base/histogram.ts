/**
 * Durations in classes that grow with them, so that percentiles are exact to 1 % from 1 µs to a day, in memory that does not
 * grow. Durations in milliseconds.
 */
export interface Histogram {
	/** Below 0 counts as 0. */
	add(ms: number): void;
	readonly count: number;
	/** 0 without values. */
	readonly max: number;
	/** The duration that this share of the values does not exceed, 0 to 1; 0 without values. */
	at(share: number): number;
}

/** Classes of one doubling: 128 keep the error below 1 %. */
const perDoubling = 128;
const doublings = 37;

export function createHistogram(): Histogram {
	const counts = new Uint32Array(perDoubling * (doublings + 1));
	let count = 0;
	let max = 0;
	return {
		add(ms) {
			const micros = Math.max(0, ms * 1000);
			const doubling = micros < 1 ? 0 : Math.min(doublings, Math.floor(Math.log2(micros)) + 1);
			const low = doubling === 0 ? 0 : 2 ** (doubling - 1);
			const width = Math.max(1, low) / perDoubling;
			const place = doubling * perDoubling + Math.min(perDoubling - 1, Math.floor((micros - low) / width));
			counts[place] = (counts[place] as number) + 1;
			count++;
			if (ms > max) max = ms;
		},
		get count() {
			return count;
		},
		get max() {
			return max;
		},
		at(share) {
			let left = Math.max(1, Math.ceil(share * count));
			for (let place = 0; place < counts.length; place++) {
				left -= counts[place] as number;
				if (left > 0) continue;
				const doubling = Math.floor(place / perDoubling);
				const low = doubling === 0 ? 0 : 2 ** (doubling - 1);
				const end = low + (Math.max(1, low) / perDoubling) * ((place % perDoubling) + 1);
				return Math.min(max, end / 1000);
			}
			return max;
		},
	};
}
