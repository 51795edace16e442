/** Texts that must come once, within a time and a number of texts. */
export interface SeenOnce {
	/**
	 * Returns when the text was seen before, or undefined and remembers it, unless `remember` is false. Times in milliseconds
	 * since the epoch.
	 */
	see(text: string, time: number, remember?: boolean): number | undefined;
	forget(text: string): void;
}

/**
 * `window`: milliseconds after which a text is forgotten; undefined: only for lack of room. `onFull`: called when a text is
 * forgotten for lack of room.
 */
export function createSeenOnce(window: number | undefined, limit: number, onFull: () => void): SeenOnce {
	/** Times by text; at most `limit`. */
	const times = new Map<string, number>();
	/**
	 * The texts in the order in which they were seen, as a ring: a Map that loses its first entry with each new one is slow,
	 * because V8 walks over the deleted ones. An entry whose time is not that of its text was forgotten or seen again.
	 */
	const texts: (string | undefined)[] = [];
	const seenAt: number[] = [];
	let first = 0;
	let count = 0;

	function dropFirst(): void {
		const text = texts[first];
		if (text !== undefined && times.get(text) === seenAt[first]) times.delete(text);
		texts[first] = undefined;
		first = (first + 1) % limit;
		count--;
	}

	return {
		see(text, time, remember = true) {
			if (window !== undefined) while (count > 0 && (seenAt[first] as number) < time - window) dropFirst();
			const seen = times.get(text);
			if (seen !== undefined || !remember) return seen;
			if (count === limit) {
				dropFirst();
				onFull();
			}
			const at = (first + count) % limit;
			texts[at] = text;
			seenAt[at] = time;
			count++;
			times.set(text, time);
			return undefined;
		},
		forget: (text) => void times.delete(text),
	};
}
