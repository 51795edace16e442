/** Values by key, the least recently used of which are dropped when there are too many. */
export interface Streams<T> {
	get(key: string): T;
}

/** Part that is dropped at once, so that looking for the oldest is rare. */
const dropShare = 1 / 10;

/** `onFull`: called when values are dropped. */
export function createStreams<T>(create: () => T, limit: number, onFull: () => void): Streams<T> {
	const entries = new Map<string, { value: T; used: number }>();
	let clock = 0;

	function makeRoom(): void {
		const byUse = [...entries].sort(([, a], [, b]) => a.used - b.used);
		for (const [key] of byUse.slice(0, Math.ceil(limit * dropShare))) entries.delete(key);
		onFull();
	}

	return {
		get(key) {
			let entry = entries.get(key);
			if (!entry) {
				if (entries.size >= limit) makeRoom();
				entry = { value: create(), used: 0 };
				entries.set(key, entry);
			}
			entry.used = ++clock;
			return entry.value;
		},
	};
}
