import { diffArrays } from 'diff';
import type { DiffLine } from '../../model/message';

/** Beyond so many changed lines, or so many milliseconds, two texts have nothing in common. */
const mostEdits = 2000;
const timeout = 200;
const mostLines = 20_000;

/** How one text becomes the other, line by line; what is common comes once. */
export function diffLines(before: string, after: string): DiffLine[] {
	const old = before.split('\n', mostLines);
	const now = after.split('\n', mostLines);
	const changes = diffArrays(old, now, { maxEditLength: mostEdits, timeout });
	if (!changes) return [...lines('removed', old), ...lines('added', now)];
	return changes.flatMap((change) => lines(change.added ? 'added' : change.removed ? 'removed' : 'same', change.value));
}

const lines = (kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind, text }));
