/** From the line that opens a bracket to the line that closes it, in JSON with one value a line. */
export function folds(lines: readonly string[]): Map<number, number> {
	const found = new Map<number, number>();
	const open: number[] = [];
	lines.forEach((line, at) => {
		if (/^\s*[\]}]/.test(line)) {
			const from = open.pop();
			if (from !== undefined && at > from + 1) found.set(from, at);
		}
		if (/[[{]$/.test(line)) open.push(at);
	});
	return found;
}
