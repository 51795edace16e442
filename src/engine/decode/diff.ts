import { diffArrays } from 'diff';
import type { Decoded, Difference, DiffLine } from '../../model/contracts/message';
import { changedParts } from './diff-parts';

/** With more changed lines, or after this time in milliseconds, two texts count as entirely different. */
const maxEdits = 2000;
const timeout = 200;
const maxLines = 20_000;

/** The difference between two payloads, as far as both were decoded. */
export function difference(before: Decoded, after: Decoded): Difference {
	const lines = diffLines(before.text, after.text);
	const cut = [before, after].some(
		({ text, shownBytes, totalBytes }) => shownBytes < totalBytes || text.split('\n', maxLines + 1).length > maxLines,
	);
	if (!cut) return { lines };
	return {
		lines,
		cut: `Only the first ${Math.min(before.shownBytes, after.shownBytes)} bytes, and at most ${maxLines} lines, were compared.`,
	};
}

/**
 * The difference between two texts, line by line. Common lines occur once. Lines that replace others have the ranges that
 * differ.
 */
export function diffLines(before: string, after: string): DiffLine[] {
	const old = before.split('\n', maxLines);
	const now = after.split('\n', maxLines);
	const changes = diffArrays(old, now, { maxEditLength: maxEdits, timeout });
	if (!changes) return [...lines('removed', old), ...lines('added', now)];
	const parts = changedParts();
	const found: DiffLine[] = [];
	for (let at = 0; at < changes.length; at++) {
		const change = changes[at];
		if (!change) break;
		const next = changes[at + 1];
		if (change.removed && next?.added) {
			found.push(...parts(lines('removed', change.value), lines('added', next.value)));
			at++;
		} else found.push(...lines(change.added ? 'added' : change.removed ? 'removed' : 'same', change.value));
	}
	return found;
}

const lines = (kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind, text }));
