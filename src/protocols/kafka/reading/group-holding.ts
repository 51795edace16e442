import type { Hold, Outcome } from '../../../model/contracts/hold';
import { createSettledOffsets, type SettledOffsets } from './settled-offsets';

/** Messages that wait for their outcome unless the subscription says otherwise. */
const usualLimit = 1000;
/** Offsets of a partition from the first without an outcome on: behind it, others may be settled without being committed. */
const maxGap = 100_000;

/** The messages of a group subscription that wait for their outcome. */
export interface GroupHolding {
	/** Messages without an outcome. */
	readonly size: number;
	/** No further message may come. */
	readonly isFull: boolean;
	/** Whether a record that was read is delivered. */
	isNew(partition: number, offset: number): boolean;
	add(seq: number, partition: number, offset: number): void;
	/** Returns the partitions that have to be read again, each from this offset. */
	settle(seqs: readonly number[], outcome: Outcome): Map<number, number>;
	/** The position to commit. */
	position(partition: number, next: bigint): bigint;
	/** Whether something of the partition waits to be committed. */
	has(partition: number): boolean;
	/** The partition belongs to this member no more: what it holds is delivered to the next one. */
	drop(partition: number): void;
	dropAll(): void;
}

export function createGroupHolding({ limit = usualLimit }: Hold): GroupHolding {
	const held = new Map<number, { partition: number; offset: number }>();
	const partitions = new Map<number, SettledOffsets>();
	let isWide = false;

	function of(partition: number): SettledOffsets {
		const known = partitions.get(partition);
		if (known) return known;
		const created = createSettledOffsets();
		partitions.set(partition, created);
		return created;
	}

	return {
		get size() {
			return held.size;
		},
		get isFull() {
			return held.size >= Math.max(1, limit) || isWide;
		},
		isNew: (partition, offset) => of(partition).hold(offset),
		add(seq, partition, offset) {
			held.set(seq, { partition, offset });
			if (of(partition).size >= maxGap) isWide = true;
		},
		settle(seqs, outcome) {
			const again = new Map<number, number>();
			for (const seq of seqs) {
				const one = held.get(seq);
				if (!one) continue;
				held.delete(seq);
				const { partition, offset } = one;
				of(partition)[outcome](offset);
				if (outcome === 'again') again.set(partition, Math.min(offset, again.get(partition) ?? offset));
			}
			isWide = [...partitions.values()].some(({ size }) => size >= maxGap);
			return again;
		},
		position: (partition, next) => partitions.get(partition)?.position(next) ?? next,
		has: (partition) => partitions.has(partition),
		drop(partition) {
			partitions.delete(partition);
			for (const [seq, one] of held) if (one.partition === partition) held.delete(seq);
		},
		dropAll() {
			partitions.clear();
			held.clear();
		},
	};
}
