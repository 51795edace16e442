import { fail } from '../../../base/failure';
import { direction, flag, type LogFilter } from '../../../model/contracts/message';
import type { ProtocolDescription } from '../../../protocols/description';
import type { Matcher } from './contract';
import { compilePattern } from './pattern';
import { createTargetTest, type Path } from './target-test';
import { both, containing, createTextMatcher } from './text';
import { createTimeTest } from './time';

/** Returns undefined if every message matches. Throws `bad-filter`. */
export function createMatcher(filter: LogFilter, description: ProtocolDescription, path: Path): Matcher | undefined {
	const { text = '', matchCase = false, regex = false, find } = filter;
	const directions = filter.directions && directionBits(filter.directions);
	const marked = filter.marked && new Set(filter.marked);
	const target = filter.target && createTargetTest(targetTest(filter.target, description), path);
	const time = filter.from === undefined && filter.to === undefined ? undefined : createTimeTest(filter);
	const texts = [{ text, matchCase, regex }, ...(find ? [find] : [])]
		.filter((query) => query.text !== '')
		.map((query) => createTextMatcher(query, path, description));
	const matcher = texts.length > 1 ? texts.reduce(both) : texts[0];
	if (!matcher && directions === undefined && !target && !time && !marked) return undefined;
	let rest = 0;

	return {
		get rest() {
			return rest;
		},
		get problem() {
			return matcher?.problem;
		},
		match(segment, start, end, found, backward) {
			const { from, to } = time ? time.narrow(segment, start, end) : { from: start, to: end };
			rest = 0;
			if (from >= to || (marked && !segment.marks)) return 0;
			const count = matcher ? matcher.match(segment, from, to, found, backward) : all(from, to, found);
			// The rows outside of the time do not match, but a rest has no gaps.
			if (matcher && matcher.rest > 0) rest = matcher.rest + (backward ? from - start : end - to);
			if (!target && directions === undefined && !time && !marked) return count;
			if (target && !target.learn(segment, from, to)) return 0;
			const { flags } = segment;
			let fitting = 0;
			for (let at = 0; at < count; at++) {
				const row = found[at] as number;
				if (directions !== undefined && (directions & (1 << ((flags[row] as number) & 3))) === 0) continue;
				if (marked && !segment.marks?.get(segment.first + row)?.some(({ kind }) => marked.has(kind))) continue;
				if (target && !target.fits(segment, row)) continue;
				if (time && !time.fits(segment, row)) continue;
				found[fitting++] = row;
			}
			return fitting;
		},
	};
}

function all(from: number, to: number, found: Uint32Array): number {
	for (let row = from; row < to; row++) found[row - from] = row;
	return to - from;
}

/** One bit for each value of the flags `out` and `note` that belongs to one of the directions. */
function directionBits(directions: NonNullable<LogFilter['directions']>): number {
	let bits = 0;
	for (let flags = 0; flags <= (flag.out | flag.note); flags++)
		if (directions.includes(direction(flags))) bits |= 1 << flags;
	return bits;
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
