import { fail } from '../../../base/failure';
import { direction, flag, type LogFilter } from '../../../model/contracts/message';
import type { ProtocolDescription } from '../../../protocols/description';
import { inlineTarget, inlineTargetOf, type Segment } from '../log/segment';
import { createFinder } from './bytes';
import { createDecodedSearch } from './decoded';
import { foldCase } from './fold';
import { compilePattern } from './pattern';
import { createTimeTest } from './time';

/** Finds the rows of a segment that match a filter. */
export interface Matcher {
	/** Writes the matching rows in [`from`, `to`) to `found`, in order, and returns their number. */
	match(segment: Segment, from: number, to: number, found: Uint32Array): number;
	/** The number of rows at one end of [`from`, `to`) that one call should match; undefined: all. At least 1. */
	reach?(segment: Segment, from: number, to: number, isBackward: boolean): number;
}

type Path = (node: number) => string;

/** Returns undefined if every message matches. Throws `bad-filter`. */
export function createMatcher(filter: LogFilter, description: ProtocolDescription, path: Path): Matcher | undefined {
	const text = filter.text ?? '';
	const directions = filter.directions && directionBits(filter.directions);
	const target = filter.target && createTargetTest(targetTest(filter.target, description), path);
	const time = filter.from === undefined && filter.to === undefined ? undefined : createTimeTest(filter);
	if (text === '' && directions === undefined && !target && !time) return undefined;
	const finder = text === '' ? undefined : createFinder(text, filter.matchCase ?? false);
	const contains = containing(text, filter.matchCase ?? false);
	const inTarget = finder && createTargetTest(contains, path);
	const decoded = finder && createDecodedSearch(description, contains);

	/** Finds rows whose payload or target contains the text; all rows without a text. */
	function withText(segment: Segment, from: number, to: number, found: Uint32Array): number {
		let count = 0;
		if (!finder || !inTarget || !decoded) {
			for (let row = from; row < to; row++) found[count++] = row;
			return count;
		}
		const hits = finder.find(segment, from, to, found);
		const anyTarget = inTarget.learn(segment, from, to);
		if (!anyTarget && !decoded.isAny(segment, from, to)) return hits;
		const inPayload = found.slice(0, hits);
		for (let row = from, hit = 0; row < to; row++) {
			if (inPayload[hit] === row) {
				hit++;
				found[count++] = row;
			} else if (inTarget.fits(segment, row) || decoded.fits(segment, row)) found[count++] = row;
		}
		return count;
	}

	return {
		...(decoded && { reach: decoded.reach }),
		match(segment, start, end, found) {
			const { from, to } = time ? time.narrow(segment, start, end) : { from: start, to: end };
			if (from >= to) return 0;
			const count = withText(segment, from, to, found);
			if (!target && directions === undefined && !time) return count;
			if (target && !target.learn(segment, from, to)) return 0;
			const { flags } = segment;
			let fitting = 0;
			for (let at = 0; at < count; at++) {
				const row = found[at] as number;
				if (directions !== undefined && (directions & (1 << ((flags[row] as number) & 3))) === 0) continue;
				if (target && !target.fits(segment, row)) continue;
				if (time && !time.fits(segment, row)) continue;
				found[fitting++] = row;
			}
			return fitting;
		},
	};
}

/** One bit for each value of the flags `out` and `note` that belongs to one of the directions. */
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
			throw fail('bad-filter', 'Unknown filter type.');
	}
}

/** Tests targets and caches the result for each node of the tree. */
interface TargetTest {
	/** Tests the nodes of these rows and returns whether any target can match. Must be called before `fits`. */
	learn(segment: Segment, from: number, to: number): boolean;
	fits(segment: Segment, row: number): boolean;
}

function createTargetTest(fits: (target: string) => boolean, path: Path): TargetTest {
	/** By node: 0 unknown, 1 matches, 2 does not match. */
	let known = new Uint8Array(1024);
	return {
		learn({ topic }, from, to) {
			let canFit = false;
			for (let row = from; row < to; row++) {
				const node = topic[row] as number;
				if (node === inlineTarget) {
					canFit = true;
					continue;
				}
				if (node >= known.length) {
					const larger = new Uint8Array(node * 2);
					larger.set(known);
					known = larger;
				}
				if (known[node] === 0) known[node] = fits(path(node)) ? 1 : 2;
				if (known[node] === 1) canFit = true;
			}
			return canFit;
		},
		fits(segment, row) {
			const node = segment.topic[row] as number;
			return node === inlineTarget ? fits(inlineTargetOf(segment, row)) : known[node] === 1;
		},
	};
}
