import type { DiffLine } from '../../../src/model/contracts/message';

/** Unchanged lines that stay visible before and after a change. */
const context = 3;
/** A shorter run of lines is not worth hiding. */
const minHidden = 4;

/** Unchanged lines far from any change: from the first to before `to`. */
export interface Run {
	from: number;
	to: number;
}

/** The runs of a comparison that can be hidden, by their first line. */
export function unchangedRuns(lines: readonly Pick<DiffLine, 'kind'>[]): Map<number, Run> {
	const runs = new Map<number, Run>();
	for (let at = 0; at < lines.length; ) {
		let end = at;
		while (lines[end]?.kind === 'same') end++;
		const from = at === 0 ? 0 : at + context;
		const to = end === lines.length ? end : end - context;
		if (to - from >= minHidden) runs.set(from, { from, to });
		at = Math.max(end, at + 1);
	}
	return runs;
}
