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
	/** In the order in which they were seen. */
	const times = new Map<string, number>();

	function forgetOld(time: number): void {
		if (window === undefined) return;
		for (const [text, seen] of times) {
			if (seen >= time - window) return;
			times.delete(text);
		}
	}

	return {
		see(text, time, remember = true) {
			forgetOld(time);
			const seen = times.get(text);
			if (seen !== undefined || !remember) return seen;
			times.set(text, time);
			if (times.size > limit) {
				for (const oldest of times.keys()) {
					times.delete(oldest);
					break;
				}
				onFull();
			}
			return undefined;
		},
		forget: (text) => void times.delete(text),
	};
}
