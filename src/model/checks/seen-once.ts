/** Texts that must come once, within a time and a number of texts. */
export interface SeenOnce {
	/** Returns when the text was seen before, or undefined and remembers it. Times in milliseconds since the epoch. */
	see(text: string, time: number): number | undefined;
	forget(text: string): void;
	/** Texts that were forgotten before their time, because there were too many. */
	readonly dropped: number;
}

/** `window`: milliseconds after which a text is forgotten; undefined: only for lack of room. */
export function createSeenOnce(window: number | undefined, limit: number): SeenOnce {
	/** In the order in which they were seen. */
	const times = new Map<string, number>();
	let dropped = 0;

	function forgetOld(time: number): void {
		if (window === undefined) return;
		for (const [text, seen] of times) {
			if (seen >= time - window) return;
			times.delete(text);
		}
	}

	return {
		get dropped() {
			return dropped;
		},
		see(text, time) {
			forgetOld(time);
			const seen = times.get(text);
			if (seen !== undefined) return seen;
			times.set(text, time);
			if (times.size > limit) {
				for (const oldest of times.keys()) {
					times.delete(oldest);
					break;
				}
				dropped++;
			}
			return undefined;
		},
		forget: (text) => void times.delete(text),
	};
}
