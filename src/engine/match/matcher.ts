import { fail } from '../../base/failure';
import { direction, flag, type LogFilter } from '../../model/message';
import type { ProtocolDescription } from '../../protocols/description';
import { inlineTarget, inlineTargetOf, rowEnd, type Segment } from '../log/segment';
import { createFinder, type Finder } from './bytes';
import { foldCase } from './fold';
import { compilePattern } from './pattern';

/** Which rows of a segment fit a filter. */
export interface Matcher {
	/** Adds the rows from `from` to `to` that fit to `found`, in order. */
	match(segment: Segment, from: number, to: number, found: number[]): void;
}

type Path = (node: number) => string;

/** Undefined if every message fits. Throws `bad-filter`. */
export function createMatcher(filter: LogFilter, description: ProtocolDescription, path: Path): Matcher | undefined {
	const text = filter.text ?? '';
	const directions = filter.directions && directionBits(filter.directions);
	const target = filter.target && createTargetTest(targetTest(filter.target, description), path);
	if (text === '' && directions === undefined && !target) return undefined;
	const finder = text === '' ? undefined : createFinder(text, filter.matchCase ?? false);
	const inTarget = finder && createTargetTest(containing(text, filter.matchCase ?? false), path);

	return {
		match(segment, from, to, found) {
			const { topic, flags } = segment;
			const targets = target?.learn(segment, from, to);
			const textTargets = inTarget?.learn(segment, from, to);
			const next = finder && createHits(finder, segment, from);
			let hit = -1;
			for (let row = from; row < to; row++) {
				const node = topic[row] as number;
				if (next && textTargets) {
					if (hit < row) hit = next(row);
					if (hit !== row && !(node === inlineTarget ? inTarget?.fits(segment, row) : textTargets[node] === 1))
						continue;
				}
				if (directions !== undefined && (directions & (1 << ((flags[row] as number) & 3))) === 0) continue;
				if (targets && !(node === inlineTarget ? target?.fits(segment, row) : targets[node] === 1)) continue;
				found.push(row);
			}
		},
	};
}

/** The next row at or after a given one whose payload contains the text. */
function createHits(finder: Finder, segment: Segment, from: number): (row: number) => number {
	finder.start(segment.bytes, segment.used);
	const { offset, length, rows } = segment;
	let row = from;
	return (wanted) => {
		let at = wanted < rows ? finder.next(offset[wanted] as number) : -1;
		if (wanted > row) row = wanted;
		while (at >= 0) {
			while (row + 1 < rows && (offset[row + 1] as number) <= at) row++;
			const end = (offset[row] as number) + (length[row] as number);
			if (at + finder.length <= end) return row;
			// It runs over the payload's end, into a target or the next payload: no hit.
			at = finder.next(at + 1);
		}
		return rows;
	};
}

/** A bit for each value of the flags `out` and `note` that belongs to one of the directions. */
function directionBits(directions: NonNullable<LogFilter['directions']>): number {
	let bits = 0;
	for (let flags = 0; flags <= (flag.out | flag.note); flags++)
		if (directions.includes(direction(flags))) bits |= 1 << flags;
	return bits;
}

function containing(text: string, matchCase: boolean): (target: string) => boolean {
	if (matchCase) return (target) => target.includes(text);
	const wanted = foldCase(text);
	return (target) => foldCase(target).includes(wanted);
}

function targetTest(
	{ kind, value }: NonNullable<LogFilter['target']>,
	description: ProtocolDescription,
): (target: string) => boolean {
	switch (kind) {
		case 'exact':
			return (target) => target === value;
		case 'below': {
			const start = description.separator && value + description.separator;
			return (target) => target === value || (start !== undefined && target.startsWith(start));
		}
		case 'pattern':
			return compilePattern(description, value);
		case 'text':
			return containing(value, false);
		default:
			throw fail('bad-filter', 'This filter is of a kind that nobody knows.');
	}
}

/** A test of targets: for the tree's nodes a table, which is filled as they are met. */
interface TargetTest {
	/** By node, for those in these rows: 1 fits, 2 does not. */
	learn(segment: Segment, from: number, to: number): Uint8Array;
	/** For a row whose target is not a node. */
	fits(segment: Segment, row: number): boolean;
}

function createTargetTest(fits: (target: string) => boolean, path: Path): TargetTest {
	let known = new Uint8Array(1024);
	return {
		learn({ topic }, from, to) {
			for (let row = from; row < to; row++) {
				const node = topic[row] as number;
				if (node === inlineTarget) continue;
				if (node >= known.length) {
					const larger = new Uint8Array(node * 2);
					larger.set(known);
					known = larger;
				}
				if (known[node] === 0) known[node] = fits(path(node)) ? 1 : 2;
			}
			return known;
		},
		fits(segment, row) {
			const isEmpty = rowEnd(segment, row) === (segment.offset[row] as number) + (segment.length[row] as number);
			return fits(isEmpty ? '' : inlineTargetOf(segment, row));
		},
	};
}
