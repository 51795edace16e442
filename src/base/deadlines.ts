/**
 * Many deadlines of the same length on one timer. In a flood, one timer per message would cost more than the message.
 */
export interface Deadlines {
	/** Calls `late` when the time is over, unless the returned function was called before. */
	add(late: () => void): () => void;
}

interface Entry {
	due: number;
	/** Undefined once the deadline was met or has passed. */
	late: (() => void) | undefined;
}

/** `ms`: length of each deadline in milliseconds. */
export function createDeadlines(ms: number): Deadlines {
	/**
	 * Entries in the order in which they are due. Not a Set: its hash table is reallocated again and again, and each
	 * old table keeps the next one alive until a full garbage collection.
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
			// Do not keep the process alive for a pending deadline.
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
