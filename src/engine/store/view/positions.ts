import { createNumbers } from './numbers';

/** Sequence numbers in rising order that grows at both ends and shrinks at the old one, addressed by fixed positions. */
export interface Positions {
	/** First position, and one past the last. */
	readonly low: number;
	readonly high: number;
	at(position: number): number;
	/** The first `count` of `rows`, counted from `first`, which are all older than those so far: they end at `low - 1`. */
	addOlder(first: number, rows: Uint32Array, count: number): void;
	/** The same with newer ones, which start at `high`. */
	addNewer(first: number, rows: Uint32Array, count: number): void;
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
		addOlder(first, rows, count) {
			for (let at = count - 1; at >= 0; at--) older.push(anchor - 1 - first - (rows[at] as number));
		},
		addNewer(first, rows, count) {
			for (let at = 0; at < count; at++) newer.push(first + (rows[at] as number) - anchor);
		},
		forget(below) {
			older.pop((distance) => anchor - 1 - distance < below);
			newer.shift((distance) => anchor + distance < below);
		},
	};
}
