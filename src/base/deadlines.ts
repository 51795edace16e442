/** Many deadlines of one length with one timer: a timer of its own for each of many messages would cost more than they do. */
export interface Deadlines {
	/** Calls `late` once the time is over, unless the returned function was called before. */
	add(late: () => void): () => void;
}

interface Entry {
	due: number;
	/** Undefined: over. */
	late: (() => void) | undefined;
}

/** `ms`: the length of each, in milliseconds. */
export function createDeadlines(ms: number): Deadlines {
	/**
	 * In the order of being added, so of being due. No Set: its table is replaced again and again, and each old one holds
	 * on to the next, so that what is over would live until the next great garbage collection.
	 */
	const queue: Entry[] = [];
	let first = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;

	function look(): void {
		timer = undefined;
		const now = performance.now();
		for (let at = first; at < queue.length; at++) {
			const entry = queue[at] as Entry;
			if (entry.late && entry.due > now) {
				timer = setTimeout(look, entry.due - now);
				break;
			}
			const { late } = entry;
			entry.late = undefined;
			late?.();
		}
		forget();
	}

	function forget(): void {
		while (first < queue.length && !queue[first]?.late) first++;
		if (first === queue.length) {
			queue.length = 0;
			first = 0;
			// Nothing may keep the process that nobody waits for.
			clearTimeout(timer);
			timer = undefined;
		} else if (first > 1000 && first > queue.length / 2) {
			queue.splice(0, first);
			first = 0;
		}
	}

	return {
		add(late) {
			const entry: Entry = { due: performance.now() + ms, late };
			queue.push(entry);
			timer ??= setTimeout(look, ms);
			return () => {
				entry.late = undefined;
				if (queue[first] === entry) forget();
			};
		},
	};
}
