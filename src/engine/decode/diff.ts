import { diffArrays } from 'diff';
import type { Decoded, Difference, DiffLine } from '../../model/contracts/message';

/** Beyond so many changed lines, or so many milliseconds, two texts have nothing in common. */
const mostEdits = 2000;
const timeout = 200;
const mostLines = 20_000;

/** How one payload becomes the other, as far as both were decoded. */
export function difference(before: Decoded, after: Decoded): Difference {
	const lines = diffLines(before.text, after.text);
	const cut = [before, after].some(
		({ text, shownBytes, totalBytes }) => shownBytes < totalBytes || text.split('\n', mostLines + 1).length > mostLines,
	);
	if (!cut) return { lines };
	return {
		lines,
		cut: `Only the first ${Math.min(before.shownBytes, after.shownBytes)} bytes, and at most ${mostLines} lines, were compared.`,
	};
}

/** How one text becomes the other, line by line; what is common comes once. */
export function diffLines(before: string, after: string): DiffLine[] {
	const old = before.split('\n', mostLines);
	const now = after.split('\n', mostLines);
	const changes = diffArrays(old, now, { maxEditLength: mostEdits, timeout });
	if (!changes) return [...lines('removed', old), ...lines('added', now)];
	return changes.flatMap((change) => lines(change.added ? 'added' : change.removed ? 'removed' : 'same', change.value));
}

const lines = (kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind, text }));
