/** Whether one insertion, deletion, replacement or swap of neighbors turns `a` into `b`. */
export function oneEdit(a: string, b: string): boolean {
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

/** The known name at edit distance one, ignoring case; undefined if there is none or the name is known. */
export function oneEditAway(name: string, known: Iterable<string>): string | undefined {
	const lower = name.toLowerCase();
	let found: string | undefined;
	for (const candidate of known) {
		const other = candidate.toLowerCase();
		if (other === lower) return undefined;
		if (!found && oneEdit(lower, other)) found = candidate;
	}
	return found;
}
