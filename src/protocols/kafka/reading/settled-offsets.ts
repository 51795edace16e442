/**
 * The offsets of a partition that were delivered and not committed yet. A group commits a single position for each partition:
 * everything in front of it counts as processed. It therefore goes no further than the first message without an outcome,
 * whatever was settled behind it.
 */
export interface SettledOffsets {
	/** Offsets from the first without an outcome on. */
	readonly size: number;
	/** An offset was read. Returns false if it was delivered before and does not come again. */
	hold(offset: number): boolean;
	done(offset: number): void;
	/** It is delivered again when it is read again; those behind it are not. */
	again(offset: number): void;
	/** The position to commit. `next`: the offset that is read next. */
	position(next: bigint): bigint;
}

/** Entries in front of the queue that are removed together. */
const maxRead = 1024;

export function createSettledOffsets(): SettledOffsets {
	/** Ascending. */
	let order: number[] = [];
	let first = 0;
	const states = new Map<number, 'held' | 'done' | 'again'>();
	const repeated = new Set<number>();
	let highest = -1;

	function drain(): void {
		for (; first < order.length; first++) {
			const offset = order[first] as number;
			if (states.get(offset) !== 'done') break;
			states.delete(offset);
		}
		if (first < maxRead && first < order.length) return;
		order = order.slice(first);
		first = 0;
	}

	function done(offset: number): void {
		if (!states.has(offset)) return;
		states.set(offset, 'done');
		repeated.delete(offset);
		if (order[first] === offset) drain();
	}

	return {
		get size() {
			return order.length - first;
		},
		hold(offset) {
			// The records of a partition ascend: one that should come again and did not was deleted meanwhile.
			if (repeated.size > 0) for (const one of repeated) if (one < offset) done(one);
			if (states.get(offset) === 'again') {
				repeated.delete(offset);
				states.set(offset, 'held');
				return true;
			}
			if (offset <= highest) return false;
			highest = offset;
			order.push(offset);
			states.set(offset, 'held');
			return true;
		},
		done,
		again(offset) {
			if (states.get(offset) !== 'held') return;
			states.set(offset, 'again');
			repeated.add(offset);
		},
		position: (next) => (first < order.length ? BigInt(order[first] as number) : next),
	};
}
