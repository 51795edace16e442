/** The most similar known name; at most a third of its letters differ. */
export function nearest(name: string, names: readonly string[]): string | undefined {
	let best: string | undefined;
	let limit = Math.floor(name.length / 3) + 1;
	for (const candidate of names) {
		const cost = distance(name.toLowerCase(), candidate.toLowerCase());
		if (cost < limit) {
			limit = cost;
			best = candidate;
		}
	}
	return best;
}

/** The known name that is one edit away, ignoring case; undefined if there is none, or if the name itself is known. */
export function oneEditAway(name: string, names: Iterable<string>): string | undefined {
	const lower = name.toLowerCase();
	let found: string | undefined;
	for (const candidate of names) {
		const other = candidate.toLowerCase();
		if (other === lower) return undefined;
		if (!found && oneEdit(lower, other)) found = candidate;
	}
	return found;
}

/** Whether one insertion, deletion, replacement or swap of neighbors turns `a` into `b`. */
function oneEdit(a: string, b: string): boolean {
	if (a === b || Math.abs(a.length - b.length) > 1) return false;
	let start = 0;
	while (start < a.length && a[start] === b[start]) start++;
	let end = 0;
	while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
	const left = a.slice(start, a.length - end);
	const right = b.slice(start, b.length - end);
	if (left.length <= 1 && right.length <= 1) return true;
	return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/** Number of insertions, deletions and replacements between two words (Levenshtein distance). */
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
