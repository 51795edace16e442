import type { TextQuery } from '../../../model/contracts/message';
import type { ProtocolDescription } from '../../../protocols/description';
import { createFinder } from './bytes';
import type { Matcher } from './contract';
import { createDecodedSearch } from './decoded';
import { createExpressionMatcher } from './expression';
import { foldCase } from './fold';
import { createPartSearch } from './parts';
import { createTargetTest, type Path } from './target-test';

/** Finds rows whose payload, further payloads or target contain a text or match a regular expression. Throws `bad-filter`. */
export function createTextMatcher(query: TextQuery, path: Path, description: ProtocolDescription): Matcher {
	return query.regex ? createExpressionMatcher(query, path, description) : createContaining(query, path, description);
}

function createContaining(
	{ text, matchCase = false }: TextQuery,
	path: Path,
	description: ProtocolDescription,
): Matcher {
	const finder = createFinder(text, matchCase);
	const contains = containing(text, matchCase);
	const inTarget = createTargetTest(contains, path);
	const decoded = createDecodedSearch(description, contains);
	const parts = createPartSearch(description, finder, contains);
	let rest = 0;
	return {
		get rest() {
			return rest;
		},
		problem: undefined,
		match(segment, start, end, found, backward = false) {
			const reach = Math.min(parts.maxRows, decoded.reach(segment, start, end, backward));
			const [from, to] = backward ? [end - reach, end] : [start, start + reach];
			rest = end - start - reach;
			const hits = finder.find(segment, from, to, found);
			const others = [
				inTarget.learn(segment, from, to),
				parts.learn(segment, from, to),
				decoded.isAny(segment, from, to),
			];
			if (!others.includes(true)) return hits;
			const inPayload = found.slice(0, hits);
			let count = 0;
			for (let row = from, hit = 0; row < to; row++) {
				if (inPayload[hit] === row) {
					hit++;
					found[count++] = row;
				} else if (inTarget.fits(segment, row) || parts.fits(segment, row) || decoded.fits(segment, row))
					found[count++] = row;
			}
			return count;
		},
	};
}

/** Tests whether a target contains the text. */
export function containing(text: string, matchCase: boolean): (target: string) => boolean {
	if (matchCase) return (target) => target.includes(text);
	const wanted = foldCase(text);
	return (target) => foldCase(target).includes(wanted);
}

/** Finds the rows that both matchers find. */
export function both(first: Matcher, second: Matcher): Matcher {
	let rest = 0;
	let other = new Uint32Array(0);
	return {
		get rest() {
			return rest;
		},
		get problem() {
			return first.problem ?? second.problem;
		},
		match(segment, from, to, found, backward = false) {
			const count = first.match(segment, from, to, found, backward);
			let [low, high] = backward ? [from + first.rest, to] : [from, to - first.rest];
			if (other.length < found.length) other = new Uint32Array(found.length);
			const others = second.match(segment, low, high, other, backward);
			[low, high] = backward ? [low + second.rest, high] : [low, high - second.rest];
			rest = to - from - (high - low);
			let common = 0;
			for (let at = 0, beside = 0; at < count && beside < others; ) {
				const row = found[at] as number;
				const next = other[beside] as number;
				if (row === next) found[common++] = row;
				if (row <= next) at++;
				if (next <= row) beside++;
			}
			return common;
		},
	};
}
