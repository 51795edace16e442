/** The most similar known name; at most a third of its letters differ. */
export function nearest(name: string, known: readonly string[]): string | undefined {
	let best: string | undefined;
	let least = Math.floor(name.length / 3) + 1;
	for (const candidate of known) {
		const cost = distance(name.toLowerCase(), candidate.toLowerCase());
		if (cost < least) {
			least = cost;
			best = candidate;
		}
	}
	return best;
}

/** Insertions, deletions and replacements between two words (Levenshtein). */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, at) => at);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}
