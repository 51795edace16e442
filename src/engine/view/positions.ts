import { createNumbers } from './numbers';

/** Sequence numbers in rising order that grows at both ends and shrinks at the old one, addressed by fixed positions. */
export interface Positions {
	/** First position, and one past the last. */
	readonly low: number;
	readonly high: number;
	at(position: number): number;
	/** An older one than all so far, at position `low - 1`. */
	addOlder(seq: number): void;
	/** A newer one than all so far, at position `high`. */
	addNewer(seq: number): void;
	/** Forgets all below this sequence number. */
	forget(below: number): void;
}

/** `anchor`: positions below 0 hold sequence numbers below it, the others those from it on. Each takes four bytes. */
export function createPositions(anchor: number): Positions {
	const older = createNumbers();
	const newer = createNumbers();

	return {
		get low() {
			return older.length > 0 ? -older.length : newer.start;
		},
		get high() {
			return newer.length;
		},
		at: (position) => (position < 0 ? anchor - 1 - older.get(-1 - position) : anchor + newer.get(position)),
		addOlder: (seq) => older.push(anchor - 1 - seq),
		addNewer: (seq) => newer.push(seq - anchor),
		forget(below) {
			older.pop((distance) => anchor - 1 - distance < below);
			newer.shift((distance) => anchor + distance < below);
		},
	};
}
