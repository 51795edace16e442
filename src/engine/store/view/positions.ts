import { createNumbers } from './numbers';

/** Ascending sequence numbers with fixed positions. Grows at both ends and shrinks at the old one. */
export interface Positions {
	/** First position, and one past the last. */
	readonly low: number;
	readonly high: number;
	at(position: number): number;
	/** Adds the first `count` of `rows`, relative to `first`, at the old end: they get positions up to `low - 1`. */
	addOlder(first: number, rows: Uint32Array, count: number): void;
	/** Adds rows at the new end, from `high` on. */
	addNewer(first: number, rows: Uint32Array, count: number): void;
	/** Drops all below this sequence number. */
	forget(below: number): void;
}

/** `anchor`: sequence numbers below it have negative positions. Each entry takes four bytes. */
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
