import { diffArrays } from 'diff';
import type { DiffLine } from '../../model/contracts/message';

/** A word or number, white space, or a single other character. */
const token = /[\p{L}\p{N}_]+(?:\.\d+)?|\s+|[^\p{L}\p{N}_\s]/gu;
/** Larger changes are shown without the differences inside their lines. Characters of both sides together. */
const maxCharacters = 40_000;
const maxEdits = 500;
/** Maximum time for all changes of one comparison, in milliseconds. */
const budget = 100;
/** With a smaller share of common letters and digits, the sides have nothing to do with each other. */
const minCommon = 0.2;

type Lines = readonly DiffLine[];

/**
 * Compares the tokens of lines that were removed and of those in their place, and adds the ranges that differ. Returns
 * the lines of both sides, unchanged where a comparison would say nothing or take too long. One function for each
 * comparison: its calls share a time limit.
 */
export function changedParts(): (removed: Lines, added: Lines) => Lines {
	const end = performance.now() + budget;
	return (removed, added) => {
		const both = [...removed, ...added];
		const [old, now] = [joined(removed), joined(added)];
		const timeout = end - performance.now();
		if (timeout <= 0 || old.length + now.length > maxCharacters) return both;
		const changes = diffArrays(old.match(token) ?? [], now.match(token) ?? [], { maxEditLength: maxEdits, timeout });
		if (!changes) return both;
		const common = changes.filter((change) => !change.added && !change.removed).flatMap(({ value }) => value);
		if (weight(common.join('')) < minCommon * Math.min(weight(old), weight(now))) return both;
		const rangesOf = (side: 'added' | 'removed') =>
			changes
				.filter((change) => !(side === 'added' ? change.removed : change.added))
				.map((change) => ({ length: change.value.join('').length, isChanged: change[side] === true }));
		return [...withRanges(removed, rangesOf('removed')), ...withRanges(added, rangesOf('added'))];
	};
}

const joined = (lines: Lines): string => lines.map(({ text }) => text).join('\n');
const weight = (text: string): number => text.replace(/[^\p{L}\p{N}]/gu, '').length;

/** Distributes consecutive parts of the joined lines to the lines; line breaks count one character. */
function withRanges(lines: Lines, parts: readonly { length: number; isChanged: boolean }[]): DiffLine[] {
	let start = 0;
	const bounds = lines.map(({ text }) => {
		const from = start;
		start += text.length + 1;
		return { from, to: from + text.length, changed: [] as [number, number][] };
	});
	let line = 0;
	let at = 0;
	for (const { length, isChanged } of parts) {
		const end = at + length;
		for (; line < bounds.length; line++) {
			const bound = bounds[line] as (typeof bounds)[number];
			const [from, to] = [Math.max(at, bound.from), Math.min(end, bound.to)];
			if (isChanged && from < to) bound.changed.push([from - bound.from, to - bound.from]);
			if (end <= bound.to + 1) break;
		}
		at = end;
	}
	return lines.map((one, index) => ({ ...one, changed: bounds[index]?.changed ?? [] }));
}
