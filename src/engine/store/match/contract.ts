import type { Segment } from '../log/segment';

/** Finds the rows of a segment that match a filter. */
export interface Matcher {
	/**
	 * Writes the matching rows in [`from`, `to`) to `found`, in order, and returns their number. Rows that were not tested
	 * for lack of time are the last ones, or the first ones if `backward`.
	 */
	match(segment: Segment, from: number, to: number, found: Uint32Array, backward?: boolean): number;
	/** Rows of the last call that were not tested for lack of time. */
	readonly rest: number;
	/** Why no further rows can be tested, in a sentence. */
	readonly problem: string | undefined;
}
