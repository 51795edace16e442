/** A list of numbers below 2^32 that shrinks at both ends. Indexes stay valid when the start is dropped. */
export interface Numbers {
	readonly start: number;
	/** One past the last index. */
	readonly length: number;
	get(index: number): number;
	push(value: number): void;
	/** Drops numbers from the end or the start while the test holds. */
	pop(drop: (value: number) => boolean): void;
	shift(drop: (value: number) => boolean): void;
}

export function createNumbers(): Numbers {
	let values = new Uint32Array(64);
	/** Index of `values[0]`. */
	let base = 0;
	let start = 0;
	let length = 0;

	function makeRoom(): void {
		const kept = values.subarray(start - base, length - base);
		const larger = new Uint32Array(Math.max(64, kept.length * 2));
		larger.set(kept);
		values = larger;
		base = start;
	}

	const get = (index: number): number => values[index - base] as number;
	return {
		get start() {
			return start;
		},
		get length() {
			return length;
		},
		get,
		push(value) {
			if (length - base === values.length) makeRoom();
			values[length++ - base] = value;
		},
		pop(drop) {
			while (length > start && drop(get(length - 1))) length--;
		},
		shift(drop) {
			while (start < length && drop(get(start))) start++;
		},
	};
}
